#include <algorithm>

#include "base/text.hpp"
#include "render/svg.hpp"

namespace sitrep::render {
namespace {

constexpr double k_width = 640, k_left = 230, k_right = 24, k_top = 24, k_row = 24;

struct Span {
  Date from{}, to{};
  double x(Date day) const {
    const auto days = std::max<std::int64_t>(1, (to - from).count());
    return k_left +
           (k_width - k_left - k_right) * static_cast<double>((day - from).count()) / static_cast<double>(days);
  }
};

/// nullopt: no bar has a date.
std::optional<Span> span_of(const Gantt& chart) {
  const auto dated = std::ranges::find_if(chart.bars, [](const GanttBar& bar) { return bar.due.has_value(); });
  if (dated == chart.bars.end()) return std::nullopt;
  Span span{*dated->due, *dated->due};
  const auto add = [&](const std::optional<Date>& day) {
    if (!day) return;
    span.from = std::min(span.from, *day);
    span.to = std::max(span.to, *day);
  };
  for (const auto& bar : chart.bars) {
    add(bar.due);
    add(bar.from);
    add(bar.first_due);
    add(bar.completed);
  }
  add(chart.today);
  span.from -= std::chrono::days{2};
  span.to += std::chrono::days{2};
  return span;
}

std::string tooltip_of(const GanttBar& bar) {
  auto text = fmt::format("{}: due {}", bar.label, format_date(*bar.due));
  if (bar.first_due && bar.first_due != bar.due) text += fmt::format(", was {}", format_date(*bar.first_due));
  if (bar.completed) text += fmt::format(", done {}", format_date(*bar.completed));
  if (bar.status) text += fmt::format(" ({})", name(*bar.status));
  return text;
}

void draw_bar(Svg& svg, const Span& span, const GanttBar& bar, double y) {
  if (!bar.due) return svg.text(k_width - k_right, y + 4, Svg::Anchor::end, "no date");
  const double due = span.x(*bar.due);
  if (bar.from && *bar.from < *bar.due)
    svg.rect(span.x(*bar.from), y - 4, due - span.x(*bar.from), 8, "bar", tooltip_of(bar));
  if (bar.first_due && bar.first_due != bar.due) {
    // The way a date went: from where it was to where it is.
    svg.line(span.x(*bar.first_due), y, due, y, "slip");
    svg.circle(span.x(*bar.first_due), y, 3, "was");
  }
  if (bar.completed) {
    const double x = span.x(*bar.completed);
    svg.path(fmt::format("M{} {}l4 4l7 -8", coordinate(x - 5), coordinate(y)), "done");
    return;
  }
  if (bar.status)
    svg.status_shape(due, y, *bar.status, tooltip_of(bar));
  else
    svg.circle(due, y, 4.5, "dot", tooltip_of(bar));
}

}  // namespace

std::string draw(const Gantt& chart, std::string_view prefix, Embedding embedding) {
  Svg svg(k_width, k_top + k_row * static_cast<double>(std::max<std::size_t>(1, chart.bars.size())) + 8, prefix,
          embedding);
  svg.describe(chart.title, chart.description.empty() ? count_of(static_cast<std::int64_t>(chart.bars.size()), "date")
                                                      : chart.description);
  const auto span = span_of(chart);
  if (!span) {
    svg.text(k_width / 2, k_top + 12, Svg::Anchor::middle, chart.bars.empty() ? "no data" : "nothing has a date");
    return svg.finish();
  }
  for (const auto& tick : date_ticks(UnixTime{span->from}, UnixTime{span->to}, 6)) {
    const double x = span->x(std::chrono::floor<std::chrono::days>(tick.at));
    svg.line(x, k_top - 6, x, svg.height() - 6, "grid");
    svg.text(x, k_top - 10, Svg::Anchor::middle, tick.label);
  }
  if (chart.today) svg.line(span->x(*chart.today), k_top - 6, span->x(*chart.today), svg.height() - 6, "mark");
  std::vector<std::string> labels;
  for (const auto& bar : chart.bars) labels.push_back(bar.group.empty() ? bar.label : bar.group + ": " + bar.label);
  labels = fit_labels(std::move(labels), k_left - 12);
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const double y = k_top + k_row * (static_cast<double>(i) + 0.5);
    svg.text(0, y + 4, Svg::Anchor::start, labels[i]);
    draw_bar(svg, *span, chart.bars[i], y);
  }
  return svg.finish();
}

}  // namespace sitrep::render
