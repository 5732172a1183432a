#include "render/svg.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "render/assets.hpp"
#include "render/escape.hpp"

namespace sitrep::render {
namespace {

// What lies over a series' colour, so that stacked bars stay apart without it. The first is plain.
constexpr std::array<std::string_view, 6> k_patterns{"",
                                                     "<path d=\"M0 6L6 0M-1 1L1 -1M5 7L7 5\"/>",
                                                     "<circle cx=\"3\" cy=\"3\" r=\"1.2\"/>",
                                                     "<path d=\"M0 3H6\"/>",
                                                     "<path d=\"M0 0L6 6M0 6L6 0\"/>",
                                                     "<path d=\"M3 0V6\"/>"};

constexpr std::array<std::string_view, 12> k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string tooltip_element(std::string_view tooltip) {
  return tooltip.empty() ? "/>" : fmt::format("><title>{}</title></rect>", escape_html(tooltip));
}

}  // namespace

std::string coordinate(double value) {
  auto text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

Svg::Svg(double width, double height, std::string_view prefix, Embedding embedding)
    : width_(width), height_(height), prefix_(prefix), embedding_(embedding), patterns_(k_patterns.size()) {}

void Svg::describe(std::string_view title, std::string_view description) {
  head_ = fmt::format("<title id=\"{0}-t\">{1}</title>", prefix_, escape_html(title.empty() ? "chart" : title));
  if (!description.empty()) head_ += fmt::format("<desc id=\"{}-d\">{}</desc>", prefix_, escape_html(description));
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view classes) {
  body_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>", coordinate(x1), coordinate(y1),
                       coordinate(x2), coordinate(y2), classes);
}

void Svg::rect(double x, double y, double width, double height, std::string_view classes, std::string_view tooltip) {
  body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"{}", coordinate(x),
                       coordinate(y), coordinate(width), coordinate(height), classes, tooltip_element(tooltip));
}

void Svg::series_rect(std::size_t index, double x, double y, double width, double height, std::string_view tooltip) {
  const auto kind = index % k_patterns.size();
  rect(x, y, width, height, fmt::format("s{}", kind), tooltip);
  if (k_patterns[kind].empty()) return;
  patterns_[kind] = true;
  body_ +=
      fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"url(#{}-p{})\" pointer-events=\"none\"/>",
                  coordinate(x), coordinate(y), coordinate(width), coordinate(height), prefix_, kind);
}

void Svg::path(std::string_view data, std::string_view classes) {
  body_ += fmt::format("<path d=\"{}\" class=\"{}\"/>", data, classes);
}

void Svg::circle(double x, double y, double radius, std::string_view classes) {
  body_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{}\"/>", coordinate(x), coordinate(y),
                       coordinate(radius), classes);
}

void Svg::text(double x, double y, Anchor anchor, std::string_view words, std::string_view classes) {
  static constexpr std::array<std::string_view, 3> k_anchors{"start", "middle", "end"};
  body_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" class=\"{}\">{}</text>", coordinate(x),
                       coordinate(y), k_anchors[static_cast<std::size_t>(anchor)], classes, escape_html(words));
}

void Svg::status_shape(double x, double y, Status status, std::string_view tooltip) {
  std::string shape;
  switch (status) {
    case Status::green:
      shape = "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z";
      break;
    case Status::yellow:
      shape = "M0 -6L6 5H-6Z";
      break;
    case Status::red:
      shape = "M0 -6.5L6.5 0L0 6.5L-6.5 0Z";
      break;
    case Status::grey:
      shape = "M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1 -4.5 0Z";
      break;
  }
  body_ += fmt::format("<path transform=\"translate({} {})\" d=\"{}\" class=\"st {}\"><title>{}</title></path>",
                       coordinate(x), coordinate(y), shape, name(status), escape_html(tooltip));
}

std::string Svg::finish() {
  std::string definitions;
  for (std::size_t i = 0; i < patterns_.size(); ++i)
    if (patterns_[i])
      definitions += fmt::format(
          "<pattern id=\"{}-p{}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
          "class=\"pattern\">{}</pattern>",
          prefix_, i, k_patterns[i]);
  if (!definitions.empty()) definitions = "<defs>" + definitions + "</defs>";
  const bool described = head_.find("<desc") != std::string::npos;
  auto svg =
      fmt::format("<svg {}viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{}-t{}\" class=\"chart\"",
                  embedding_ == Embedding::standalone ? "xmlns=\"http://www.w3.org/2000/svg\" " : "",
                  coordinate(width_), coordinate(height_), prefix_, described ? fmt::format(" {}-d", prefix_) : "");
  if (embedding_ == Embedding::standalone)
    svg += fmt::format(" width=\"{}\" height=\"{}\"><style>{}</style>", coordinate(width_), coordinate(height_),
                       chart_style());
  else
    svg += ">";
  return svg + head_ + definitions + body_ + "</svg>";
}

std::vector<double> round_ticks(double low, double high, int count) {
  if (!(high > low)) high = low + 1;
  const double rough = (high - low) / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double share = rough / power;
  const double step = power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
  std::vector<double> ticks;
  const double first = std::floor(low / step), last = std::ceil(high / step);
  // Counted in whole steps, so that no error adds up; 50 bounds what a degenerate range could ask for.
  for (double i = first; i <= last && ticks.size() < 50; ++i) ticks.push_back(i * step);
  return ticks;
}

std::vector<DateTick> date_ticks(UnixTime from, UnixTime to, int count) {
  using std::chrono::days;
  const auto first = std::chrono::ceil<days>(from), last = std::chrono::floor<days>(to);
  const auto span = (last - first).count();
  std::vector<DateTick> ticks;
  const auto day_label = [](Date day) {
    const std::chrono::year_month_day date{day};
    return fmt::format("{} {}", k_months[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()));
  };
  if (span < 100) {
    static constexpr std::array<long, 6> k_steps{1, 2, 7, 14, 21, 28};
    const auto step = *std::find_if(k_steps.begin(), k_steps.end() - 1, [&](long s) { return span / s <= count; });
    for (auto day = first; day <= last; day += days{step}) ticks.push_back({UnixTime{day}, day_label(day)});
    return ticks;
  }
  static constexpr std::array<int, 6> k_steps{1, 2, 3, 6, 12, 24};
  const auto months = span / 30;
  const int step = *std::find_if(k_steps.begin(), k_steps.end() - 1, [&](int s) { return months / s <= count; });
  const std::chrono::year_month_day start{first};
  auto month = start.year() / start.month();
  if (start.day() != std::chrono::day{1}) month += std::chrono::months{1};
  while ((static_cast<int>(static_cast<unsigned>(month.month())) - 1) % std::min(step, 12) != 0)
    month += std::chrono::months{1};
  for (; Date{month / 1} <= last && ticks.size() < 50; month += std::chrono::months{step}) {
    const auto index = static_cast<unsigned>(month.month()) - 1;
    ticks.push_back({UnixTime{Date{month / 1}},
                     index == 0 ? fmt::format("{}", static_cast<int>(month.year())) : std::string(k_months[index])});
  }
  return ticks;
}

std::string fit_label(std::string_view label, double width) {
  // 6.6 units: the mean advance of 12-unit sans-serif text, on the wide side.
  return truncate_display(visible(label), static_cast<std::size_t>(std::max(1.0, width / 6.6)));
}

std::string to_svg(const Figure& figure, std::string_view prefix, Embedding embedding) {
  return std::visit([&](const auto& chart) { return draw(chart, prefix, embedding); }, figure);
}

}  // namespace sitrep::render
