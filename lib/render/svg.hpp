#pragma once

#include <fmt/core.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "render/figure.hpp"

// Drawing shared by the charts; figure.hpp is the way in.
namespace sitrep::render {

/// A coordinate: one decimal at most, never "-0".
std::string coordinate(double value);

/// Builds one SVG image with its accessible name. Colours and line styles are classes of page.css; no style attributes,
/// which the page's content security policy would refuse.
class Svg {
 public:
  Svg(double width, double height, std::string_view prefix, Embedding embedding);

  /// The accessible name and description; call first. Standalone images also show the title.
  void describe(std::string_view title, std::string_view description);
  void line(double x1, double y1, double x2, double y2, std::string_view classes);
  void rect(double x, double y, double width, double height, std::string_view classes, std::string_view tooltip = {});
  /// A rectangle of series number `index`: its colour, and over it its pattern, for black and white.
  void series_rect(std::size_t index, double x, double y, double width, double height, std::string_view tooltip);
  void path(std::string_view data, std::string_view classes);
  void circle(double x, double y, double radius, std::string_view classes, std::string_view tooltip = {});
  enum class Anchor { start, middle, end };
  void text(double x, double y, Anchor anchor, std::string_view words, std::string_view classes = "t");
  /// The shape of a status: circle, triangle, diamond, hollow circle.
  void status_shape(double x, double y, Status status, std::string_view tooltip);

  double width() const { return width_; }
  double height() const { return height_; }
  std::string finish();

 private:
  double width_, height_;
  std::string prefix_;
  Embedding embedding_;
  std::string head_, body_;
  std::vector<bool> patterns_;  // by series: its pattern is used
};

/// Round numbers that cover [low, high]: 1, 2 or 5 times a power of ten apart, about `count` of them.
std::vector<double> round_ticks(double low, double high, int count);
/// round_ticks in the style's own steps: powers of 1024 for bytes, minutes and hours for seconds, whole numbers.
std::vector<double> value_ticks(double low, double high, int count, const ValueStyle& style);

/// A moment on an axis and what stands there: "06:00", "Nov 9", "Dec", "2027".
struct DateTick {
  UnixTime at{};
  std::string label;
};
/// Ticks where the zone's days begin; its hours when the span is short.
std::vector<DateTick> date_ticks(UnixTime from, UnixTime to, int count, const Zone& zone = {});

/// At most as many characters as fit `width` units of 12-unit text, with "…".
std::string fit_label(std::string_view label, double width);
/// Each so; those that would look alike then are cut in the middle: "ledger…disk", "ledger…node".
std::vector<std::string> fit_labels(std::vector<std::string> labels, double width);

std::string draw(const LineChart& chart, std::string_view prefix, Embedding embedding);
std::string draw(const BarChart& chart, std::string_view prefix, Embedding embedding);
std::string draw(const Sparkline& chart, std::string_view prefix, Embedding embedding);
std::string draw(const StatusHistory& chart, std::string_view prefix, Embedding embedding);
std::string draw(const Gantt& chart, std::string_view prefix, Embedding embedding);
std::string draw(const HeatMap& chart, std::string_view prefix, Embedding embedding);
std::string draw(const BurnDown& chart, std::string_view prefix, Embedding embedding);
std::string draw(const ControlChart& chart, std::string_view prefix, Embedding embedding);

}  // namespace sitrep::render
