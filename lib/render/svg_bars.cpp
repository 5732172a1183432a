#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "render/svg_frame.hpp"

namespace sitrep::render {
namespace {

constexpr double k_width = 640, k_height = 220;
constexpr double k_left = 56, k_right = 10, k_top = 12;

std::optional<double> value_at(const BarSeries& series, std::size_t index) {
  if (index >= series.values.size() || !series.values[index]) return std::nullopt;
  const double value = *series.values[index];
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// How far the stacks go above zero, and below: what is negative is stacked downwards.
std::pair<double, double> reach(const BarChart& chart) {
  double lowest = 0, highest = 0;
  for (std::size_t i = 0; i < chart.labels.size(); ++i) {
    double below = 0, above = 0;
    for (const auto& series : chart.series) {
      const double value = value_at(series, i).value_or(0);
      (value < 0 ? below : above) += value;
    }
    lowest = std::min(lowest, below);
    highest = std::max(highest, above);
  }
  return {lowest, highest};
}

/// Counts have no tick between two whole numbers.
bool all_whole(const BarChart& chart) {
  return std::all_of(chart.series.begin(), chart.series.end(), [](const BarSeries& series) {
    return std::all_of(series.values.begin(), series.values.end(),
                       [](const std::optional<double>& value) { return !value || *value == std::floor(*value); });
  });
}

void draw_legend(Svg& svg, const BarChart& chart, double y) {
  double x = k_left;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const auto label = fit_label(chart.series[i].name, 110);
    svg.series_rect(i, x, y - 10, 12, 12, {});
    svg.text(x + 17, y, Svg::Anchor::start, label);
    x += 34 + 7 * static_cast<double>(label.size());
    if (x > k_width - 80) {
      x = k_left;
      y += 18;
    }
  }
}

}  // namespace

std::string draw(const BarChart& chart, std::string_view prefix, Embedding embedding) {
  const bool legend = chart.series.size() > 1;
  const double bottom = legend ? 48 : 26;
  const double base = k_height - bottom;
  Svg svg(k_width, k_height, prefix, embedding);
  svg.describe(chart.title, chart.description.empty() && !chart.labels.empty()
                                ? fmt::format("{} to {}, in {}", chart.labels.front(), chart.labels.back(),
                                              count_of(static_cast<std::int64_t>(chart.labels.size()), "column"))
                                : chart.description);
  if (chart.labels.empty() || chart.series.empty()) {
    svg.text(k_width / 2, k_height / 2, Svg::Anchor::middle, "no data");
    return svg.finish();
  }
  auto style = chart.style;
  style.whole = style.whole || all_whole(chart);
  const auto [lowest, highest] = reach(chart);
  const double least = lowest < 0 ? 0.0 : chart.style.percent ? 0.01 : 1.0;
  const auto ticks = value_ticks(lowest, std::max(highest, least), 4, style);
  const auto y_of = [&](double value) {
    return base - (base - k_top) * (value - ticks.front()) / (ticks.back() - ticks.front());
  };
  draw_grid(svg, k_left, k_width - k_right, ticks, chart.style, y_of);
  const double slot = (k_width - k_left - k_right) / static_cast<double>(chart.labels.size());
  const double bar = std::min(44.0, slot * 0.68);
  // Every label when they fit, otherwise every second, third …
  const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(46 / slot)));
  const auto labels = fit_labels(chart.labels, slot * static_cast<double>(every));
  for (std::size_t i = 0; i < chart.labels.size(); ++i) {
    const double middle = k_left + slot * (static_cast<double>(i) + 0.5);
    double above = 0, below = 0;
    bool any = false;
    for (std::size_t s = 0; s < chart.series.size(); ++s) {
      const auto value = value_at(chart.series[s], i);
      if (!value) continue;
      any = true;
      const auto tooltip =
          fmt::format("{}, {}: {}", chart.labels[i], chart.series[s].name, write_value(*value, chart.style));
      auto& stacked = *value < 0 ? below : above;
      const double from = stacked, to = stacked += *value;
      if (from != to)
        svg.series_rect(s, middle - bar / 2, y_of(std::max(from, to)), bar, std::abs(y_of(from) - y_of(to)), tooltip);
    }
    if (!any) svg.rect(middle - bar / 2, y_of(0) - 14, bar, 14, "missing", fmt::format("{}: no data", chart.labels[i]));
    if (i % every == 0) svg.text(middle, base + 16, Svg::Anchor::middle, labels[i]);
  }
  svg.line(k_left, y_of(0), k_width - k_right, y_of(0), "axis");
  if (legend) draw_legend(svg, chart, k_height - 8);
  return svg.finish();
}

}  // namespace sitrep::render
