#include <fmt/core.h>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "docs/chart_options.hpp"
#include "docs/charts.hpp"
#include "docs/rows.hpp"
#include "docs/run.hpp"
#include "render/escape.hpp"
#include "render/format.hpp"

namespace sitrep::docs {
namespace {

using templating::CallArguments;
using templating::Dict;
using templating::Function;
using templating::Value;

struct TableColumn {
  std::string key, title;
};

/// columns=["title", "due_date"], or {"title": "milestone", "due_date": "due"} to name them.
std::vector<TableColumn> columns_of(const Value& columns, const templating::List& rows) {
  std::vector<TableColumn> result;
  if (columns.is_dict()) {
    for (const auto& [key, title] : columns.dict())
      result.push_back({templating::to_text(key), templating::to_text(title)});
  } else if (columns.is_list()) {
    for (const auto& key : columns.list()) result.push_back({templating::to_text(key), templating::to_text(key)});
  } else if (columns.is_none()) {
    if (!rows.empty() && rows.front().is_dict())
      for (const auto& entry : rows.front().dict())
        result.push_back({templating::to_text(entry.first), templating::to_text(entry.first)});
  } else {
    fail(ErrorKind::user_code, "table: columns must be a list of names or a dict of names and titles");
  }
  return result;
}

std::string cell_text(const Value& value) {
  if (value.is_none()) return "";
  if (value.is_markup()) return replace_all(value.string(), "\n", " ");
  if (value.is_real()) return render::number(value.real());
  if (value.is_integer()) return group_thousands(value.integer());
  return render::escape_markdown(templating::to_text(value));
}

Value table(CallArguments& arguments) {
  const auto& rows = arguments.list(0);
  if (rows.empty()) return Value::markup(render::escape_markdown(arguments.text(2)));
  const auto columns = columns_of(arguments[1], rows);
  if (columns.empty()) fail(ErrorKind::user_code, "table: no columns");
  std::string head = "|", rule = "|", body;
  std::vector<bool> numeric(columns.size(), true);
  arguments.engine().charge(rows.size() * columns.size());
  for (const auto& row : rows) {
    body += "\n|";
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto& value = cell(row, columns[c].key, "table");
      if (!value.is_none() && !(value.is_number() && !value.is_boolean())) numeric[c] = false;
      body += fmt::format(" {} |", cell_text(value));
    }
  }
  for (std::size_t c = 0; c < columns.size(); ++c) {
    head += fmt::format(" {} |", render::escape_markdown(columns[c].title));
    rule += numeric[c] ? " ---: |" : " --- |";
  }
  return Value::markup(head + "\n" + rule + body);
}

Value badge(CallArguments& arguments) {
  const auto color = arguments.text(0);
  auto words = arguments.optional_text(1);
  if (!words && !render::parse_status(lower_ascii(color))) words = color;  // somebody's word that is no color
  return Value::markup(render::badge_marker(status_of(color), words ? render::escape_markdown(*words) : ""));
}

}  // namespace

void add_show_functions(templating::Environment& environment, Figures& figures, const Calendar& calendar,
                        UnixTime now) {
  environment.add_function(Function("table", "rows, columns=none, empty='none'",
                                    "rows as a table; columns: a list of names, or a dict of names and titles", table));
  environment.add_function(
      Function("badge", "status, text=none", "a status (green, yellow, red, grey) as a coloured word", badge));
  environment.add_function(Function("control_limits", "rows, x, y, baseline=none, area=none",
                                    "mean, limits and signals of a series: limits from the first `baseline` rows, or "
                                    "of a rate per `area` (a column)",
                                    control_limits));
  environment.add_global("chart", chart_functions(figures, calendar, now));
}

}  // namespace sitrep::docs
