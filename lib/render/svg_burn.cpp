#include <algorithm>

#include "render/svg_frame.hpp"

namespace sitrep::render {
namespace {

/// Steps: what is left stays as it is until something is done.
std::string step_path(const Frame& frame, const BurnDown& chart, std::optional<double> BurnPoint::* value) {
  std::string data;
  for (const auto& point : chart.points) {
    if (!usable(point.*value)) continue;
    const auto x = coordinate(frame.x(point.at)), y = coordinate(frame.y(*(point.*value)));
    data += data.empty() ? fmt::format("M{} {}", x, y) : fmt::format("H{}V{}", x, y);
  }
  return data;
}

}  // namespace

std::string draw(const BurnDown& chart, std::string_view prefix, Embedding embedding) {
  Svg svg(Frame::k_width, Frame::k_height, prefix, embedding);
  svg.describe(chart.title, chart.description.empty() ? inline_text(chart) : chart.description);
  double high = 0;
  bool any = false;
  for (const auto& point : chart.points)
    for (const auto& value : {point.remaining, point.planned})
      if (usable(value)) any = true, high = std::max(high, *value);
  if (!any) {
    svg.text(Frame::k_width / 2, Frame::k_height / 2, Svg::Anchor::middle, "no data");
    return svg.finish();
  }
  const auto ticks = value_ticks(0, high, 4, chart.style);
  Frame frame;
  frame.high = ticks.back();
  frame.zone = chart.zone;
  frame.from = chart.points.front().at;
  frame.to = chart.points.back().at;
  if (chart.today) {
    frame.from = std::min(frame.from, *chart.today);
    frame.to = std::max(frame.to, *chart.today);
  }
  draw_axes(svg, frame, ticks, chart.style);
  if (const auto plan = step_path(frame, chart, &BurnPoint::planned); !plan.empty()) svg.path(plan, "plan");
  if (const auto left = step_path(frame, chart, &BurnPoint::remaining); !left.empty()) svg.path(left, "line");
  const auto last = std::find_if(chart.points.rbegin(), chart.points.rend(),
                                 [](const BurnPoint& point) { return usable(point.remaining); });
  if (last != chart.points.rend()) {
    svg.circle(frame.x(last->at), frame.y(*last->remaining), 3, "dot");
    svg.text(frame.x(last->at) + 6, frame.y(*last->remaining) - 6, Svg::Anchor::start,
             write_value(*last->remaining, chart.style), "t mark-t");
  }
  if (chart.today) draw_mark(svg, frame, *chart.today, "today");
  const auto end = std::find_if(chart.points.rbegin(), chart.points.rend(),
                                [](const BurnPoint& point) { return usable(point.planned); });
  if (end != chart.points.rend())
    svg.text(frame.x(end->at), frame.y(*end->planned) - 8, Svg::Anchor::end, "planned", "t mark-t");
  return svg.finish();
}

}  // namespace sitrep::render
