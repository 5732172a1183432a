#include <fmt/core.h>

#include "base/text.hpp"
#include "render/escape.hpp"
#include "render/markdown.hpp"
#include "render/page.hpp"

// Slack's mrkdwn: docs.slack.dev, "Formatting message text". Three characters are escaped, *bold* and _italic_ have one
// sign each, a link is <url|text>; there are no tables and no headings.
namespace sitrep::render {
namespace {

constexpr std::size_t k_most_bytes = 3000;
constexpr int k_sections = 2;

std::string escape_slack(std::string_view text) {
  std::string escaped;
  for (const char c : visible(text)) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else
      escaped += c;
  }
  return escaped;
}

std::string_view sign_of(Status status) {
  static constexpr std::string_view k_signs[] = {"🟢", "🟡", "🔴", "⚪"};
  return k_signs[static_cast<std::size_t>(status)];
}

class Printer {
 public:
  explicit Printer(const Page& page) : page_(page) {}

  std::string print(const Node& document) {
    int sections = 0;
    for (const auto& node : document.children) {
      if (node.kind == NodeKind::heading && node.level == 2 && ++sections > k_sections) break;
      const auto text = block(node);
      if (text.empty()) continue;
      if (out_.size() + text.size() + 2 > k_most_bytes) {
        out_ += "…\n";
        break;
      }
      out_ += text + "\n";
    }
    return out_;
  }

 private:
  std::string block(const Node& node) const {
    switch (node.kind) {
      case NodeKind::heading:
        return fmt::format("{}*{}*", node.level == 1 ? "" : "\n", plain(node));
      case NodeKind::list:
        return list(node);
      case NodeKind::table:
        return table(node);
      case NodeKind::quote:
        return "> " + replace_all(lines(node), "\n", "\n> ");
      case NodeKind::code_block:
        return "```" + escape_slack(replace_all(node.text, "\n", " ")) + "```";
      case NodeKind::rule:
        return {};
      default:
        return lines(node);
    }
  }

  std::string list(const Node& node) const {
    std::string text;
    int number = node.level;
    for (const auto& item : node.children) {
      if (!text.empty()) text += '\n';
      text += (node.ordered ? fmt::format("{}. ", number++) : std::string("• ")) + std::string(trim_view(lines(item)));
    }
    return text;
  }

  /// A row as a line: its first cell, then the others that say something.
  std::string table(const Node& node) const {
    std::string text;
    for (const auto& row : node.children) {
      if (row.header) continue;
      std::string line;
      for (const auto& cell : row.children) {
        const auto words = lines(cell);
        if (trim_view(words).empty()) continue;
        line += line.empty() ? "• " + words : " · " + words;
      }
      if (!text.empty()) text += '\n';
      text += line;
    }
    return text;
  }

  std::string lines(const Node& parent) const {
    std::string text;
    for (const auto& child : parent.children) text += line(child);
    return text;
  }

  std::string line(const Node& node) const {
    switch (node.kind) {
      case NodeKind::text:
        return with_markers(node.text);
      case NodeKind::soft_break:
      case NodeKind::line_break:
        return " ";
      case NodeKind::code:
        return "`" + escape_slack(node.text) + "`";
      case NodeKind::strong:
        return wrapped("*", node);
      case NodeKind::emphasis:
        return wrapped("_", node);
      case NodeKind::strike:
        return wrapped("~", node);
      case NodeKind::link:
      case NodeKind::image: {
        const auto url = safe_url(node.url);
        if (!url) return lines(node);
        // A bar would end the address.
        return fmt::format("<{}|{}>", replace_all(escape_slack(*url), "|", "%7C"), replace_all(plain(node), "|", "/"));
      }
      case NodeKind::html:
        return escape_slack(node.text);
      case NodeKind::list:
        return "\n" + list(node);
      default:
        return lines(node);
    }
  }

  std::string wrapped(std::string_view sign, const Node& node) const {
    const auto text = lines(node);
    return text.empty() ? text : fmt::format("{}{}{}", sign, text, sign);
  }

  std::string plain(const Node& node) const { return with_markers(plain_text(node)); }

  std::string with_markers(std::string_view literal) const {
    std::string text;
    for (const auto& piece : split_markers(literal)) {
      if (piece.kind == Piece::Kind::text)
        text += escape_slack(piece.text);
      else if (piece.kind == Piece::Kind::badge)
        text += fmt::format("{} {}", sign_of(piece.status), escape_slack(piece.text));
      else if (!piece.drawn_only && piece.figure < page_.figures.size())
        text += escape_slack(inline_text(page_.figures[piece.figure]));
    }
    return text;
  }

  const Page& page_;
  std::string out_;
};

}  // namespace

std::string to_slack(const Page& page) { return Printer(page).print(parse_markdown(page.markdown)); }

}  // namespace sitrep::render
