#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "docs/run.hpp"

// What the chart functions of templates share: how they read their arguments.
namespace sitrep::docs {

/// Where charts go, and what they need to read dates.
struct Canvas {
  Figures& figures;
  Calendar calendar;
  UnixTime now;
};

/// What the charts share comes as further named arguments: title, description, unit, percent, beside (true: a table
/// beside the chart holds the same data, so that the chart is only drawn).
struct ChartOptions {
  std::string title, description;
  render::ValueStyle style;
  bool beside = false;
  std::map<std::string, templating::Value, std::less<>> other;

  /// The option as text; nullopt when it is not given.
  std::optional<std::string> text(std::string_view name) const;
};

ChartOptions chart_options(const templating::CallArguments& arguments);
/// The rows that the first argument is; Error{user_code} when they are more than a chart can show.
const templating::List& chart_rows(templating::CallArguments& arguments);
/// One name, or a list of them.
std::vector<std::string> names_of(const templating::Value& value);

// The charts themselves; each gives the marker of its figure.
templating::Value line_chart(Canvas& canvas, templating::CallArguments& arguments);
templating::Value bar_chart(Canvas& canvas, templating::CallArguments& arguments);
templating::Value spark_chart(Canvas& canvas, templating::CallArguments& arguments);
templating::Value states_chart(Canvas& canvas, templating::CallArguments& arguments);
templating::Value gantt_chart(Canvas& canvas, templating::CallArguments& arguments);
templating::Value heatmap_chart(Canvas& canvas, templating::CallArguments& arguments);
templating::Value burndown_chart(Canvas& canvas, templating::CallArguments& arguments);
templating::Value control_chart(Canvas& canvas, templating::CallArguments& arguments);

/// control_limits(rows, x, y, baseline, area): mean, limits and signals of a series, for texts and chart.control.
templating::Value control_limits(templating::CallArguments& arguments);

}  // namespace sitrep::docs
