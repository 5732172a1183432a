#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "render/svg.hpp"

// Charts as small as words, and the heat map.
namespace sitrep::render {

std::string draw(const Sparkline& chart, std::string_view prefix, Embedding embedding) {
  constexpr double k_width = 110, k_height = 22;
  Svg svg(k_width, k_height, prefix, embedding);
  svg.describe(chart.title.empty() ? "trend" : chart.title, block_markdown(Sparkline{"", chart.style, chart.values}));
  double low = 0, high = 0;
  bool any = false;
  for (const auto& value : chart.values) {
    if (!value || !std::isfinite(*value)) continue;
    low = any ? std::min(low, *value) : *value;
    high = any ? std::max(high, *value) : *value;
    any = true;
  }
  if (!any) {
    svg.text(k_width / 2, 15, Svg::Anchor::middle, "no data");
    return svg.finish();
  }
  const auto count = static_cast<double>(std::max<std::size_t>(2, chart.values.size()) - 1);
  std::string data;
  bool pen_up = true;
  double x = 0, y = 0;
  for (std::size_t i = 0; i < chart.values.size(); ++i) {
    if (!chart.values[i] || !std::isfinite(*chart.values[i])) {
      pen_up = true;
      continue;
    }
    x = 4 + (k_width - 8) * static_cast<double>(i) / count;
    y = high > low ? k_height - 4 - (k_height - 8) * (*chart.values[i] - low) / (high - low) : k_height / 2;
    data += fmt::format("{}{} {}", pen_up ? "M" : "L", coordinate(x), coordinate(y));
    pen_up = false;
  }
  svg.path(data, "line thin");
  svg.circle(x, y, 2.4, "dot");
  return svg.finish();
}

std::string draw(const StatusHistory& chart, std::string_view prefix, Embedding embedding) {
  constexpr double k_cell = 9, k_height = 22;
  Svg svg(std::max(k_cell, k_cell * static_cast<double>(chart.states.size())), k_height, prefix, embedding);
  std::string words;
  for (const auto state : chart.states) words += fmt::format("{}{}", words.empty() ? "" : ", ", name(state));
  svg.describe(chart.title.empty() ? "past states" : chart.title, words);
  for (std::size_t i = 0; i < chart.states.size(); ++i) {
    const auto state = chart.states[i];
    // The height says the same as the colour.
    const double height = state == Status::red ? 19 : state == Status::yellow ? 12 : 6;
    svg.rect(k_cell * static_cast<double>(i) + 0.5, k_height - 1.5 - height, k_cell - 2, height,
             fmt::format("st {}", name(state)));
  }
  return svg.finish();
}

std::string draw(const HeatMap& chart, std::string_view prefix, Embedding embedding) {
  constexpr double k_width = 640, k_left = 110, k_top = 22;
  constexpr int k_shades = 5;
  const auto columns = static_cast<double>(std::max<std::size_t>(1, chart.columns.size()));
  const double cell = std::min(46.0, (k_width - k_left - 6) / columns), row_height = std::min(cell, 26.0);
  Svg svg(k_width, k_top + row_height * static_cast<double>(std::max<std::size_t>(1, chart.rows.size())) + 6, prefix,
          embedding);
  svg.describe(chart.title, chart.description.empty()
                                ? fmt::format("{} by {}", count_of(static_cast<std::int64_t>(chart.rows.size()), "row"),
                                              count_of(static_cast<std::int64_t>(chart.columns.size()), "column"))
                                : chart.description);
  if (chart.rows.empty() || chart.columns.empty()) {
    svg.text(k_width / 2, k_top, Svg::Anchor::middle, "no data");
    return svg.finish();
  }
  double high = 0;
  for (const auto& row : chart.rows)
    for (const auto& value : row.values)
      if (value && std::isfinite(*value)) high = std::max(high, *value);
  const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(40 / cell)));
  const auto heads = fit_labels(chart.columns, cell * static_cast<double>(every));
  for (std::size_t c = 0; c < chart.columns.size(); c += every)
    svg.text(k_left + cell * (static_cast<double>(c) + 0.5), k_top - 7, Svg::Anchor::middle, heads[c]);
  std::vector<std::string> names;
  for (const auto& row : chart.rows) names.push_back(row.label);
  names = fit_labels(std::move(names), k_left - 12);
  for (std::size_t r = 0; r < chart.rows.size(); ++r) {
    const double y = k_top + row_height * static_cast<double>(r);
    svg.text(k_left - 8, y + row_height / 2 + 4, Svg::Anchor::end, names[r]);
    for (std::size_t c = 0; c < chart.columns.size(); ++c) {
      const auto value = c < chart.rows[r].values.size() ? chart.rows[r].values[c] : std::nullopt;
      const double x = k_left + cell * static_cast<double>(c);
      const auto where = fmt::format("{}, {}", chart.rows[r].label, chart.columns[c]);
      if (!value || !std::isfinite(*value)) {
        svg.rect(x + 1, y + 1, cell - 2, row_height - 2, "missing", where + ": no data");
        continue;
      }
      const int shade =
          high > 0 && *value > 0 ? std::min(k_shades, 1 + static_cast<int>(*value / high * (k_shades - 0.001))) : 0;
      svg.rect(x + 1, y + 1, cell - 2, row_height - 2, fmt::format("h{}", shade),
               fmt::format("{}: {}", where, write_value(*value, chart.style)));
      if (cell >= 24 && *value != 0)
        svg.text(x + cell / 2, y + row_height / 2 + 4, Svg::Anchor::middle,
                 write_value(*value, {chart.style.percent, ""}), shade >= 3 ? "t on-dark" : "t");
    }
  }
  return svg.finish();
}

}  // namespace sitrep::render
