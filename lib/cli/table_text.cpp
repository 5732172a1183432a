#include "cli/table.hpp"

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace sitrep::cli {
namespace {

using Column = Table::Column;

constexpr std::size_t k_gap = 2;
constexpr std::size_t k_narrowest = 8;  // a cut column keeps this much, else nothing of it can be read

std::string local_time(UnixTime t, const Zone& zone) {
  const auto local = zone.to_local(t);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(local - day);
  return fmt::format("{} {:02}:{:02} {}", format_date(Date{day.time_since_epoch()}), minutes.count() / 60,
                     minutes.count() % 60, zone.abbreviation(t));
}

std::string number_text(double value, Column::As as, const Zone& zone) {
  switch (as) {
    case Column::As::percent:
      return format_fixed(value * 100, 1) + " %";
    case Column::As::duration:
      return format_duration(Seconds{std::llround(value)});
    case Column::As::time:
      return local_time(unix_time(std::llround(value)), zone);
    case Column::As::plain:
    case Column::As::date:
    case Column::As::json:
      break;
  }
  return format_real(value);
}

struct Grid {
  std::vector<const Column*> columns;
  std::vector<std::string> headers;
  std::vector<std::vector<std::string>> rows;
};

Grid make_grid(const Table& table, const Zone& zone) {
  Grid grid;
  std::vector<std::size_t> shown;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto& column = table.columns[c];
    if (column.shown != Table::Shown::always) continue;
    shown.push_back(c);
    grid.columns.push_back(&column);
    grid.headers.push_back(visible(column.header.empty() ? column.name : column.header));
  }
  for (const auto& row : table.rows) {
    auto& texts = grid.rows.emplace_back();
    for (const auto c : shown) texts.push_back(visible(cell_text(row[c], table.columns[c].as, zone)));
  }
  return grid;
}

std::vector<std::size_t> natural_widths(const Grid& grid) {
  std::vector<std::size_t> widths;
  for (const auto& header : grid.headers) widths.push_back(display_width(header));
  for (const auto& row : grid.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], display_width(row[c]));
  }
  return widths;
}

/// Takes from the widest columns first until the line fits, or nothing is left to take.
void shrink_to(std::vector<std::size_t>& widths, std::size_t width) {
  if (widths.empty()) return;
  const auto gaps = k_gap * (widths.size() - 1);
  auto total = std::accumulate(widths.begin(), widths.end(), gaps);
  while (total > width) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= k_narrowest) return;
    // Down to the next width below, but no further than needed.
    std::size_t next = k_narrowest;
    for (const auto w : widths) {
      if (w < *widest) next = std::max(next, w);
    }
    const auto take = std::min(total - width, std::max<std::size_t>(*widest - next, 1));
    *widest -= take;
    total -= take;
  }
}

void append_cell(std::string& line, std::string_view text, std::size_t width, Column::Align align, bool last) {
  const auto fitted = display_width(text) > width ? truncate_display(text, width) : std::string(text);
  const auto padding = width - std::min(width, display_width(fitted));
  if (align == Column::Align::right) line.append(padding, ' ');
  line += fitted;
  if (align == Column::Align::left && !last) line.append(padding, ' ');
}

std::string record_text(const Table& table, const TextOptions& options) {
  const auto grid = make_grid(table, options.zone);
  std::size_t name_width = 0;
  for (const auto& header : grid.headers) name_width = std::max(name_width, display_width(header));
  std::string text;
  for (std::size_t r = 0; r < grid.rows.size(); ++r) {
    if (r > 0) text += '\n';
    for (std::size_t c = 0; c < grid.headers.size(); ++c) {
      if (options.color) text += "\x1b[1m";
      append_cell(text, grid.headers[c], name_width, Column::Align::left, false);
      if (options.color) text += "\x1b[0m";
      text.append(k_gap, ' ');
      text += grid.rows[r][c];
      text += '\n';
    }
  }
  return text;
}

}  // namespace

std::string cell_text(const Table::Cell& cell, Table::Column::As as, const Zone& zone) {
  struct Visitor {
    Table::Column::As as;
    const Zone& zone;
    std::string operator()(std::monostate) const { return "-"; }
    std::string operator()(std::int64_t n) const {
      if (as == Column::As::time) return local_time(unix_time(n), zone);
      if (as == Column::As::duration) return format_duration(Seconds{n});
      if (as == Column::As::percent) return number_text(static_cast<double>(n), as, zone);
      return fmt::format("{}", n);
    }
    std::string operator()(double value) const { return number_text(value, as, zone); }
    std::string operator()(bool flag) const { return flag ? "yes" : "no"; }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Visitor{as, zone}, cell);
}

Table select(const Table& table, std::span<const std::string> fields) {
  Table selected;
  selected.layout = table.layout;
  std::vector<std::string_view> names;
  for (const auto& column : table.columns) names.push_back(column.name);
  std::vector<std::size_t> indexes;
  for (const auto& field : fields) {
    const auto found = std::find(names.begin(), names.end(), field);
    if (found == names.end()) {
      const auto guess = did_you_mean(field, names);
      fail(ErrorKind::usage, "--fields: there is no '{}' here{}", visible(field),
           guess.empty() ? fmt::format("; there are {}", fmt::join(names, ", ")) : guess);
    }
    indexes.push_back(static_cast<std::size_t>(found - names.begin()));
    selected.columns.push_back(table.columns[indexes.back()]);
    selected.columns.back().shown = Table::Shown::always;
  }
  for (const auto& row : table.rows) {
    auto& cells = selected.rows.emplace_back();
    for (const auto i : indexes) cells.push_back(row[i]);
  }
  return selected;
}

std::string to_text(const Table& table, const TextOptions& options) {
  if (table.layout == Table::Layout::record) return record_text(table, options);
  const auto grid = make_grid(table, options.zone);
  auto widths = natural_widths(grid);
  if (options.width > 0) shrink_to(widths, options.width);

  std::string text;
  const auto add_line = [&](const std::vector<std::string>& cells) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (c > 0) text.append(k_gap, ' ');
      append_cell(text, cells[c], widths[c], grid.columns[c]->align, c + 1 == cells.size());
    }
  };
  if (options.color) text += "\x1b[1m";
  add_line(grid.headers);
  if (options.color) text += "\x1b[0m";
  text += '\n';
  for (const auto& row : grid.rows) {
    add_line(row);
    text += '\n';
  }
  return text;
}

std::string to_markdown(const Table& table, const TextOptions& options) {
  const auto grid = make_grid(table, options.zone);
  const auto escape = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      // Only what could end the cell or start markup that shows something else than the text.
      if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '[' || c == ']' || c == '~') out += '\\';
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
  for (const auto* column : grid.columns) text += column->align == Column::Align::right ? " ---: |" : " --- |";
  text += '\n';
  for (const auto& row : grid.rows) {
    text += '|';
    for (const auto& cell : row) text += " " + escape(cell) + " |";
    text += '\n';
  }
  return text;
}

}  // namespace sitrep::cli
