#include "cli/table.hpp"

#include "base/text.hpp"
#include "cli/table_grid.hpp"
#include "render/wrap.hpp"

#include <algorithm>
#include <numeric>

namespace sitrep::cli {
namespace {

using Align = Table::Column::Align;
using Long = TextOptions::Long;
using Widths = std::vector<std::size_t>;

constexpr std::size_t k_gap = 2;
constexpr std::size_t k_narrowest = 8;    // less of a text cannot be read
constexpr std::size_t k_whole_word = 20;  // words up to this length are not broken while there is room

Widths natural_widths(const Grid& grid) {
  Widths widths;
  for (const auto& header : grid.headers) widths.push_back(display_width(header));
  for (const auto& row : grid.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], display_width(row[c]));
  }
  return widths;
}

std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0;
  for (const auto word : split_views(text, ' ')) longest = std::max(longest, display_width(word));
  return longest;
}

/// How narrow each column may become with words of up to `whole` columns unbroken.
Widths word_widths(const Grid& grid, const Widths& natural, std::size_t whole) {
  Widths least(natural.size(), 0);
  for (std::size_t c = 0; c < natural.size(); ++c) {
    least[c] = longest_word(grid.headers[c]);
    for (const auto& row : grid.rows) least[c] = std::max(least[c], longest_word(row[c]));
    least[c] = std::min(natural[c], std::clamp(least[c], k_narrowest, whole));
  }
  return least;
}

std::size_t line_width(const Widths& widths) {
  return widths.empty() ? 0 : std::accumulate(widths.begin(), widths.end(), k_gap * (widths.size() - 1));
}

/// Takes from the widest column first until the line fits; none becomes narrower than `least`.
Widths shrunk(Widths widths, const Widths& least, std::size_t width) {
  for (auto& w : widths) w = std::min(w, width);
  for (auto total = line_width(widths); total > width; --total) {
    std::size_t widest = widths.size();
    for (std::size_t c = 0; c < widths.size(); ++c)
      if (widths[c] > least[c] && (widest == widths.size() || widths[c] > widths[widest])) widest = c;
    if (widest == widths.size()) break;
    --widths[widest];
  }
  return widths;
}

/// Widths with which a line fits; nullopt: no narrowing does that. Numbers stay whole, and as long a word as possible.
std::optional<Widths> fitting_widths(const Grid& grid, const TextOptions& options) {
  const auto natural = natural_widths(grid);
  if (options.width == 0 || line_width(natural) <= options.width) return natural;
  for (const bool whole_numbers : {true, false}) {
    for (auto whole = options.longer == Long::wrapped ? k_whole_word : k_narrowest; whole >= k_narrowest; whole -= 4) {
      auto least = word_widths(grid, natural, whole);
      for (std::size_t c = 0; c < natural.size() && whole_numbers; ++c)
        if (grid.columns[c]->align == Align::right) least[c] = natural[c];
      if (line_width(least) <= options.width) return shrunk(natural, least, options.width);
    }
  }
  return std::nullopt;
}

void append_cell(std::string& line, std::string_view text, std::size_t width, Align align) {
  const auto padding = width - std::min(width, display_width(text));
  if (align == Align::right) line.append(padding, ' ');
  line += text;
  if (align == Align::left) line.append(padding, ' ');
}

/// The lines of a cell in its column: one, or as many as its text needs.
std::vector<std::string> cell_lines(const std::string& text, std::size_t width, Long longer) {
  if (display_width(text) <= width) return {text};
  if (longer == Long::cut) return {truncate_display(text, width)};
  return render::wrap(text, width);
}

void append_row(std::string& text, const std::vector<std::string>& cells, const Grid& grid, const Widths& widths,
                Long longer) {
  std::vector<std::vector<std::string>> lines;
  std::size_t height = 1;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    lines.push_back(cell_lines(cells[c], widths[c], longer));
    height = std::max(height, lines.back().size());
  }
  for (std::size_t i = 0; i < height; ++i) {
    std::string line;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (c > 0) line.append(k_gap, ' ');
      append_cell(line, i < lines[c].size() ? std::string_view(lines[c][i]) : std::string_view(), widths[c],
                  grid.columns[c]->align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line;
    text += '\n';
  }
}

std::string record_text(const Grid& grid, const TextOptions& options) {
  std::size_t name_width = 0;
  for (const auto& header : grid.headers) name_width = std::max(name_width, display_width(header));
  const auto indent = name_width + k_gap;
  const auto room = options.width > indent + k_narrowest ? options.width - indent : 0;
  std::string text;
  for (std::size_t r = 0; r < grid.rows.size(); ++r) {
    if (r > 0) text += '\n';
    for (std::size_t c = 0; c < grid.headers.size(); ++c) {
      if (options.color) text += "\x1b[1m";
      append_cell(text, grid.headers[c], name_width, Align::left);
      if (options.color) text += "\x1b[0m";
      const auto& cell = grid.rows[r][c];
      bool first = true;
      for (const auto& line : room == 0 ? std::vector{cell} : cell_lines(cell, room, Long::wrapped)) {
        text.append(first ? k_gap : indent, ' ');
        text += line + '\n';
        first = false;
      }
    }
  }
  return text;
}

}  // namespace

std::string to_text(const Table& table, const TextOptions& options) {
  const auto grid = make_grid(table, options.zone);
  if (table.layout == Table::Layout::record) return record_text(grid, options);
  const auto widths = fitting_widths(grid, options);
  if (!widths) return record_text(grid, options);
  std::string text;
  append_row(text, grid.headers, grid, *widths, options.longer);
  if (options.color) {
    text.insert(0, "\x1b[1m");
    text.insert(text.size() - 1, "\x1b[0m");
  }
  for (const auto& row : grid.rows) append_row(text, row, grid, *widths, options.longer);
  return text;
}

}  // namespace sitrep::cli
