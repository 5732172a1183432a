#include "docs/charts.hpp"

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/rows.hpp"

namespace sitrep::docs {
namespace {

using templating::CallArguments;
using templating::Dict;
using templating::Function;
using templating::Value;

constexpr std::size_t k_max_points = 200'000;

/// Where charts go, and what they need to read dates.
struct Canvas {
  Figures& figures;
  Calendar calendar;
  UnixTime now;
};

/// What the charts share comes as further named arguments: title, description, unit, percent.
struct Common {
  std::string title, description;
  render::ValueStyle style;
  std::map<std::string, Value, std::less<>> other;
};

Common common(CallArguments& arguments, std::initializer_list<std::string_view> allowed) {
  Common result;
  std::vector<std::string_view> known{"title", "description", "unit", "percent"};
  known.insert(known.end(), allowed.begin(), allowed.end());
  for (const auto& [name, value] : arguments.named_rest()) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      fail(ErrorKind::user_code, "chart.{}: no argument '{}'{}", arguments.function().name, name,
           did_you_mean(name, known));
    if (value.is_none()) continue;
    if (name == "title")
      result.title = templating::to_text(value);
    else if (name == "description")
      result.description = templating::to_text(value);
    else if (name == "unit")
      result.style.unit = templating::to_text(value);
    else if (name == "percent")
      result.style.percent = templating::truth(value);
    else
      result.other.emplace(name, value);
  }
  return result;
}

const templating::List& rows_of(CallArguments& arguments) {
  const auto& rows = arguments.list(0);
  if (rows.size() > k_max_points)
    fail(ErrorKind::user_code, "chart.{}: {} rows are more than a chart can show ({}); aggregate them in SQL",
         arguments.function().name, rows.size(), k_max_points);
  arguments.engine().charge(rows.size());
  return rows;
}

std::optional<std::string> name_of(const Common& options, std::string_view name) {
  const auto found = options.other.find(name);
  return found == options.other.end() ? std::nullopt : std::optional(templating::to_text(found->second));
}

std::vector<std::string> names_of(const Value& value) {
  if (value.is_string()) return {value.string()};
  std::vector<std::string> names;
  for (const auto& item : templating::iterate(value)) names.push_back(templating::to_text(item));
  return names;
}

Value line(Canvas& canvas, CallArguments& arguments) {
  constexpr std::string_view k_where = "chart.line";
  const auto& calendar = canvas.calendar;
  const auto options = common(arguments, {"lower", "upper", "limit", "limit_label", "mark", "mark_label"});
  render::LineChart chart;
  chart.title = options.title;
  chart.description = options.description;
  chart.style = options.style;
  const auto x = arguments.text(1), y = arguments.text(2);
  const auto lower = name_of(options, "lower"), upper = name_of(options, "upper");
  for (const auto& row : rows_of(arguments)) {
    const auto at = time_cell(row, x, calendar, k_where);
    if (!at) continue;
    render::LinePoint point{*at, number_cell(row, y, k_where), {}, {}};
    if (lower) point.lower = number_cell(row, *lower, k_where);
    if (upper) point.upper = number_cell(row, *upper, k_where);
    chart.points.push_back(point);
  }
  std::stable_sort(chart.points.begin(), chart.points.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  if (const auto limit = options.other.find("limit"); limit != options.other.end()) chart.limit = limit->second.real();
  if (const auto label = name_of(options, "limit_label")) chart.limit_label = *label;
  if (const auto mark = options.other.find("mark"); mark != options.other.end()) {
    chart.mark = time_cell(Value(Dict{{"mark", mark->second}}), "mark", calendar, k_where);
    chart.mark_label = name_of(options, "mark_label").value_or("");
  }
  return canvas.figures.add(std::move(chart));
}

Value bar(Canvas& canvas, CallArguments& arguments) {
  const auto options = common(arguments, {"names"});
  render::BarChart chart{options.title, options.description, options.style, {}, {}};
  const auto x = arguments.text(1);
  const auto columns = names_of(arguments[2]);
  auto names = columns;
  if (const auto given = options.other.find("names"); given != options.other.end()) names = names_of(given->second);
  if (names.size() != columns.size())
    fail(ErrorKind::user_code, "chart.bar: names must be as many as the columns of y");
  for (const auto& name : names) chart.series.push_back({name, {}});
  for (const auto& row : rows_of(arguments)) {
    chart.labels.push_back(text_cell(row, x, "chart.bar"));
    for (std::size_t i = 0; i < columns.size(); ++i)
      chart.series[i].values.push_back(number_cell(row, columns[i], "chart.bar"));
  }
  return canvas.figures.add(std::move(chart));
}

Value spark(Canvas& canvas, CallArguments& arguments) {
  const auto options = common(arguments, {});
  render::Sparkline chart{options.title, options.style, {}};
  const auto column = arguments.optional_text(1);
  for (const auto& row : rows_of(arguments)) {
    if (column)
      chart.values.push_back(number_cell(row, *column, "chart.spark"));
    else
      chart.values.push_back(row.is_number() ? std::optional(row.real()) : std::nullopt);
  }
  return canvas.figures.add(std::move(chart));
}

Value states(Canvas& canvas, CallArguments& arguments) {
  render::StatusHistory chart;
  chart.title = common(arguments, {}).title;
  for (const auto& state : rows_of(arguments))
    chart.states.push_back(state.is_string() ? status_of(state.string()) : render::Status::grey);
  return canvas.figures.add(std::move(chart));
}

Value gantt(Canvas& canvas, CallArguments& arguments) {
  constexpr std::string_view k_where = "chart.gantt";
  const auto& calendar = canvas.calendar;
  const auto options = common(arguments, {"start", "was", "done", "status", "group", "today"});
  render::Gantt chart{options.title, options.description, {}, calendar.zone.date_of(canvas.now)};
  const auto label = arguments.text(1), due = arguments.text(2);
  const auto start = name_of(options, "start"), was = name_of(options, "was"), done = name_of(options, "done"),
             status = name_of(options, "status"), group = name_of(options, "group");
  for (const auto& row : rows_of(arguments)) {
    const auto day = date_cell(row, due, calendar, k_where);
    if (!day) continue;
    render::GanttBar bar;
    bar.label = text_cell(row, label, k_where);
    bar.due = *day;
    if (group) bar.group = text_cell(row, *group, k_where);
    if (start) bar.from = date_cell(row, *start, calendar, k_where);
    if (was) bar.first_due = date_cell(row, *was, calendar, k_where);
    if (done) bar.completed = date_cell(row, *done, calendar, k_where);
    if (status) bar.status = status_of(text_cell(row, *status, k_where));
    chart.bars.push_back(std::move(bar));
  }
  return canvas.figures.add(std::move(chart));
}

Value heatmap(Canvas& canvas, CallArguments& arguments) {
  constexpr std::string_view k_where = "chart.heatmap";
  const auto options = common(arguments, {"rows_order", "columns_order"});
  render::HeatMap chart{options.title, options.description, options.style, {}, {}};
  const auto row_name = arguments.text(1), column_name = arguments.text(2), value_name = arguments.text(3);
  // The order given, then that of the rows.
  std::vector<std::string> rows;
  if (const auto order = options.other.find("rows_order"); order != options.other.end()) rows = names_of(order->second);
  if (const auto order = options.other.find("columns_order"); order != options.other.end())
    chart.columns = names_of(order->second);
  const auto position = [](std::vector<std::string>& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    if (names.size() >= 500)
      fail(ErrorKind::user_code, "chart.heatmap: more than 500 rows or columns; aggregate them in SQL");
    names.push_back(name);
    return names.size() - 1;
  };
  std::vector<std::vector<std::optional<double>>> values;
  for (const auto& row : rows_of(arguments)) {
    const auto r = position(rows, text_cell(row, row_name, k_where)),
               c = position(chart.columns, text_cell(row, column_name, k_where));
    if (values.size() <= r) values.resize(r + 1);
    if (values[r].size() <= c) values[r].resize(c + 1);
    values[r][c] = number_cell(row, value_name, k_where);
  }
  values.resize(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) chart.rows.push_back({rows[r], std::move(values[r])});
  return canvas.figures.add(std::move(chart));
}

}  // namespace

Value chart_functions(Figures& figures, const Calendar& calendar, UnixTime now) {
  using Draw = Value (*)(Canvas&, CallArguments&);
  struct Entry {
    const char *name, *parameters, *doc;
    Draw draw;
  };
  static constexpr Entry k_charts[] = {
      {"line", "rows, x='at', y='value', **options",
       "values over time; options: lower, upper (columns), limit, limit_label, mark, mark_label", line},
      {"bar", "rows, x, y, **options", "columns by label; several columns of y are stacked; options: names", bar},
      {"spark", "rows, y=none, **options", "a line as small as a word: of a column, or of a list of numbers", spark},
      {"states", "states, **options", "past states (green, yellow, red, grey), oldest first", states},
      {"gantt", "rows, label='title', due='due_date', **options",
       "dates and how they moved; options: start, was, done, status, group (columns)", gantt},
      {"heatmap", "rows, row, column, value, **options", "values by row and column; options: rows_order, columns_order",
       heatmap},
  };
  Dict charts;
  const auto canvas = std::make_shared<Canvas>(Canvas{figures, calendar, now});
  for (const auto& entry : k_charts)
    charts.set(entry.name, Value::callable(Function(entry.name, entry.parameters, entry.doc,
                                                    [canvas, draw = entry.draw](CallArguments& arguments) {
                                                      return draw(*canvas, arguments);
                                                    })));
  return charts;
}

}  // namespace sitrep::docs
