#include "docs/charts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/chart_options.hpp"
#include "docs/rows.hpp"

namespace sitrep::docs {

using templating::CallArguments;
using templating::Dict;
using templating::Function;
using templating::Value;

Value line_chart(Canvas& canvas, CallArguments& arguments) {
  constexpr std::string_view k_where = "chart.line";
  const auto& calendar = canvas.calendar;
  const auto options = chart_options(arguments);
  render::LineChart chart;
  chart.zone = calendar.zone;
  chart.title = options.title;
  chart.description = options.description;
  chart.style = options.style;
  const auto x = arguments.text(1), y = arguments.text(2);
  const auto lower = options.text("lower"), upper = options.text("upper");
  std::int64_t undated = 0;
  for (const auto& row : chart_rows(arguments)) {
    const auto at = time_cell(row, x, calendar, k_where);
    if (!at) {
      ++undated;
      continue;
    }
    render::LinePoint point{*at, number_cell(row, y, k_where), {}, {}};
    if (lower) point.lower = number_cell(row, *lower, k_where);
    if (upper) point.upper = number_cell(row, *upper, k_where);
    chart.points.push_back(point);
  }
  if (undated > 0) chart.title += fmt::format(" (without {} that no time is known of)", count_of(undated, "row"));
  std::stable_sort(chart.points.begin(), chart.points.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  if (const auto limit = options.other.find("limit"); limit != options.other.end()) chart.limit = limit->second.real();
  if (const auto label = options.text("limit_label")) chart.limit_label = *label;
  if (const auto mark = options.other.find("mark"); mark != options.other.end()) {
    chart.mark = time_cell(Value(Dict{{"mark", mark->second}}), "mark", calendar, k_where);
    chart.mark_label = options.text("mark_label").value_or("");
  }
  return canvas.figures.add(std::move(chart), options.beside);
}

Value bar_chart(Canvas& canvas, CallArguments& arguments) {
  const auto options = chart_options(arguments);
  render::BarChart chart{options.title, options.description, options.style, {}, {}};
  const auto x = arguments.text(1);
  const auto columns = names_of(arguments[2]);
  auto names = columns;
  if (const auto given = options.other.find("names"); given != options.other.end()) names = names_of(given->second);
  if (names.size() != columns.size())
    fail(ErrorKind::user_code, "chart.bar: names must be as many as the columns of y");
  for (const auto& name : names) chart.series.push_back({name, {}});
  for (const auto& row : chart_rows(arguments)) {
    chart.labels.push_back(text_cell(row, x, "chart.bar"));
    for (std::size_t i = 0; i < columns.size(); ++i)
      chart.series[i].values.push_back(number_cell(row, columns[i], "chart.bar"));
  }
  return canvas.figures.add(std::move(chart), options.beside);
}

Value spark_chart(Canvas& canvas, CallArguments& arguments) {
  const auto options = chart_options(arguments);
  render::Sparkline chart{options.title, options.style, {}};
  const auto column = arguments.optional_text(1);
  for (const auto& row : chart_rows(arguments)) {
    if (column)
      chart.values.push_back(number_cell(row, *column, "chart.spark"));
    else
      chart.values.push_back(row.is_number() ? std::optional(drawable(row.real(), "chart.spark")) : std::nullopt);
  }
  return canvas.figures.add(std::move(chart), options.beside);
}

Value states_chart(Canvas& canvas, CallArguments& arguments) {
  const auto options = chart_options(arguments);
  render::StatusHistory chart;
  chart.title = options.title;
  for (const auto& state : chart_rows(arguments))
    chart.states.push_back(state.is_string() ? status_of(state.string()) : render::Status::grey);
  return canvas.figures.add(std::move(chart), options.beside);
}

Value chart_functions(Figures& figures, const Calendar& calendar, UnixTime now) {
  using Draw = Value (*)(Canvas&, CallArguments&);
  struct Entry {
    const char *name, *parameters, *doc;
    Draw draw;
  };
  static constexpr Entry k_charts[] = {
      {"line", "rows, x='at', y='value', *, lower, upper, limit, limit_label, mark, mark_label",
       "values over time, with a band between the columns lower and upper", line_chart},
      {"bar", "rows, x, y, *, names", "columns by label; several columns of y are stacked", bar_chart},
      {"spark", "rows, y=none, *", "a line as small as a word: of a column, or of a list of numbers", spark_chart},
      {"states", "states, *", "past states (green, yellow, red, grey), oldest first", states_chart},
      {"gantt", "rows, label='title', due='due_date', *, start, was, done, status, group",
       "dates and how they moved; the options are columns", gantt_chart},
      {"heatmap", "rows, row, column, value, *, rows_order, columns_order", "values by row and column", heatmap_chart},
      {"burndown", "rows, at='at', remaining='remaining', planned='planned', *",
       "what is left against what was planned to be left", burndown_chart},
      {"control", "limits, *", "a control chart of what control_limits() gave: mean, limits, signals", control_chart},
  };
  constexpr std::string_view k_shared_options = ", title, description, unit, percent, beside";
  Dict charts;
  const auto canvas = std::make_shared<Canvas>(Canvas{figures, calendar, now});
  for (const auto& entry : k_charts)
    charts.set(entry.name, Value::callable(Function(entry.name, entry.parameters + std::string(k_shared_options),
                                                    entry.doc, [canvas, draw = entry.draw](CallArguments& arguments) {
                                                      return draw(*canvas, arguments);
                                                    })));
  return charts;
}

}  // namespace sitrep::docs
