#include "cli/table.hpp"

#include "cli/table_grid.hpp"

namespace sitrep::cli {

std::string to_markdown(const Table& table, const TextOptions& options) {
  const auto grid = make_grid(table, options.zone);
  const auto escape = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      // Only what could end the cell or start markup that shows something else than the text.
      if (std::string_view("|\\`*_[]~$").find(c) != std::string_view::npos) out += '\\';
      if (c == '<')
        out += "&lt;";
      else if (c == '&')
        out += "&amp;";
      else
        out += c;
    }
    return out;
  };
  std::string text = "|";
  for (const auto& header : grid.headers) text += " " + escape(header) + " |";
  text += "\n|";
  for (const auto* column : grid.columns) text += column->align == Table::Column::Align::right ? " ---: |" : " --- |";
  text += '\n';
  for (const auto& row : grid.rows) {
    text += '|';
    for (const auto& cell : row) text += " " + escape(cell) + " |";
    text += '\n';
  }
  return text;
}

}  // namespace sitrep::cli
