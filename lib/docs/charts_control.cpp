#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "docs/chart_options.hpp"
#include "docs/rows.hpp"
#include "metrics/control_charts.hpp"

namespace sitrep::docs {

using templating::CallArguments;
using templating::Dict;
using templating::List;
using templating::Value;

namespace {

struct Point {
  std::string label;
  std::optional<double> value, area;
  std::optional<double> lower, upper;
  std::string signal;
};

struct Limits {
  std::vector<Point> points;
  std::optional<double> mean;
  std::string reason;  ///< why there are no limits
};

std::string with_side(metrics::Signal signal, bool above) {
  switch (signal) {
    case metrics::Signal::beyond_limit:
      return above ? "above the limit" : "below the limit";
    case metrics::Signal::eight_one_side:
      return above ? "eight in a row above the mean" : "eight in a row below the mean";
    case metrics::Signal::two_of_three:
      break;
  }
  return above ? "two of three far above the mean" : "two of three far below the mean";
}

/// Individuals and moving ranges: limits of the first `baseline` values, signals in those after them.
void add_individual_limits(Limits& limits, std::size_t baseline) {
  std::vector<double> values;
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < limits.points.size(); ++i) {
    if (!limits.points[i].value) continue;
    values.push_back(*limits.points[i].value);
    at.push_back(i);
  }
  if (values.size() < metrics::k_baseline_points || baseline < metrics::k_baseline_points) {
    limits.reason =
        fmt::format("n = {}, needs {} as a baseline", std::min(values.size(), baseline), metrics::k_baseline_points);
    return;
  }
  baseline = std::min(baseline, values.size());
  const auto begin = values.begin(), end = begin + static_cast<std::ptrdiff_t>(baseline);
  const bool counts = std::all_of(values.begin(), values.end(), [](double v) { return v >= 0 && v == std::floor(v); });
  if (counts && std::accumulate(begin, end, 0.0) / static_cast<double>(baseline) < metrics::k_low_count) {
    limits.reason = "too few events for limits";
    return;
  }
  const auto xmr = metrics::xmr_limits(std::span(values).first(baseline));
  if (!xmr) return;
  limits.mean = xmr->mean;
  const bool never_negative = std::all_of(values.begin(), values.end(), [](double value) { return value >= 0; });
  for (auto& point : limits.points) {
    point.lower = never_negative ? std::max(0.0, xmr->lower) : xmr->lower;
    point.upper = xmr->upper;
  }
  for (const auto& signal : metrics::signals(std::span(values).subspan(baseline), *xmr)) {
    auto& text = limits.points[at[baseline + signal.index]].signal;
    if (text.empty()) text = with_side(signal.signal, signal.above);
  }
}

/// Events per unit of opportunity: each point has the limits of its own area.
void add_rate_limits(Limits& limits) {
  std::vector<std::int64_t> counts;
  std::vector<double> areas;
  std::vector<Point*> measured;
  for (auto& point : limits.points) {
    if (!point.value || !point.area || *point.area <= 0) continue;
    counts.push_back(std::llround(*point.value));
    areas.push_back(*point.area);
    measured.push_back(&point);
  }
  const auto chart = metrics::u_chart(counts, areas);
  if (!chart || counts.size() < metrics::k_baseline_points || chart->low_counts) {
    limits.reason = chart && chart->low_counts
                        ? "too few events for limits"
                        : fmt::format("n = {}, needs {}", counts.size(), metrics::k_baseline_points);
  } else {
    limits.mean = chart->mean;
    for (std::size_t i = 0; i < measured.size(); ++i) {
      measured[i]->lower = chart->limits[i].lower;
      measured[i]->upper = chart->limits[i].upper;
    }
    for (const auto i : chart->beyond)
      measured[i]->signal =
          with_side(metrics::Signal::beyond_limit, static_cast<double>(counts[i]) / areas[i] > chart->mean);
  }
  for (auto& point : limits.points)
    point.value =
        point.value && point.area && *point.area > 0 ? std::optional(*point.value / *point.area) : std::nullopt;
}

Value real_or_none(const std::optional<double>& value) { return value ? Value(*value) : Value::none(); }

Value as_value(const Limits& limits) {
  List points, signals;
  for (const auto& point : limits.points) {
    const Dict row{{"label", point.label},
                   {"value", real_or_none(point.value)},
                   {"lower", real_or_none(point.lower)},
                   {"upper", real_or_none(point.upper)},
                   {"signal", point.signal.empty() ? Value::none() : Value(point.signal)}};
    if (!point.signal.empty()) signals.push_back(row);
    points.push_back(row);
  }
  return Dict{{"points", std::move(points)},
              {"mean", real_or_none(limits.mean)},
              {"signals", std::move(signals)},
              {"reason", limits.reason.empty() ? Value::none() : Value(limits.reason)}};
}

}  // namespace

Value control_limits(CallArguments& arguments) {
  constexpr std::string_view k_where = "control_limits";
  const auto x = arguments.text(1), y = arguments.text(2);
  const auto baseline = arguments.optional_integer(3);
  const auto area = arguments.optional_text(4);
  Limits limits;
  for (const auto& row : chart_rows(arguments))
    limits.points.push_back({text_cell(row, x, k_where),
                             number_cell(row, y, k_where),
                             area ? number_cell(row, *area, k_where) : std::nullopt,
                             {},
                             {},
                             {}});
  if (area)
    add_rate_limits(limits);
  else  // By default the last third, up to twelve points, is judged by those before it.
    add_individual_limits(limits, baseline
                                      ? static_cast<std::size_t>(std::max<std::int64_t>(0, *baseline))
                                      : limits.points.size() - std::min<std::size_t>(12, limits.points.size() / 3));
  return as_value(limits);
}

Value control_chart(Canvas& canvas, CallArguments& arguments) {
  constexpr std::string_view k_where = "chart.control";
  const auto options = chart_options(arguments);
  const auto& limits = arguments[0];
  const auto* points = limits.is_dict() ? limits.find("points") : nullptr;
  if (points == nullptr || !points->is_list())
    fail(ErrorKind::user_code, "chart.control takes what control_limits() gave");
  render::ControlChart chart{options.title, options.description, options.style, {}, {}};
  for (const auto& row : points->list())
    chart.points.push_back({text_cell(row, "label", k_where), number_cell(row, "value", k_where),
                            number_cell(row, "lower", k_where), number_cell(row, "upper", k_where),
                            text_cell(row, "signal", k_where)});
  if (const auto* mean = limits.find("mean"); mean != nullptr && mean->is_number()) chart.mean = mean->real();
  return canvas.figures.add(std::move(chart), options.beside);
}

Value burndown_chart(Canvas& canvas, CallArguments& arguments) {
  constexpr std::string_view k_where = "chart.burndown";
  const auto options = chart_options(arguments);
  const auto at = arguments.text(1), remaining = arguments.text(2), planned = arguments.text(3);
  render::BurnDown chart{options.title, options.description, options.style, {}, canvas.now, canvas.calendar.zone};
  chart.style.whole = true;
  for (const auto& row : chart_rows(arguments))
    if (const auto moment = time_cell(row, at, canvas.calendar, k_where))
      chart.points.push_back({*moment, number_cell(row, remaining, k_where), number_cell(row, planned, k_where)});
  std::stable_sort(chart.points.begin(), chart.points.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return canvas.figures.add(std::move(chart), options.beside);
}

}  // namespace sitrep::docs
