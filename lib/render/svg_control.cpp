#include <algorithm>

#include "render/svg_frame.hpp"

namespace sitrep::render {
namespace {

/// Points stand side by side; limits may differ from one to the next.
struct Columns {
  double slot = 1;
  explicit Columns(std::size_t count)
      : slot((Frame::k_width - Frame::k_left - Frame::k_right) / static_cast<double>(std::max<std::size_t>(1, count))) {
  }
  double left(std::size_t index) const { return Frame::k_left + slot * static_cast<double>(index); }
  double middle(std::size_t index) const { return left(index) + slot / 2; }
};

std::pair<double, double> range_of(const ControlChart& chart) {
  double low = 0, high = 0;
  const auto add = [&](const std::optional<double>& value) {
    if (!usable(value)) return;
    low = std::min(low, *value);
    high = std::max(high, *value);
  };
  add(chart.mean);
  for (const auto& point : chart.points) {
    add(point.value);
    add(point.lower);
    add(point.upper);
  }
  return {low, high};
}

/// A limit as steps, broken where there is none.
std::string limit_path(const Columns& columns, const Frame& frame, const ControlChart& chart,
                       std::optional<double> ControlPoint::* limit) {
  std::string data;
  bool pen_up = true;
  for (std::size_t i = 0; i < chart.points.size(); ++i) {
    const auto& value = chart.points[i].*limit;
    if (!usable(value)) {
      pen_up = true;
      continue;
    }
    const auto y = coordinate(frame.y(*value));
    data +=
        fmt::format("{}{} {}H{}", pen_up ? "M" : "L", coordinate(columns.left(i)), y, coordinate(columns.left(i + 1)));
    pen_up = false;
  }
  return data;
}

std::string value_path(const Columns& columns, const Frame& frame, const ControlChart& chart) {
  std::string data;
  bool pen_up = true;
  for (std::size_t i = 0; i < chart.points.size(); ++i) {
    const auto& value = chart.points[i].value;
    if (usable(value))
      data += fmt::format("{}{} {}", pen_up ? "M" : "L", coordinate(columns.middle(i)), coordinate(frame.y(*value)));
    pen_up = !usable(value);
  }
  return data;
}

void draw_points(Svg& svg, const Columns& columns, const Frame& frame, const ControlChart& chart) {
  const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(46 / columns.slot)));
  for (std::size_t i = 0; i < chart.points.size(); ++i) {
    const auto& point = chart.points[i];
    const double x = columns.middle(i);
    if (i % every == 0)
      svg.text(x, Frame::k_height - 8, Svg::Anchor::middle,
               fit_label(point.label, columns.slot * static_cast<double>(every)));
    if (!usable(point.value)) continue;
    const double y = frame.y(*point.value);
    if (point.signal.empty())
      svg.circle(x, y, 2.5, "dot");
    else  // Its shape says the same as its colour.
      svg.status_shape(x, y, Status::red,
                       fmt::format("{}: {}, {}", point.label, write_value(*point.value, chart.style), point.signal));
  }
}

}  // namespace

std::string draw(const ControlChart& chart, std::string_view prefix, Embedding embedding) {
  Svg svg(Frame::k_width, Frame::k_height, prefix, embedding);
  svg.describe(chart.title, chart.description.empty()
                                ? block_markdown(ControlChart{"", "", chart.style, chart.points, chart.mean})
                                : chart.description);
  if (std::none_of(chart.points.begin(), chart.points.end(), [](const auto& point) { return usable(point.value); })) {
    svg.text(Frame::k_width / 2, Frame::k_height / 2, Svg::Anchor::middle, "no data");
    return svg.finish();
  }
  const auto [low, high] = range_of(chart);
  const auto ticks = value_ticks(low, high, 4, chart.style);
  Frame frame;
  frame.low = ticks.front();
  frame.high = ticks.back();
  draw_grid(svg, Frame::k_left, Frame::k_width - Frame::k_right, ticks, chart.style,
            [&](double value) { return frame.y(value); });
  const Columns columns(chart.points.size());
  for (const auto limit : {&ControlPoint::upper, &ControlPoint::lower})
    if (const auto data = limit_path(columns, frame, chart, limit); !data.empty()) svg.path(data, "limit");
  if (usable(chart.mean)) {
    svg.line(Frame::k_left, frame.y(*chart.mean), Frame::k_width - Frame::k_right, frame.y(*chart.mean), "plan");
    svg.text(Frame::k_width - Frame::k_right, frame.y(*chart.mean) - 5, Svg::Anchor::end,
             fmt::format("mean {}", write_value(*chart.mean, chart.style)), "t mark-t");
  }
  svg.path(value_path(columns, frame, chart), "line thin");
  draw_points(svg, columns, frame, chart);
  svg.line(Frame::k_left, Frame::k_height - Frame::k_bottom, Frame::k_width - Frame::k_right,
           Frame::k_height - Frame::k_bottom, "axis");
  return svg.finish();
}

}  // namespace sitrep::render
