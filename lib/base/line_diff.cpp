#include "base/line_diff.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"

namespace sitrep {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t k_most_pairs = 4'000'000;

Lines lines_of(std::string_view text) {
  if (text.empty()) return {};
  auto lines = split_views(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

/// The middle that begins and ends differently, by the longest common subsequence.
void diff_middle(const Lines& a, const Lines& b, std::size_t from, std::size_t a_end, std::size_t b_end,
                 std::vector<DiffLine>& out) {
  const auto n = a_end - from, m = b_end - from;
  const bool affordable = m == 0 || n <= k_most_pairs / m;
  std::vector<std::uint32_t> longest(affordable ? (n + 1) * (m + 1) : 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return longest[i * (m + 1) + j]; };
  if (affordable)
    for (auto i = n; i-- > 0;)
      for (auto j = m; j-- > 0;)
        at(i, j) = a[from + i] == b[from + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  std::size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (affordable && i < n && j < m && a[from + i] == b[from + j]) {
      out.push_back({' ', a[from + i]});
      ++i, ++j;
    } else if (i < n && (!affordable || j == m || at(i + 1, j) >= at(i, j + 1))) {
      out.push_back({'-', a[from + i++]});
    } else {
      out.push_back({'+', b[from + j++]});
    }
  }
}

}  // namespace

std::vector<DiffLine> diff_lines(std::string_view before, std::string_view after) {
  const auto a = lines_of(before), b = lines_of(after);
  std::vector<DiffLine> out;
  std::size_t from = 0;
  while (from < a.size() && from < b.size() && a[from] == b[from]) out.push_back({' ', a[from++]});
  auto a_end = a.size(), b_end = b.size();
  while (a_end > from && b_end > from && a[a_end - 1] == b[b_end - 1]) --a_end, --b_end;
  diff_middle(a, b, from, a_end, b_end, out);
  for (auto i = a_end; i < a.size(); ++i) out.push_back({' ', a[i]});
  return out;
}

std::string show_difference(std::string_view before, std::string_view after, std::size_t context) {
  const auto lines = diff_lines(before, after);
  std::vector<bool> shown(lines.size(), false);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].mark == ' ') continue;
    const auto last = std::min(lines.size() - 1, i + context);
    for (auto k = i - std::min(i, context); k <= last; ++k) shown[k] = true;
  }
  std::string text;
  bool gap = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!shown[i]) {
      gap = !text.empty();
      continue;
    }
    if (gap) text += "…\n";
    gap = false;
    text += lines[i].mark;
    text += ' ';
    text += lines[i].text;
    text += '\n';
  }
  return text;
}

}  // namespace sitrep
