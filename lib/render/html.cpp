#include "render/html.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include "base/text.hpp"
#include "render/escape.hpp"
#include "render/sort_key.hpp"

namespace sitrep::render {
namespace {

class Printer {
 public:
  Printer(const Node& document, std::span<const Figure> figures, std::optional<Date> today)
      : figures_(figures), today_(today) {
    name_headings(document);
  }

  std::string print(const Node& document) {
    const bool titled = !document.children.empty() && document.children.front().kind == NodeKind::heading &&
                        document.children.front().level == 1;
    if (!titled) out_ += navigation();
    blocks(document);
    return std::move(out_);
  }

 private:
  void name_headings(const Node& node) {
    for (const auto& child : node.children) {
      if (child.kind == NodeKind::heading) {
        const auto text = without_markers(plain_text(child));
        const auto base = slug(text);
        auto id = base;
        for (int copy = 2; !used_.insert(id).second; ++copy) id = fmt::format("{}-{}", base, copy);
        sections_.push_back({child.level, id, text});
      }
      name_headings(child);
    }
  }

  static std::string without_markers(std::string_view text) {
    std::string kept;
    for (const auto& piece : split_markers(text))
      if (piece.kind != Piece::Kind::figure) kept += piece.text;
    return kept;
  }

  std::string navigation() const {
    std::string links;
    int count = 0;
    for (const auto& section : sections_) {
      if (section.level != 2) continue;
      ++count;
      links += fmt::format("<a href=\"#{}\">{}</a>", section.id, escape_html(section.text));
    }
    return count < 3 ? std::string() : fmt::format("<nav aria-label=\"Sections\">{}</nav>\n", links);
  }

  void blocks(const Node& parent) {
    for (const auto& child : parent.children) block(child);
  }

  void block(const Node& node) {
    switch (node.kind) {
      case NodeKind::paragraph:
        paragraph(node);
        break;
      case NodeKind::heading:
        heading(node);
        break;
      case NodeKind::list:
        list(node);
        break;
      case NodeKind::quote:
        wrapped("blockquote", node);
        break;
      case NodeKind::code_block:
        out_ += fmt::format("<pre><code>{}</code></pre>\n", escape_html(without_markers(node.text)));
        break;
      case NodeKind::rule:
        out_ += "<hr>\n";
        break;
      case NodeKind::table:
        table(node);
        break;
      case NodeKind::html:
        if (!node.text.empty()) out_ += fmt::format("<p>{}</p>\n", escape_html(without_markers(node.text)));
        break;
      default:
        line(node);
        break;  // what was flattened
    }
  }

  void wrapped(std::string_view tag, const Node& node) {
    out_ += fmt::format("<{}>\n", tag);
    blocks(node);
    out_ += fmt::format("</{}>\n", tag);
  }

  /// A line that is a figure stands between paragraphs.
  void paragraph(const Node& node) {
    Node text;
    const auto write_text = [&] {
      if (text.children.empty()) return;
      out_ += "<p>";
      lines(text);
      out_ += "</p>\n";
      text.children.clear();
    };
    const auto& all = node.children;
    for (auto from = all.begin(); from != all.end();) {
      const auto end = std::find_if(from, all.end(), [](const Node& n) { return n.kind == NodeKind::soft_break; });
      if (const auto figure = figure_alone({from, end})) {
        write_text();
        figure_block(*figure);
      } else {
        if (!text.children.empty()) text.children.emplace_back().kind = NodeKind::soft_break;
        text.children.insert(text.children.end(), from, end);
      }
      from = end == all.end() ? end : end + 1;
    }
    write_text();
  }

  static std::optional<std::size_t> figure_alone(std::span<const Node> line) {
    if (line.size() != 1 || line.front().kind != NodeKind::text) return std::nullopt;
    const auto pieces = split_markers(trim_view(line.front().text));
    if (pieces.size() != 1 || pieces.front().kind != Piece::Kind::figure) return std::nullopt;
    return pieces.front().figure;
  }

  void figure_block(std::size_t index) {
    if (index >= figures_.size()) return;
    const auto& figure = figures_[index];
    const auto title = std::visit([](const auto& chart) { return chart.title; }, figure);
    std::string description;
    std::visit(
        [&](const auto& chart) {
          if constexpr (requires { chart.description; }) description = chart.description;
        },
        figure);
    const bool small = std::holds_alternative<Sparkline>(figure) || std::holds_alternative<StatusHistory>(figure);
    out_ += small ? "<figure class=\"small\">" : "<figure>";
    if (!title.empty() || !description.empty())
      out_ += fmt::format("<figcaption><b>{}</b>{}{}</figcaption>", escape_html(title),
                          description.empty() ? "" : " · ", escape_html(description));
    out_ += drawn(index) + "</figure>\n";
  }

  std::string drawn(std::size_t index) {
    return to_svg(figures_[index], fmt::format("_f{}-{}", index, ++drawings_), Embedding::page);
  }

  void heading(const Node& node) {
    const auto& section = sections_[next_section_++];
    out_ += fmt::format("<h{} id=\"{}\">", node.level, section.id);
    lines(node);
    out_ += fmt::format("</h{}>\n", node.level);
    if (next_section_ == 1 && node.level == 1) out_ += navigation();
  }

  void list(const Node& node) {
    out_ += node.ordered ? (node.level == 1 ? "<ol>\n" : fmt::format("<ol start=\"{}\">\n", node.level)) : "<ul>\n";
    for (const auto& item : node.children) {
      out_ += "<li>";
      if (item.checked)
        out_ += fmt::format("<input type=\"checkbox\" disabled{} aria-label=\"{}\"> ", *item.checked ? " checked" : "",
                            *item.checked ? "done" : "open");
      for (const auto& child : item.children) {
        if (node.tight && child.kind == NodeKind::paragraph)
          lines(child);
        else
          block(child);
      }
      out_ += "</li>\n";
    }
    out_ += node.ordered ? "</ol>\n" : "</ul>\n";
  }

  /// What the page's script sorts the cell by: a badge by its urgency, else what its text amounts to.
  std::string key_of(const Node& cell) const {
    const auto text = plain_text(cell);
    const auto pieces = split_markers(text);
    for (const auto& piece : pieces)
      if (piece.kind == Piece::Kind::badge) return fmt::format(" data-sort=\"{}\"", urgency(piece.status));
    const auto key = sort_key(without_markers(text), today_);
    return key ? fmt::format(" data-sort=\"{}\"", *key) : std::string();
  }

  static int urgency(Status status) {
    return status == Status::red ? 3 : status == Status::yellow ? 2 : status == Status::grey ? 1 : 0;
  }

  void table(const Node& node) {
    out_ += "<div class=\"table\"><table>\n";
    bool body = false;
    for (const auto& row : node.children) {
      if (row.header)
        out_ += "<thead>";
      else if (!body)
        out_ += "<tbody>\n", body = true;
      out_ += "<tr>";
      for (const auto& cell : row.children) {
        const char* align = cell.align == Align::right    ? " class=\"r\""
                            : cell.align == Align::center ? " class=\"c\""
                                                          : "";
        // A head without words is no head to a screen reader.
        const bool head = row.header && !cell.children.empty();
        out_ += head         ? fmt::format("<th scope=\"col\"{}>", align)
                : row.header ? std::string("<td>")
                             : fmt::format("<td{}{}>", align, key_of(cell));
        lines(cell);
        out_ += head ? "</th>" : "</td>";
      }
      out_ += row.header ? "</tr></thead>\n" : "</tr>\n";
    }
    out_ += body ? "</tbody></table></div>\n" : "</table></div>\n";
  }

  void lines(const Node& parent) {
    for (const auto& child : parent.children) line(child);
  }

  void tagged(std::string_view tag, const Node& node) {
    out_ += fmt::format("<{}>", tag);
    lines(node);
    out_ += fmt::format("</{}>", tag);
  }

  void line(const Node& node) {
    switch (node.kind) {
      case NodeKind::text:
        text(node.text);
        break;
      case NodeKind::soft_break:
        out_ += "\n";
        break;
      case NodeKind::line_break:
        out_ += "<br>\n";
        break;
      case NodeKind::code:
        out_ += fmt::format("<code>{}</code>", escape_html(without_markers(node.text)));
        break;
      case NodeKind::emphasis:
        tagged("em", node);
        break;
      case NodeKind::strong:
        tagged("strong", node);
        break;
      case NodeKind::strike:
        tagged("del", node);
        break;
      case NodeKind::link:
      case NodeKind::image:
        link(node);
        break;
      case NodeKind::html:
        out_ += escape_html(without_markers(node.text));
        break;
      default:
        lines(node);
        break;
    }
  }

  void link(const Node& node) {
    const auto url = safe_url(node.url);
    if (!url) return lines(node);
    out_ += fmt::format("<a href=\"{}\" rel=\"noopener noreferrer\">", escape_html(*url));
    if (node.children.empty()) out_ += escape_html(*url);
    lines(node);
    out_ += "</a>";
  }

  void text(std::string_view literal) {
    for (const auto& piece : split_markers(literal)) {
      switch (piece.kind) {
        case Piece::Kind::text:
          out_ += escape_html(piece.text);
          break;
        case Piece::Kind::badge:
          out_ += fmt::format("<span class=\"badge {}\">{}</span>", name(piece.status), escape_html(piece.text));
          break;
        case Piece::Kind::figure:
          if (piece.figure < figures_.size()) out_ += drawn(piece.figure);
          break;
      }
    }
  }

  std::span<const Figure> figures_;
  std::optional<Date> today_;
  std::vector<Section> sections_;
  std::set<std::string> used_;
  std::size_t next_section_ = 0;
  int drawings_ = 0;
  std::string out_;
};

}  // namespace

std::string html_body(const Node& document, std::span<const Figure> figures, std::optional<Date> today) {
  return Printer(document, figures, today).print(document);
}

}  // namespace sitrep::render
