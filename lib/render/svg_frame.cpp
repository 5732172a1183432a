#include "render/svg_frame.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace sitrep::render {

double Frame::x(UnixTime at) const {
  const auto span = std::max<std::int64_t>(1, (to - from).count());
  return k_left + (k_width - k_left - k_right) * static_cast<double>((at - from).count()) / static_cast<double>(span);
}

double Frame::y(double value) const {
  return k_height - k_bottom - (k_height - k_top - k_bottom) * (value - low) / (high - low);
}

void draw_grid(Svg& svg, double left, double right, const std::vector<double>& ticks, const ValueStyle& style,
               const std::function<double(double)>& y_of) {
  constexpr double k_gap = 8, k_letter = 6.6;  // of a digit
  auto short_style = style;
  if (std::any_of(ticks.begin(), ticks.end(),
                  [&](double tick) {
                    return static_cast<double>(display_width(write_value(tick, style))) * k_letter > left - k_gap;
                  }) &&
      !style.is_bytes() && !style.is_duration()) {
    short_style.unit.clear();
    svg.text(left, 9, Svg::Anchor::start, style.unit);
  }
  for (const double tick : ticks) {
    svg.line(left, y_of(tick), right, y_of(tick), "grid");
    svg.text(left - k_gap, y_of(tick) + 4, Svg::Anchor::end, write_value(tick, short_style));
  }
}

void draw_axes(Svg& svg, const Frame& frame, const std::vector<double>& ticks, const ValueStyle& style) {
  draw_grid(svg, Frame::k_left, Frame::k_width - Frame::k_right, ticks, style,
            [&](double value) { return frame.y(value); });
  const double bottom = Frame::k_height - Frame::k_bottom;
  for (const auto& tick : date_ticks(frame.from, frame.to, 7, frame.zone)) {
    svg.line(frame.x(tick.at), bottom, frame.x(tick.at), bottom + 4, "axis");
    svg.text(frame.x(tick.at), Frame::k_height - 8, Svg::Anchor::middle, tick.label);
  }
  svg.line(Frame::k_left, bottom, Frame::k_width - Frame::k_right, bottom, "axis");
}

void draw_mark(Svg& svg, const Frame& frame, UnixTime at, std::string_view label) {
  const double x = frame.x(at);
  svg.line(x, Frame::k_top - 6, x, Frame::k_height - Frame::k_bottom, "mark");
  const bool near_end = x > Frame::k_width * 0.75;
  svg.text(near_end ? x - 5 : x + 5, Frame::k_top - 2, near_end ? Svg::Anchor::end : Svg::Anchor::start, label,
           "t mark-t");
}

}  // namespace sitrep::render
