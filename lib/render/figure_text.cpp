#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/numbers.hpp"
#include "base/time.hpp"
#include "render/escape.hpp"
#include "render/figure.hpp"

namespace sitrep::render {
namespace {

constexpr std::array<std::string_view, 8> k_blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::string_view k_gap = "░";

struct Range {
  double low = 0, high = 0, last = 0;
  bool any = false;
  void add(double value) {
    low = any ? std::min(low, value) : value;
    high = any ? std::max(high, value) : value;
    last = value;
    any = true;
  }
};

Range range_of(const std::vector<std::optional<double>>& values) {
  Range range;
  for (const auto& value : values)
    if (value && std::isfinite(*value)) range.add(*value);
  return range;
}

std::string write_optional(const std::optional<double>& value, const ValueStyle& style) {
  return value ? write_value(*value, style) : "no data";
}

/// "12 to 83 TB, now 80 TB" of what was measured.
std::string range_text(const Range& range, const ValueStyle& style) {
  if (range.low == range.high) return fmt::format("{} throughout", write_value(range.last, style));
  return fmt::format("{} to {}, last {}", write_value(range.low, style), write_value(range.high, style),
                     write_value(range.last, style));
}

/// At most `most` values, each the last known of its stretch, so that a long series stays one line.
std::vector<std::optional<double>> thinned(const std::vector<std::optional<double>>& values, std::size_t most) {
  if (values.size() <= most) return values;
  std::vector<std::optional<double>> thin(most);
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& slot = thin[i * most / values.size()];
    if (values[i]) slot = values[i];
  }
  return thin;
}

std::string title_line(const std::string& title) {
  return title.empty() ? std::string() : fmt::format("**{}**  \n", escape_markdown(title));
}

std::string block(const LineChart& chart) {
  std::vector<std::optional<double>> measured;
  std::optional<LinePoint> end;
  for (const auto& point : chart.points) {
    if (point.lower || point.upper)
      end = point;
    else
      measured.push_back(point.value);
  }
  auto text = title_line(chart.title);
  const auto range = range_of(measured);
  if (!range.any) return text + "no data";
  text += fmt::format("{}  {}", sparkline_text(thinned(measured, 48)), range_text(range, chart.style));
  if (chart.limit)
    text += fmt::format("; {} {}", escape_markdown(chart.limit_label), write_value(*chart.limit, chart.style));
  if (end && end->lower && end->upper)
    text += fmt::format("; forecast for {}: {} to {}", format_date(std::chrono::floor<std::chrono::days>(end->at)),
                        write_value(*end->lower, chart.style), write_value(*end->upper, chart.style));
  return text;
}

/// Many columns read better as one line for each series than as one row for each column.
constexpr std::size_t k_most_columns = 8;

std::string trends_head(const std::vector<std::string>& labels) {
  return fmt::format("| | {} – {} | |\n| --- | --- | --- |", escape_markdown(labels.front()),
                     escape_markdown(labels.back()));
}

std::string trend(const std::string& name, const std::vector<std::optional<double>>& values, const ValueStyle& style) {
  const auto range = range_of(values);
  return fmt::format("\n| {} | {} | {} |", escape_markdown(name), sparkline_text(thinned(values, 48)),
                     range.any ? range_text(range, style) : "no data");
}

std::string block(const BarChart& chart) {
  auto text = title_line(chart.title);
  if (chart.labels.empty()) return text + "no data";
  if (!text.empty()) text.replace(text.size() - 3, 3, "\n\n");
  if (chart.labels.size() > k_most_columns) {
    text += trends_head(chart.labels);
    for (const auto& series : chart.series) text += trend(series.name, series.values, chart.style);
    return text;
  }
  text += "| |";
  std::string rule = "| --- |";
  for (const auto& series : chart.series) {
    text += fmt::format(" {} |", escape_markdown(series.name));
    rule += " ---: |";
  }
  text += "\n" + rule;
  for (std::size_t i = 0; i < chart.labels.size(); ++i) {
    text += fmt::format("\n| {} |", escape_markdown(chart.labels[i]));
    for (const auto& series : chart.series)
      text +=
          fmt::format(" {} |", write_optional(i < series.values.size() ? series.values[i] : std::nullopt, chart.style));
  }
  return text;
}

std::string block(const Sparkline& chart) {
  const auto range = range_of(chart.values);
  if (!range.any) return title_line(chart.title) + "no data";
  return title_line(chart.title) + sparkline_text(chart.values) + "  " + range_text(range, chart.style);
}

std::string block(const StatusHistory& chart) { return title_line(chart.title) + history_text(chart); }

std::string block(const Gantt& chart) {
  auto text = title_line(chart.title);
  if (chart.bars.empty()) return text + "no data";
  if (!text.empty()) text.replace(text.size() - 3, 3, "\n\n");
  text += "| | due | was | done |\n| --- | --- | --- | --- |";
  for (const auto& bar : chart.bars) {
    const auto label = bar.group.empty() ? bar.label : bar.group + ": " + bar.label;
    text += fmt::format("\n| {}{} | {} | {} | {} |", bar.status ? badge_marker(*bar.status) + " " : "",
                        escape_markdown(label), bar.due ? format_date(*bar.due) : "no date",
                        bar.first_due && bar.first_due != bar.due ? format_date(*bar.first_due) : "",
                        bar.completed ? format_date(*bar.completed) : "");
  }
  return text;
}

std::string block(const BurnDown& chart) {
  auto text = title_line(chart.title);
  std::vector<std::optional<double>> left;
  const BurnPoint* last = nullptr;
  for (const auto& point : chart.points) {
    if (!point.remaining || !std::isfinite(*point.remaining)) continue;
    left.push_back(point.remaining);
    last = &point;
  }
  if (last == nullptr) return text + "no data";
  text += fmt::format("{}  {} left", sparkline_text(thinned(left, 48)), write_value(*last->remaining, chart.style));
  if (last->planned) text += fmt::format(", planned {}", write_value(*last->planned, chart.style));
  return text;
}

std::string block(const ControlChart& chart) {
  auto text = title_line(chart.title);
  std::vector<std::optional<double>> values;
  for (const auto& point : chart.points) values.push_back(point.value);
  const auto range = range_of(values);
  if (!range.any) return text + "no data";
  text += fmt::format("{}  {}", sparkline_text(thinned(values, 48)), range_text(range, chart.style));
  if (chart.mean) text += fmt::format("; mean {}", write_value(*chart.mean, chart.style));
  const auto& last = chart.points.back();
  if (last.lower && last.upper)
    text +=
        fmt::format(", limits {} to {}", write_value(*last.lower, chart.style), write_value(*last.upper, chart.style));
  bool any = false;
  for (const auto& point : chart.points) {
    if (point.signal.empty() || !point.value) continue;
    text += fmt::format("{} {} ({}, {})", any ? "," : "; signals:", escape_markdown(point.label),
                        write_value(*point.value, chart.style), escape_markdown(point.signal));
    any = true;
  }
  return any || !chart.mean ? text : text + "; no signal";
}

std::string block(const HeatMap& chart) {
  auto text = title_line(chart.title);
  if (chart.rows.empty() || chart.columns.empty()) return text + "no data";
  if (!text.empty()) text.replace(text.size() - 3, 3, "\n\n");
  if (chart.columns.size() > k_most_columns) {
    text += trends_head(chart.columns);
    for (const auto& row : chart.rows) text += trend(row.label, row.values, chart.style);
    return text;
  }
  text += "| |";
  std::string rule = "| --- |";
  for (const auto& column : chart.columns) {
    text += fmt::format(" {} |", escape_markdown(column));
    rule += " ---: |";
  }
  text += "\n" + rule;
  for (const auto& row : chart.rows) {
    text += fmt::format("\n| {} |", escape_markdown(row.label));
    for (std::size_t i = 0; i < chart.columns.size(); ++i)
      text +=
          fmt::format(" {} |", i < row.values.size() && row.values[i] ? write_value(*row.values[i], chart.style) : "·");
  }
  return text;
}

}  // namespace

namespace {

/// Three digits or so, without empty decimals; what is too small or too large for that with its power of ten.
std::string short_number(double value) {
  const double size = std::abs(value);
  if (size >= 1e6) return fmt::format("{:.3g}", value);
  if (size > 0 && size < 0.01) return fmt::format("{:.2g}", value);
  const int decimals = size >= 100 || value == std::floor(value) ? 0 : size >= 10 ? 1 : 2;
  auto text = format_fixed(value, decimals);
  if (decimals > 0) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string write_bytes(double value) {
  static constexpr std::array<std::string_view, 7> k_units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  std::size_t unit = 0;
  while (std::abs(value) >= 1024 && unit + 1 < k_units.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{} {}", short_number(value), k_units[unit]);
}

}  // namespace

std::string write_value(double value, const ValueStyle& style) {
  if (!std::isfinite(value)) return "no data";
  if (style.percent) return format_fixed(value * 100, std::abs(value) < 0.0995 && value != 0 ? 1 : 0) + " %";
  if (const auto duration = duration_of(value); style.is_duration() && duration) return format_duration(*duration);
  if (style.is_bytes()) return write_bytes(value);
  struct Scale {
    double from, by;
    std::string_view suffix;
  };
  static constexpr std::array<Scale, 4> k_scales{
      {{1e12, 1e12, " T"}, {1e9, 1e9, " G"}, {1e6, 1e6, " M"}, {1e5, 1e3, " k"}}};
  std::string_view suffix;
  for (const auto& scale : k_scales)
    if (std::abs(value) >= scale.from) {
      value /= scale.by;
      suffix = scale.suffix;
      break;
    }
  const auto text = short_number(value) + std::string(suffix);
  return style.unit.empty() ? text : text + " " + style.unit;
}

std::string sparkline_text(const std::vector<std::optional<double>>& values) {
  const auto range = range_of(values);
  std::string text;
  for (const auto& value : values) {
    if (!value || !std::isfinite(*value)) {
      text += k_gap;
      continue;
    }
    // A flat series stands in the middle: neither "all low" nor "all high" would be true. Nothing is low.
    const double share = range.high > range.low ? (*value - range.low) / (range.high - range.low)
                         : *value == 0          ? 0
                                                : 0.45;
    text += k_blocks[static_cast<std::size_t>(std::lround(share * 7))];
  }
  return text;
}

std::string history_text(const StatusHistory& history) {
  std::string text;
  for (const auto state : history.states) {
    switch (state) {
      case Status::green:
        text += "▂";
        break;
      case Status::yellow:
        text += "▅";
        break;
      case Status::red:
        text += "█";
        break;
      case Status::grey:
        text += k_gap;
        break;
    }
  }
  return text;
}

std::string inline_text(const Figure& figure) {
  struct Visitor {
    std::string operator()(const LineChart& chart) const {
      std::vector<std::optional<double>> values;
      for (const auto& point : chart.points) values.push_back(point.value);
      return sparkline_text(thinned(values, 24));
    }
    std::string operator()(const BarChart& chart) const {
      return chart.series.empty() ? std::string() : sparkline_text(thinned(chart.series.front().values, 24));
    }
    std::string operator()(const Sparkline& chart) const { return sparkline_text(chart.values); }
    std::string operator()(const StatusHistory& chart) const { return history_text(chart); }
    std::string operator()(const Gantt& chart) const { return escape_markdown(chart.title); }
    std::string operator()(const HeatMap& chart) const { return escape_markdown(chart.title); }
    std::string operator()(const BurnDown& chart) const {
      std::vector<std::optional<double>> values;
      for (const auto& point : chart.points)
        if (point.remaining) values.push_back(point.remaining);
      return sparkline_text(thinned(values, 24));
    }
    std::string operator()(const ControlChart& chart) const {
      std::vector<std::optional<double>> values;
      for (const auto& point : chart.points) values.push_back(point.value);
      return sparkline_text(thinned(values, 24));
    }
  };
  return std::visit(Visitor{}, figure);
}

std::string block_markdown(const Figure& figure) {
  return std::visit([](const auto& chart) { return block(chart); }, figure);
}

}  // namespace sitrep::render
