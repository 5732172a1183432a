#include "render/page.hpp"

#include <fmt/core.h>

#include <functional>
#include <utility>

#include "base/hash.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"
#include "render/assets.hpp"
#include "render/escape.hpp"
#include "render/html.hpp"
#include "render/markdown.hpp"
#include "render/terminal.hpp"

namespace sitrep::render {
namespace {

std::string upper_ascii(std::string_view text) {
  std::string upper(text);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return upper;
}

std::string badge_with_sign(const Piece& badge) {
  static constexpr std::string_view k_signs[] = {"🟢", "🟡", "🔴", "⚪"};
  return fmt::format("{} {}", k_signs[static_cast<std::size_t>(badge.status)], badge.text);
}

std::string badge_as_word(const Piece& badge) { return upper_ascii(badge.text); }

using BadgeForm = std::function<std::string(const Piece&)>;
/// A figure of its own as Markdown; empty: it is left out.
using BlockForm = std::function<std::string(const Figure&, bool drawn_only)>;

/// Figures hold badges themselves (the rows of a Gantt chart), never figures.
BlockForm block_as_text(const BadgeForm& badge) {
  return [badge](const Figure& figure, bool drawn_only) {
    std::string text;
    if (drawn_only) return text;
    const auto markdown = block_markdown(figure);
    for (const auto& piece : split_markers(markdown))
      text += piece.kind == Piece::Kind::badge ? badge(piece) : std::string(piece.text);
    return text;
  };
}

std::string resolve_line(const Page& page, std::string_view line, const BadgeForm& badge) {
  std::string resolved;
  for (const auto& piece : split_markers(line)) {
    if (piece.kind == Piece::Kind::text)
      resolved += piece.text;
    else if (piece.kind == Piece::Kind::badge)
      resolved += badge(piece);
    else if (!piece.drawn_only && piece.figure < page.figures.size())
      resolved += inline_text(page.figures[piece.figure]);
  }
  return resolved;
}

/// The body as plain Markdown: markers replaced by other forms.
std::string resolve_markers(const Page& page, const BadgeForm& badge, const BlockForm& block) {
  std::string resolved;
  bool after_block = false;  // which is a paragraph or a table of its own
  for (const auto line : split_views(page.markdown, '\n')) {
    const auto alone = split_markers(trim_view(line));
    if (alone.size() != 1 || alone.front().kind != Piece::Kind::figure) {
      if (std::exchange(after_block, false) && !trim_view(line).empty()) resolved += '\n';
      resolved += resolve_line(page, line, badge) + '\n';
      continue;
    }
    std::string text;
    if (alone.front().figure < page.figures.size())
      text = block(page.figures[alone.front().figure], alone.front().drawn_only);
    // With what is left out goes one of the two empty lines around it.
    if (!text.empty()) {
      if (!resolved.empty() && !resolved.ends_with("\n\n")) resolved += '\n';
      resolved += text + '\n';
      after_block = true;
    } else if (resolved.ends_with("\n\n")) {
      resolved.pop_back();
    }
  }
  while (resolved.ends_with("\n\n")) resolved.pop_back();
  return resolved;
}

std::string resolve_markers(const Page& page, const BadgeForm& badge) {
  return resolve_markers(page, badge, block_as_text(badge));
}

std::string title_of(const Figure& figure) {
  return std::visit([](const auto& f) { return f.title; }, figure);
}

/// What a content security policy calls an inline style or script by.
std::string csp_hash(std::string_view text) {
  static constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto hex = sha256_hex(text);
  const auto nibble = [&](std::size_t i) -> unsigned {
    const char c = i < hex.size() ? hex[i] : '0';
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  std::string encoded = "'sha256-";
  for (std::size_t i = 0; i < hex.size(); i += 6) {
    const unsigned bits = nibble(i) << 20 | nibble(i + 1) << 16 | nibble(i + 2) << 12 | nibble(i + 3) << 8 |
                          nibble(i + 4) << 4 | nibble(i + 5);
    const std::size_t left = hex.size() - i;  // 256 bits leave 2 bytes at the end: three digits and one "="
    for (unsigned shift = 18, digit = 0; digit < 4; ++digit, shift -= 6)
      encoded += digit * 6 < left * 4 ? k_digits[bits >> shift & 63U] : '=';
  }
  return encoded + "'";
}

void append_csv_tables(const Node& node, std::string& section, std::string& csv) {
  for (const auto& child : node.children) {
    if (child.kind == NodeKind::heading) section = plain_text(child);
    if (child.kind != NodeKind::table) {
      append_csv_tables(child, section, csv);
      continue;
    }
    if (!csv.empty()) csv += "\r\n";
    csv += csv_field(section) + "\r\n";
    for (const auto& row : child.children) {
      std::string line;
      for (const auto& cell : row.children) {
        if (&cell != &row.children.front()) line += ',';
        line += csv_field(plain_text(cell));
      }
      csv += line + "\r\n";
    }
  }
}

}  // namespace

std::string to_markdown(const Page& page) { return resolve_markers(page, badge_with_sign); }

MarkdownWithCharts to_markdown_with_charts(const Page& page, std::string_view stem) {
  MarkdownWithCharts result;
  result.markdown = resolve_markers(page, badge_with_sign, [&](const Figure& figure, bool) {
    const auto number = result.charts.size() + 1;
    result.charts.push_back({fmt::format("{}-chart-{}.svg", stem, number),
                             to_svg(figure, fmt::format("c{}", number), Embedding::standalone)});
    const auto title = title_of(figure);
    return fmt::format("![{}]({})", escape_markdown(title.empty() ? fmt::format("Chart {}", number) : title),
                       percent_encode(result.charts.back().name));
  });
  return result;
}

std::string to_html(const Page& page) {
  const auto style = std::string(chart_style()) + std::string(page_style());
  const auto script = page_script();
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += fmt::format(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; script-src {}; "
      "base-uri 'none'; form-action 'none'\">\n",
      csp_hash(style), csp_hash(script));
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html += "<meta name=\"referrer\" content=\"no-referrer\">\n";
  html +=
      fmt::format("<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n", escape_html(page.title), style);
  html += html_body(parse_markdown(page.markdown), page.figures, page.today);
  if (!page.footer.empty()) html += fmt::format("<footer>{}</footer>\n", escape_html(page.footer));
  html += fmt::format("</main>\n<script>{}</script>\n</body>\n</html>\n", script);
  return html;
}

std::string to_text(const Page& page, int width) {
  return terminal_text(parse_markdown(resolve_markers(page, badge_as_word)), width);
}

std::string to_json(const Page& page) { return page.data_json + "\n"; }

std::string to_csv(const Page& page) {
  std::string csv, section = page.title;
  append_csv_tables(parse_markdown(resolve_markers(page, [](const Piece& badge) { return std::string(badge.text); })),
                    section, csv);
  return csv;
}

}  // namespace sitrep::render
