#include "policy/outline.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace sitrep::policy {
namespace {

constexpr std::array<std::string_view, 5> k_placeholders = {"TBD", "TODO", "FIXME", "XXX", "???"};

/// Takes HTML comments out of a line; `inside` says whether one is open.
std::string without_comments(std::string_view line, bool& inside) {
  std::string out;
  while (!line.empty()) {
    const auto mark = line.find(inside ? "-->" : "<!--");
    if (!inside) out += line.substr(0, mark);
    if (mark == std::string_view::npos) break;
    line.remove_prefix(mark + (inside ? 3 : 4));
    inside = !inside;
  }
  return out;
}

bool is_word_at(std::string_view line, std::size_t at, std::size_t size) {
  const auto letter = [&](std::size_t i) {
    return i < line.size() && ((line[i] >= 'a' && line[i] <= 'z') || (line[i] >= 'A' && line[i] <= 'Z'));
  };
  return (at == 0 || !letter(at - 1)) && !letter(at + size);
}

/// The line with each span of `code` blanked out, so that offsets stay.
std::string without_code(std::string_view line) {
  std::string out(line);
  for (auto open = out.find('`'); open != std::string::npos;) {
    auto ticks = out.find_first_not_of('`', open);
    if (ticks == std::string::npos) break;
    const std::string mark(ticks - open, '`');
    auto close = out.find(mark, ticks);
    while (close != std::string::npos && close + mark.size() < out.size() && out[close + mark.size()] == '`')
      close = out.find(mark, out.find_first_not_of('`', close));
    if (close == std::string::npos) {
      open = out.find('`', ticks);
      continue;
    }
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(open),
              out.begin() + static_cast<std::ptrdiff_t>(close + mark.size()), ' ');
    open = out.find('`', close + mark.size());
  }
  return out;
}

/// The destination that starts at `text`: <…>, or up to a blank or the parenthesis that closes it.
std::string destination(std::string_view text) {
  text = trim_view(text);
  if (text.starts_with('<')) return std::string(text.substr(1, text.find('>') - 1));
  int depth = 0;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || (c == ')' && depth == 0)) break;
    if (c == '\\' && i + 1 < text.size()) {
      out += text[++i];
      continue;
    }
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    out += c;
  }
  return out;
}

void add_links(std::string_view raw, std::size_t number, std::vector<Link>& links) {
  const auto line = without_code(raw);
  for (auto at = line.find("]("); at != std::string::npos; at = line.find("](", at + 2))
    links.push_back({number, destination(std::string_view(line).substr(at + 2))});
  const auto text = trim_view(line);
  const auto colon = text.find("]: ");
  if (text.starts_with('[') && !text.starts_with("[^") && colon != std::string_view::npos && text.find(']') == colon)
    links.push_back({number, destination(text.substr(colon + 3))});
}

std::optional<Heading> heading_of(std::string_view line, std::size_t number) {
  const auto level = line.find_first_not_of('#');
  if (level == 0 || level == std::string_view::npos || level > 6 || (line[level] != ' ' && line[level] != '\t'))
    return std::nullopt;
  auto text = trim_view(line.substr(level));
  const auto end = text.find_last_not_of('#');
  if (end != std::string_view::npos && end + 1 < text.size() && text[end] == ' ') text = trim_view(text.substr(0, end));
  return Heading{number, static_cast<int>(level), std::string(text)};
}

}  // namespace

const Section* Outline::find(std::string_view title) const {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [&](const Section& s) { return equal_ignoring_case(s.title, title); });
  return found == sections.end() ? nullptr : &*found;
}

Outline outline_of(std::string_view body, std::size_t body_line) {
  Outline outline;
  bool in_comment = false;
  std::string_view fence;  // that closes the code block
  auto number = body_line;
  for (const auto raw : split_views(body, '\n')) {
    const auto text = fence.empty() ? without_comments(raw, in_comment) : std::string(raw);
    const auto line = trim_view(text);
    const bool mark = line.starts_with("```") || line.starts_with("~~~");
    const bool toggles = mark && (fence.empty() || line.starts_with(fence));
    if (toggles) fence = fence.empty() ? (line.front() == '`' ? "```" : "~~~") : std::string_view();
    const bool is_text = fence.empty() && !toggles;
    auto heading = is_text ? heading_of(line, number) : std::nullopt;
    if (heading && heading->level == 2) {
      outline.sections.push_back({heading->text, number, {}});
    } else if (!line.empty() && !outline.sections.empty()) {
      outline.sections.back().lines.emplace_back(number, std::string(line));
    }
    if (heading) outline.headings.push_back(*std::move(heading));
    if (is_text) {
      add_links(text, number, outline.links);
      outline.lines.emplace_back(number, text);
    }
    ++number;
  }
  return outline;
}

std::optional<std::string_view> placeholder_in(std::string_view line) {
  for (const auto placeholder : k_placeholders) {
    for (auto at = line.find(placeholder); at != std::string_view::npos; at = line.find(placeholder, at + 1)) {
      if (is_word_at(line, at, placeholder.size())) return placeholder;
    }
  }
  return std::nullopt;
}

}  // namespace sitrep::policy
