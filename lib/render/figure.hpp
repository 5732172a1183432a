#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "base/zone.hpp"

namespace sitrep::render {

/// How a chart writes its values. Ratios are 0..1 and become percent here.
struct ValueStyle {
  bool percent = false;
  /// "TB"; written after the number. Two are read: "bytes" or "B" becomes KiB, MiB, … and "seconds" or "s" a duration.
  std::string unit;
  bool whole = false;  ///< counts: no tick between two whole numbers
  bool is_bytes() const { return unit == "bytes" || unit == "B"; }
  bool is_duration() const { return unit == "seconds" || unit == "s"; }
};

/// A point that was measured, or forecast when it has a band.
struct LinePoint {
  UnixTime at{};
  std::optional<double> value;         ///< absent: a gap
  std::optional<double> lower, upper;  ///< the interval of a forecast
};

/// A quantity over time with its limit: runway charts. Measured points, then forecast ones with their band.
struct LineChart {
  std::string title, description;
  ValueStyle style;
  std::vector<LinePoint> points;  ///< in order of time
  std::optional<double> limit;
  std::string limit_label = "limit";
  std::optional<UnixTime> mark;  ///< a vertical line: today, an order-by date
  std::string mark_label;
  Zone zone;  ///< of the days on the axis
};

struct BurnPoint {
  UnixTime at{};
  std::optional<double> remaining;  ///< absent: not yet known
  std::optional<double> planned;    ///< what was to be left by then
};

/// What is left against what was planned to be left.
struct BurnDown {
  std::string title, description;
  ValueStyle style;
  std::vector<BurnPoint> points;  ///< in order of time
  std::optional<UnixTime> today;
  Zone zone;
};

struct ControlPoint {
  std::string label;
  std::optional<double> value;
  std::optional<double> lower, upper;  ///< limits at this point; absent: none are known
  std::string signal;                  ///< why the point is unlike the others: "beyond the limit"; empty: it is not
};

/// A Shewhart chart: values with their mean, limits and signals.
struct ControlChart {
  std::string title, description;
  ValueStyle style;
  std::vector<ControlPoint> points;
  std::optional<double> mean;
};

struct BarSeries {
  std::string name;
  std::vector<std::optional<double>> values;  ///< one for each label; absent: no data, drawn as such and never as 0
};

/// Columns by label; several series are stacked.
struct BarChart {
  std::string title, description;
  ValueStyle style;
  std::vector<std::string> labels;
  std::vector<BarSeries> series;
};

/// A line as small as a word.
struct Sparkline {
  std::string title;
  ValueStyle style;
  std::vector<std::optional<double>> values;
};

enum class Status { green, yellow, red, grey };
std::optional<Status> parse_status(std::string_view name);
std::string_view name(Status status);

/// Past states of one thing, oldest first.
struct StatusHistory {
  std::string title;
  std::vector<Status> states;
};

struct GanttBar {
  std::string label;
  std::string group;              ///< program; empty: none
  std::optional<Date> from;       ///< absent: a milestone, drawn at `due`
  std::optional<Date> due;        ///< absent: it has no date, which its row says
  std::optional<Date> first_due;  ///< before it slipped
  std::optional<Date> completed;
  std::optional<Status> status;  ///< absent: nobody judges it
};

struct Gantt {
  std::string title, description;
  std::vector<GanttBar> bars;
  std::optional<Date> today;
};

/// Values by row and column, such as weekday by week.
struct HeatMap {
  std::string title, description;
  ValueStyle style;
  std::vector<std::string> columns;
  struct Row {
    std::string label;
    std::vector<std::optional<double>> values;
  };
  std::vector<Row> rows;
};

using Figure = std::variant<LineChart, BarChart, Sparkline, StatusHistory, Gantt, HeatMap, BurnDown, ControlChart>;

// Charts and badges travel outside the text: Markdown holds a marker made of private-use characters, which data can
// never contain (escape_markdown strips them), and the page holds the figures.

/// The marker of figure number `index`. Alone in its paragraph it is the whole chart, in a line its small form.
/// `drawn_only`: the text beside it holds the same data, so that Markdown and terminals leave it out.
std::string figure_marker(std::size_t index, bool drawn_only = false);
/// The marker of a status with its text: 🔴 red in Markdown, RED in a terminal, a coloured badge in HTML. `text` is the
/// status' own word when empty.
std::string badge_marker(Status status, std::string_view text = {});

/// A piece of text between markers, or a marker.
struct Piece {
  enum class Kind { text, figure, badge } kind = Kind::text;
  std::string_view text;  ///< text: the literal; badge: its text. A view of what was split.
  std::size_t figure = 0;
  Status status = Status::grey;
  bool drawn_only = false;
};
/// Broken markers are dropped.
std::vector<Piece> split_markers(std::string_view text);

/// The number as a chart's axis or label writes it: "12 TB", "83 %", "1.2 M".
std::string write_value(double value, const ValueStyle& style);

/// Unicode forms: one line, no control bytes. "▂▃▅█", gaps as "░".
std::string sparkline_text(const std::vector<std::optional<double>>& values);
std::string history_text(const StatusHistory& history);
/// A figure in the middle of a line.
std::string inline_text(const Figure& figure);
/// A figure of its own, as Markdown: a sparkline with its range, or a table.
std::string block_markdown(const Figure& figure);

/// A figure as SVG. `prefix` keeps ids of several figures on one page apart.
enum class Embedding {
  page,       ///< colours come from the page's style sheet
  standalone  ///< a file of its own: brings its style sheet
};
std::string to_svg(const Figure& figure, std::string_view prefix, Embedding embedding);

}  // namespace sitrep::render
