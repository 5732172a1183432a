#include "render/terminal.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.hpp"
#include "render/escape.hpp"
#include "render/wrap.hpp"

namespace sitrep::render {
namespace {

enum class Links { shown, hidden };

void append_inline(const Node& node, Links links, std::string& out) {
  switch (node.kind) {
    case NodeKind::text:
    case NodeKind::html:
      out += visible(node.text);
      return;
    case NodeKind::code:
      out += "`" + visible(node.text) + "`";
      return;
    case NodeKind::soft_break:
      out += ' ';
      return;
    case NodeKind::line_break:
      out += '\n';
      return;
    default:
      break;
  }
  const auto start = out.size();
  for (const auto& child : node.children) append_inline(child, links, out);
  if (node.kind != NodeKind::link && node.kind != NodeKind::image) return;
  const auto url = safe_url(node.url);
  const bool web = url && url->find("://") != std::string::npos;
  if (links == Links::shown && web && std::string_view(out).substr(start) != *url) out += fmt::format(" <{}>", *url);
}

std::string inline_text(const Node& node, Links links) {
  std::string text;
  for (const auto& child : node.children) append_inline(child, links, text);
  return text;
}

/// Narrows the widest columns until the row fits; no column below `k_least`.
std::vector<std::size_t> fit_columns(std::vector<std::size_t> widths, std::size_t room) {
  constexpr std::size_t k_least = 6;
  std::size_t total = 0;
  for (const auto width : widths) total += width;
  while (total > room) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= k_least) break;
    --*widest;
    --total;
  }
  return widths;
}

class Printer {
 public:
  explicit Printer(std::size_t width) : width_(width) {}

  void blocks(const Node& parent, std::size_t indent, bool tight = false) {
    for (const auto& child : parent.children) {
      if (!tight) gap();
      block(child, indent);
    }
  }

  std::string finish() {
    while (out_.ends_with("\n\n")) out_.pop_back();
    return std::move(out_);
  }

 private:
  void gap() {
    if (!out_.empty() && !out_.ends_with("\n\n") && !at_marker_) out_ += '\n';
  }

  void put(std::string_view line, std::size_t indent) {
    // The first line after a list's mark continues the line of the mark.
    if (at_marker_)
      at_marker_ = false;
    else
      out_.append(indent, ' ');
    out_ += line;
    while (out_.ends_with(' ')) out_.pop_back();
    out_ += '\n';
  }

  void put_wrapped(std::string_view text, std::size_t indent) {
    const auto room = std::max<std::size_t>(16, width_ - std::min(width_, indent));
    for (const auto& line : wrap(text, room)) put(line, indent);
  }

  void block(const Node& node, std::size_t indent) {
    switch (node.kind) {
      case NodeKind::heading:
        heading(node, indent);
        break;
      case NodeKind::list:
        list(node, indent);
        break;
      case NodeKind::quote:
        blocks(node, indent + 2);
        break;
      case NodeKind::code_block:
        code_block(node.text, indent);
        break;
      case NodeKind::rule:
        put(rule("─", std::min<std::size_t>(40, width_)), indent);
        break;
      case NodeKind::table:
        table(node, indent);
        break;
      case NodeKind::html:
        if (!node.text.empty()) put_wrapped(visible(node.text), indent);
        break;
      default:
        put_wrapped(inline_text(node, Links::shown), indent);
        break;
    }
  }

  static std::string rule(std::string_view character, std::size_t columns) {
    std::string line;
    for (std::size_t i = 0; i < columns; ++i) line += character;
    return line;
  }

  void heading(const Node& node, std::size_t indent) {
    const auto text = inline_text(node, Links::hidden);
    put_wrapped(text, indent);
    const auto columns = std::min(display_width(text), width_);
    if (node.level <= 2) put(rule(node.level == 1 ? "═" : "─", columns), indent);
  }

  void code_block(std::string_view text, std::size_t indent) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    for (const auto line : split_views(text, '\n')) put(visible(line), indent + 2);
  }

  void list(const Node& node, std::size_t indent) {
    int number = node.level;
    for (const auto& item : node.children) {
      if (!node.tight) gap();
      auto mark = node.ordered ? fmt::format("{}. ", number++) : std::string("• ");
      if (item.checked) mark += *item.checked ? "[x] " : "[ ] ";
      if (at_marker_)
        at_marker_ = false;
      else
        out_.append(indent, ' ');
      out_ += mark;
      at_marker_ = true;
      blocks(item, indent + display_width(mark), node.tight);
      if (at_marker_) put("", 0);
    }
  }

  void table(const Node& node, std::size_t indent) {
    std::vector<std::vector<std::string>> cells;
    std::vector<std::size_t> widths;
    for (const auto& row : node.children) {
      auto& texts = cells.emplace_back();
      for (const auto& cell : row.children) {
        texts.push_back(inline_text(cell, Links::hidden));
        if (widths.size() < texts.size()) widths.push_back(1);
        widths[texts.size() - 1] = std::max(widths[texts.size() - 1], display_width(texts.back()));
      }
    }
    if (widths.empty()) return;
    const auto gaps = 2 * (widths.size() - 1) + indent;
    widths = fit_columns(std::move(widths), width_ > gaps ? width_ - gaps : 1);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      row(node.children[i], cells[i], widths, indent);
      if (node.children[i].header) row_rule(widths, indent);
    }
  }

  void row(const Node& node, const std::vector<std::string>& texts, const std::vector<std::size_t>& widths,
           std::size_t indent) {
    std::vector<std::vector<std::string>> wrapped;
    std::size_t height = 1;
    for (std::size_t c = 0; c < texts.size(); ++c) {
      wrapped.push_back(wrap(texts[c], widths[c]));
      height = std::max(height, wrapped.back().size());
    }
    for (std::size_t h = 0; h < height; ++h) {
      std::string line;
      for (std::size_t c = 0; c < wrapped.size(); ++c) {
        const std::string_view part = h < wrapped[c].size() ? std::string_view(wrapped[c][h]) : std::string_view();
        if (c > 0) line += "  ";
        line += node.children[c].align == Align::right ? pad_left(part, widths[c]) : pad_right(part, widths[c]);
      }
      put(line, indent);
    }
  }

  void row_rule(const std::vector<std::size_t>& widths, std::size_t indent) {
    std::string line;
    for (std::size_t c = 0; c < widths.size(); ++c) line += (c > 0 ? "  " : "") + rule("─", widths[c]);
    put(line, indent);
  }

  std::size_t width_;
  std::string out_;
  bool at_marker_ = false;  // a list's mark was written and its line is open
};

}  // namespace

std::string terminal_text(const Node& document, int width) {
  Printer printer(static_cast<std::size_t>(std::max(40, width)));
  printer.blocks(document, 0);
  return printer.finish();
}

}  // namespace sitrep::render
