#include "render/svg.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "render/assets.hpp"
#include "render/escape.hpp"

namespace sitrep::render {
namespace {

// What lies over a series' colour, so that stacked bars stay apart without it. The first is plain.
constexpr std::array<std::string_view, 6> k_patterns{"",
                                                     "<path d=\"M0 6L6 0M-1 1L1 -1M5 7L7 5\"/>",
                                                     "<circle cx=\"3\" cy=\"3\" r=\"1.2\"/>",
                                                     "<path d=\"M0 3H6\"/>",
                                                     "<path d=\"M0 0L6 6M0 6L6 0\"/>",
                                                     "<path d=\"M3 0V6\"/>"};

/// The end of a shape's element.
std::string with_tooltip(std::string_view element, std::string_view tooltip) {
  return tooltip.empty() ? "/>" : fmt::format("><title>{}</title></{}>", escape_html(tooltip), element);
}

// 6.6 units: the mean advance of 12-unit sans-serif text, on the wide side.
std::size_t columns_in(double width) { return static_cast<std::size_t>(std::max(1.0, width / 6.6)); }

std::string cut_in_the_middle(std::string_view label, std::size_t columns) {
  const auto tail_columns = (columns - 1) / 2;
  auto tail = label;
  while (display_width(tail) > tail_columns) tail.remove_prefix(next_utf8(tail).length);
  return truncate_display(label, columns - display_width(tail)) + std::string(tail);
}

}  // namespace

std::string coordinate(double value) {
  auto text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

Svg::Svg(double width, double height, std::string_view prefix, Embedding embedding)
    : width_(width), height_(height), prefix_(prefix), embedding_(embedding), patterns_(k_patterns.size()) {}

void Svg::describe(std::string_view title, std::string_view description) {
  head_ = fmt::format("<title id=\"{0}-t\">{1}</title>", prefix_, escape_html(title.empty() ? "chart" : title));
  if (!description.empty()) head_ += fmt::format("<desc id=\"{}-d\">{}</desc>", prefix_, escape_html(description));
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view classes) {
  body_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>", coordinate(x1), coordinate(y1),
                       coordinate(x2), coordinate(y2), classes);
}

void Svg::rect(double x, double y, double width, double height, std::string_view classes, std::string_view tooltip) {
  body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"{}", coordinate(x),
                       coordinate(y), coordinate(width), coordinate(height), classes, with_tooltip("rect", tooltip));
}

void Svg::series_rect(std::size_t index, double x, double y, double width, double height, std::string_view tooltip) {
  const auto kind = index % k_patterns.size();
  rect(x, y, width, height, fmt::format("s{}", kind), tooltip);
  if (k_patterns[kind].empty()) return;
  patterns_[kind] = true;
  body_ +=
      fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"url(#{}-p{})\" pointer-events=\"none\"/>",
                  coordinate(x), coordinate(y), coordinate(width), coordinate(height), prefix_, kind);
}

void Svg::path(std::string_view data, std::string_view classes) {
  body_ += fmt::format("<path d=\"{}\" class=\"{}\"/>", data, classes);
}

void Svg::circle(double x, double y, double radius, std::string_view classes, std::string_view tooltip) {
  body_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{}\"{}", coordinate(x), coordinate(y),
                       coordinate(radius), classes, with_tooltip("circle", tooltip));
}

void Svg::text(double x, double y, Anchor anchor, std::string_view words, std::string_view classes) {
  static constexpr std::array<std::string_view, 3> k_anchors{"start", "middle", "end"};
  body_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" class=\"{}\">{}</text>", coordinate(x),
                       coordinate(y), k_anchors[static_cast<std::size_t>(anchor)], classes, escape_html(words));
}

void Svg::status_shape(double x, double y, Status status, std::string_view tooltip) {
  std::string shape;
  switch (status) {
    case Status::green:
      shape = "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z";
      break;
    case Status::yellow:
      shape = "M0 -6L6 5H-6Z";
      break;
    case Status::red:
      shape = "M0 -6.5L6.5 0L0 6.5L-6.5 0Z";
      break;
    case Status::grey:
      shape = "M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1 -4.5 0Z";
      break;
  }
  body_ += fmt::format("<path transform=\"translate({} {})\" d=\"{}\" class=\"st {}\"><title>{}</title></path>",
                       coordinate(x), coordinate(y), shape, name(status), escape_html(tooltip));
}

std::string Svg::finish() {
  std::string definitions;
  for (std::size_t i = 0; i < patterns_.size(); ++i)
    if (patterns_[i])
      definitions += fmt::format(
          "<pattern id=\"{}-p{}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
          "class=\"pattern\">{}</pattern>",
          prefix_, i, k_patterns[i]);
  if (!definitions.empty()) definitions = "<defs>" + definitions + "</defs>";
  const bool described = head_.find("<desc") != std::string::npos;
  auto svg =
      fmt::format("<svg {}viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{}-t{}\" class=\"chart\"",
                  embedding_ == Embedding::standalone ? "xmlns=\"http://www.w3.org/2000/svg\" " : "",
                  coordinate(width_), coordinate(height_), prefix_, described ? fmt::format(" {}-d", prefix_) : "");
  if (embedding_ == Embedding::standalone)
    svg += fmt::format(" width=\"{}\" height=\"{}\"><style>{}</style>", coordinate(width_), coordinate(height_),
                       chart_style());
  else
    svg += ">";
  return svg + head_ + definitions + body_ + "</svg>";
}

std::string fit_label(std::string_view label, double width) {
  return truncate_display(visible(label), columns_in(width));
}

std::vector<std::string> fit_labels(std::vector<std::string> labels, double width) {
  std::map<std::string, std::set<std::string>> same;  // by what would stand there
  for (auto& label : labels) {
    label = visible(label);
    same[truncate_display(label, columns_in(width))].insert(label);
  }
  for (auto& label : labels) {
    auto fitted = truncate_display(label, columns_in(width));
    label = same[fitted].size() > 1 ? cut_in_the_middle(label, columns_in(width)) : std::move(fitted);
  }
  return labels;
}

std::string to_svg(const Figure& figure, std::string_view prefix, Embedding embedding) {
  return std::visit([&](const auto& chart) { return draw(chart, prefix, embedding); }, figure);
}

}  // namespace sitrep::render
