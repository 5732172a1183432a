#include <algorithm>
#include <cmath>

#include "render/svg.hpp"

namespace sitrep::render {
namespace {

constexpr double k_width = 640, k_height = 230;
constexpr double k_left = 62, k_right = 18, k_top = 20, k_bottom = 28;

/// Where values and moments lie.
struct Frame {
  UnixTime from{}, to{};
  double low = 0, high = 1;
  double x(UnixTime at) const {
    const auto span = std::max<std::int64_t>(1, (to - from).count());
    return k_left + (k_width - k_left - k_right) * static_cast<double>((at - from).count()) / static_cast<double>(span);
  }
  double y(double value) const {
    return k_height - k_bottom - (k_height - k_top - k_bottom) * (value - low) / (high - low);
  }
};

bool usable(const std::optional<double>& value) { return value && std::isfinite(*value); }

std::vector<double> place(Frame& frame, const LineChart& chart) {
  double low = 0, high = 0;
  bool any = false;
  const auto add = [&](const std::optional<double>& value) {
    if (!usable(value)) return;
    low = any ? std::min(low, *value) : *value;
    high = any ? std::max(high, *value) : *value;
    any = true;
  };
  for (const auto& point : chart.points) {
    add(point.value);
    add(point.lower);
    add(point.upper);
  }
  add(chart.limit);
  // Quantities that start near zero are drawn from zero, so that a slope looks as steep as it is.
  if (low > 0 && low < 0.6 * high) low = 0;
  auto ticks = round_ticks(low, high, 4);
  frame.low = ticks.front();
  frame.high = ticks.back();
  frame.from = chart.points.front().at;
  frame.to = chart.points.back().at;
  if (chart.mark) {
    frame.from = std::min(frame.from, *chart.mark);
    frame.to = std::max(frame.to, *chart.mark);
  }
  return ticks;
}

void draw_axes(Svg& svg, const Frame& frame, const std::vector<double>& ticks, const ValueStyle& style) {
  for (const double tick : ticks) {
    svg.line(k_left, frame.y(tick), k_width - k_right, frame.y(tick), "grid");
    svg.text(k_left - 8, frame.y(tick) + 4, Svg::Anchor::end, write_value(tick, style));
  }
  for (const auto& tick : date_ticks(frame.from, frame.to, 7)) {
    svg.line(frame.x(tick.at), k_height - k_bottom, frame.x(tick.at), k_height - k_bottom + 4, "axis");
    svg.text(frame.x(tick.at), k_height - 8, Svg::Anchor::middle, tick.label);
  }
  svg.line(k_left, k_height - k_bottom, k_width - k_right, k_height - k_bottom, "axis");
}

/// A line through the values; of each column of the picture the first, lowest, highest and last, so that years of
/// samples cost no more than weeks and no peak is lost.
std::string line_path(const Frame& frame, const std::vector<LinePoint>& points, std::size_t first, std::size_t last) {
  std::string data;
  bool pen_up = true;
  const auto move = [&](double x, double y) {
    data += fmt::format("{}{} {}", pen_up ? "M" : "L", coordinate(x), coordinate(y));
    pen_up = false;
  };
  for (std::size_t i = first; i < last;) {
    if (!usable(points[i].value)) {
      pen_up = true;
      ++i;
      continue;
    }
    const double column = std::floor(frame.x(points[i].at));
    std::size_t low = i, high = i, end = i;
    while (end + 1 < last && usable(points[end + 1].value) && std::floor(frame.x(points[end + 1].at)) == column) {
      ++end;
      if (*points[end].value < *points[low].value) low = end;
      if (*points[end].value > *points[high].value) high = end;
    }
    std::size_t chosen[] = {i, std::min(low, high), std::max(low, high), end};
    for (const auto* at = std::begin(chosen); at != std::unique(std::begin(chosen), std::end(chosen)); ++at)
      move(frame.x(points[*at].at), frame.y(*points[*at].value));
    i = end + 1;
  }
  return data;
}

void draw_band(Svg& svg, const Frame& frame, const std::vector<LinePoint>& points, std::size_t first) {
  std::string upper, lower;
  // The band opens at the last measured point.
  if (first > 0 && usable(points[first - 1].value))
    upper =
        fmt::format("M{} {}", coordinate(frame.x(points[first - 1].at)), coordinate(frame.y(*points[first - 1].value)));
  for (std::size_t i = first; i < points.size(); ++i) {
    if (!usable(points[i].lower) || !usable(points[i].upper)) continue;
    const auto x = coordinate(frame.x(points[i].at));
    upper += fmt::format("{}{} {}", upper.empty() ? "M" : "L", x, coordinate(frame.y(*points[i].upper)));
    lower.insert(0, fmt::format("L{} {}", x, coordinate(frame.y(*points[i].lower))));
  }
  if (!lower.empty()) svg.path(upper + lower + "Z", "band");
}

void draw_mark(Svg& svg, const Frame& frame, const LineChart& chart) {
  if (!chart.mark) return;
  const double x = frame.x(*chart.mark);
  svg.line(x, k_top - 6, x, k_height - k_bottom, "mark");
  const bool near_end = x > k_width * 0.75;
  svg.text(near_end ? x - 5 : x + 5, k_top - 2, near_end ? Svg::Anchor::end : Svg::Anchor::start, chart.mark_label,
           "t mark-t");
}

}  // namespace

std::string draw(const LineChart& chart, std::string_view prefix, Embedding embedding) {
  Svg svg(k_width, k_height, prefix, embedding);
  svg.describe(chart.title, chart.description.empty() ? inline_text(chart) : chart.description);
  const bool any = std::any_of(chart.points.begin(), chart.points.end(),
                               [](const LinePoint& point) { return usable(point.value) || usable(point.upper); });
  if (!any) {
    svg.text(k_width / 2, k_height / 2, Svg::Anchor::middle, "no data");
    return svg.finish();
  }
  Frame frame;
  const auto ticks = place(frame, chart);
  draw_axes(svg, frame, ticks, chart.style);
  const auto& points = chart.points;
  const auto forecast = static_cast<std::size_t>(
      std::find_if(points.begin(), points.end(), [](const LinePoint& point) { return point.lower || point.upper; }) -
      points.begin());
  if (forecast < points.size()) {
    draw_band(svg, frame, points, forecast);
    svg.path(line_path(frame, points, forecast == 0 ? 0 : forecast - 1, points.size()), "line forecast");
  }
  svg.path(line_path(frame, points, 0, forecast), "line");
  if (forecast == 1 && usable(points[0].value))
    svg.circle(frame.x(points[0].at), frame.y(*points[0].value), 2.5, "dot");
  if (usable(chart.limit)) {
    svg.line(k_left, frame.y(*chart.limit), k_width - k_right, frame.y(*chart.limit), "limit");
    svg.text(k_left + 6, frame.y(*chart.limit) - 5, Svg::Anchor::start,
             fmt::format("{} {}", chart.limit_label, write_value(*chart.limit, chart.style)), "t limit-t");
  }
  draw_mark(svg, frame, chart);
  return svg.finish();
}

}  // namespace sitrep::render
