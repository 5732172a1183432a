#include <algorithm>
#include <cmath>

#include "render/svg_frame.hpp"

namespace sitrep::render {
namespace {

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
  auto ticks = value_ticks(low, high, 4, chart.style);
  frame.low = ticks.front();
  frame.high = ticks.back();
  frame.zone = chart.zone;
  frame.from = chart.points.front().at;
  frame.to = chart.points.back().at;
  if (chart.mark) {
    frame.from = std::min(frame.from, *chart.mark);
    frame.to = std::max(frame.to, *chart.mark);
  }
  return ticks;
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

}  // namespace

std::string draw(const LineChart& chart, std::string_view prefix, Embedding embedding) {
  Svg svg(Frame::k_width, Frame::k_height, prefix, embedding);
  svg.describe(chart.title, chart.description.empty() ? inline_text(chart) : chart.description);
  const bool any = std::any_of(chart.points.begin(), chart.points.end(),
                               [](const LinePoint& point) { return usable(point.value) || usable(point.upper); });
  if (!any) {
    svg.text(Frame::k_width / 2, Frame::k_height / 2, Svg::Anchor::middle, "no data");
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
    svg.line(Frame::k_left, frame.y(*chart.limit), Frame::k_width - Frame::k_right, frame.y(*chart.limit), "limit");
    svg.text(Frame::k_left + 6, frame.y(*chart.limit) - 5, Svg::Anchor::start,
             fmt::format("{} {}", chart.limit_label, write_value(*chart.limit, chart.style)), "t limit-t");
  }
  if (chart.mark) draw_mark(svg, frame, *chart.mark, chart.mark_label);
  return svg.finish();
}

}  // namespace sitrep::render
