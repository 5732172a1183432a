#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/chart_options.hpp"
#include "docs/rows.hpp"

namespace sitrep::docs {

using templating::CallArguments;
using templating::Value;

Value gantt_chart(Canvas& canvas, CallArguments& arguments) {
  constexpr std::string_view k_where = "chart.gantt";
  const auto& calendar = canvas.calendar;
  const auto options = chart_options(arguments);
  render::Gantt chart{options.title, options.description, {}, calendar.zone.date_of(canvas.now)};
  const auto label = arguments.text(1), due = arguments.text(2);
  const auto start = options.text("start"), was = options.text("was"), done = options.text("done"),
             status = options.text("status"), group = options.text("group");
  for (const auto& row : chart_rows(arguments)) {
    render::GanttBar bar;
    bar.label = text_cell(row, label, k_where);
    bar.due = date_cell(row, due, calendar, k_where);
    if (group) bar.group = text_cell(row, *group, k_where);
    if (start) bar.from = date_cell(row, *start, calendar, k_where);
    if (was) bar.first_due = date_cell(row, *was, calendar, k_where);
    if (done) bar.completed = date_cell(row, *done, calendar, k_where);
    if (status) bar.status = status_of(text_cell(row, *status, k_where));
    chart.bars.push_back(std::move(bar));
  }
  return canvas.figures.add(std::move(chart), options.beside);
}

Value heatmap_chart(Canvas& canvas, CallArguments& arguments) {
  constexpr std::string_view k_where = "chart.heatmap";
  const auto options = chart_options(arguments);
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
  for (const auto& row : chart_rows(arguments)) {
    const auto r = position(rows, text_cell(row, row_name, k_where)),
               c = position(chart.columns, text_cell(row, column_name, k_where));
    if (values.size() <= r) values.resize(r + 1);
    if (values[r].size() <= c) values[r].resize(c + 1);
    if (values[r][c])
      fail(ErrorKind::user_code, "chart.heatmap: two rows say what is at '{}', '{}'; add them up in SQL",
           visible(rows[r]), visible(chart.columns[c]));
    values[r][c] = number_cell(row, value_name, k_where);
  }
  values.resize(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) chart.rows.push_back({rows[r], std::move(values[r])});
  return canvas.figures.add(std::move(chart), options.beside);
}

}  // namespace sitrep::docs
