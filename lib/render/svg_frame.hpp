#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include "render/svg.hpp"

// The axes that charts over time share.
namespace sitrep::render {

inline bool usable(const std::optional<double>& value) { return value && std::isfinite(*value); }

/// Where values and moments lie.
struct Frame {
  static constexpr double k_width = 640, k_height = 230;
  static constexpr double k_left = 62, k_right = 18, k_top = 20, k_bottom = 28;
  UnixTime from{}, to{};
  double low = 0, high = 1;
  Zone zone;
  double x(UnixTime at) const;
  double y(double value) const;
};

/// Grid lines with their values between `left` and `right`. A unit that has no room beside a value stands above them.
void draw_grid(Svg& svg, double left, double right, const std::vector<double>& ticks, const ValueStyle& style,
               const std::function<double(double)>& y_of);
/// Grid lines with their values, ticks with their days, and the line below.
void draw_axes(Svg& svg, const Frame& frame, const std::vector<double>& ticks, const ValueStyle& style);
/// A vertical line with its label, on the side where there is room.
void draw_mark(Svg& svg, const Frame& frame, UnixTime at, std::string_view label);

}  // namespace sitrep::render
