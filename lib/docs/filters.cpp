#include <fmt/core.h>

#include <array>
#include <cmath>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "docs/run.hpp"
#include "render/escape.hpp"
#include "render/format.hpp"

namespace sitrep::docs {
namespace {

using templating::CallArguments;
using templating::Function;
using templating::Value;

constexpr std::string_view k_absent = "n/a";
constexpr std::array<std::string_view, 12> k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// A day from Unix seconds (in the zone) or from text YYYY-MM-DD or RFC 3339; nullopt for none and "".
UnixTime time_or_fail(const Value& value, std::string_view filter) {
  if (const auto at = time_of(value.real())) return *at;
  fail(ErrorKind::user_code, "{}: {} is not a time in Unix seconds: it is outside of the years 0001 to 9999", filter,
       templating::repr(value));
}

std::optional<Date> day_of(const Value& value, const Calendar& calendar, std::string_view filter) {
  if (value.is_none() || value.is_undefined()) return std::nullopt;
  if (value.is_integer() || value.is_real()) return calendar.zone.date_of(time_or_fail(value, filter));
  if (value.is_string()) {
    if (value.string().empty()) return std::nullopt;
    if (const auto day = parse_date(value.string())) return day;
    if (const auto at = parse_rfc3339(value.string())) return calendar.zone.date_of(*at);
  }
  fail(ErrorKind::user_code, "{}: {} is not a day or a time", filter, templating::repr(value));
}

std::optional<UnixTime> moment_of(const Value& value, std::string_view filter) {
  if (value.is_none() || value.is_undefined()) return std::nullopt;
  if (value.is_integer() || value.is_real()) return time_or_fail(value, filter);
  if (value.is_string())
    if (const auto at = parse_rfc3339(value.string())) return at;
  fail(ErrorKind::user_code, "{}: {} is not a time", filter, templating::repr(value));
}

std::optional<double> number_of(const Value& value, std::string_view filter) {
  if (value.is_none() || value.is_undefined()) return std::nullopt;
  if (value.is_number()) return value.real();
  fail(ErrorKind::user_code, "{}: {} is not a number", filter, templating::repr(value));
}

/// "Dec 5", with its year unless that is this year.
std::string short_day(Date day, Date today) {
  const std::chrono::year_month_day date{day}, present{today};
  auto text =
      fmt::format("{}\u00a0{}", k_months[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()));
  if (date.year() != present.year()) text += fmt::format(", {}", static_cast<int>(date.year()));
  return text;
}

void add_time_filters(templating::Environment& environment, const Calendar& calendar, UnixTime now) {
  environment.add_filter(Function("date", "value", "a time or day as 2026-12-05, in the workspace's zone; n/a for none",
                                  [calendar](CallArguments& arguments) -> Value {
                                    const auto day = day_of(arguments[0], calendar, "date");
                                    return day ? format_date(*day) : std::string(k_absent);
                                  }));
  environment.add_filter(Function("day", "value", "a time or day as Dec 5, with its year unless it is this year",
                                  [calendar, now](CallArguments& arguments) -> Value {
                                    const auto day = day_of(arguments[0], calendar, "day");
                                    return day ? short_day(*day, calendar.zone.date_of(now)) : std::string(k_absent);
                                  }));
  environment.add_filter(Function("time", "value", "a time as 2026-11-16 08:00 PST, in the workspace's zone",
                                  [calendar](CallArguments& arguments) -> Value {
                                    const auto at = moment_of(arguments[0], "time");
                                    if (!at) return k_absent;
                                    const auto local = calendar.zone.to_local(*at);
                                    const auto day = std::chrono::floor<std::chrono::days>(local);
                                    const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
                                    return fmt::format("{} {:02}:{:02} {}", format_date(Date{day.time_since_epoch()}),
                                                       minutes / 60, minutes % 60, calendar.zone.abbreviation(*at));
                                  }));
  environment.add_filter(
      Function("rfc3339", "value", "a time as 2026-11-16T16:00:00Z", [](CallArguments& arguments) -> Value {
        const auto at = moment_of(arguments[0], "rfc3339");
        return at ? format_utc(*at) : std::string(k_absent);
      }));
  environment.add_filter(
      Function("age", "value", "how long ago a time was: 3 d 4 h", [now](CallArguments& arguments) -> Value {
        const auto at = moment_of(arguments[0], "age");
        return at ? format_duration(std::max(Seconds{0}, now - *at)) : std::string(k_absent);
      }));
  environment.add_filter(Function("days_from_now", "value", "whole days from today to a day; negative when it is past",
                                  [calendar, now](CallArguments& arguments) -> Value {
                                    const auto day = day_of(arguments[0], calendar, "days_from_now");
                                    if (!day) return Value::none();
                                    return static_cast<std::int64_t>((*day - calendar.zone.date_of(now)).count());
                                  }));
  environment.add_filter(Function("duration", "value", "seconds as 3 h 20 m", [](CallArguments& arguments) -> Value {
    const auto seconds = number_of(arguments[0], "duration");
    if (!seconds || !std::isfinite(*seconds)) return k_absent;
    if (const auto duration = duration_of(*seconds)) return format_duration(*duration);
    fail(ErrorKind::user_code, "duration: {} seconds are too long", templating::repr(arguments[0]));
  }));
}

}  // namespace

void add_filters(templating::Environment& environment, const Calendar& calendar, UnixTime now) {
  add_time_filters(environment, calendar, now);
  environment.add_filter(Function("percent", "value, decimals=none",
                                  "a ratio as 83 %; what is not quite 0 or 100 % never looks so",
                                  [](CallArguments& arguments) -> Value {
                                    std::optional<int> decimals;
                                    if (!arguments[1].is_none())
                                      decimals = static_cast<int>(std::clamp<std::int64_t>(arguments.integer(1), 0, 6));
                                    return render::percent(number_of(arguments[0], "percent"), decimals);
                                  }));
  environment.add_filter(
      Function("number", "value, decimals=2", "a number with grouped thousands and no empty decimals",
               [](CallArguments& arguments) -> Value {
                 return render::number(number_of(arguments[0], "number"),
                                       static_cast<int>(std::clamp<std::int64_t>(arguments.integer(1), 0, 9)));
               }));
  environment.add_filter(
      Function("unit", "value, unit", "a number with its unit: 12.3 TB; seconds become a duration, ratio a percentage",
               [](CallArguments& arguments) -> Value {
                 return render::with_unit(number_of(arguments[0], "unit"), arguments.optional_text(1).value_or(""));
               }));
  environment.add_filter(
      Function("count_of", "value, singular, plural=none", "1 row, 3 rows", [](CallArguments& arguments) -> Value {
        const auto n = arguments[0].is_list() ? templating::length(arguments[0]) : arguments.integer(0);
        return count_of(n, arguments.text(1), arguments.optional_text(2).value_or(""));
      }));
  environment.add_filter(
      Function("slug", "value", "text for a file name: Checkout: GA! becomes checkout-ga",
               [](CallArguments& arguments) -> Value { return slug(templating::to_text(arguments[0])); }));
  environment.add_filter(Function("md", "value", "text escaped for Markdown, once: what output does by itself",
                                  [](CallArguments& arguments) -> Value {
                                    if (arguments[0].is_markup()) return arguments[0];
                                    return Value::markup(render::escape_markdown(templating::to_text(arguments[0])));
                                  }));
  environment.add_filter(Function("html", "value", "text escaped for HTML", [](CallArguments& arguments) -> Value {
    return Value::markup(render::escape_html(templating::to_text(arguments[0])));
  }));
  environment.add_filter(Function(
      "link", "text, url", "a Markdown link; the text alone without a safe URL", [](CallArguments& arguments) -> Value {
        const auto text = arguments[0].is_none() ? std::string("(no title)") : templating::to_text(arguments[0]);
        return Value::markup(render::markdown_link(text, arguments.optional_text(1).value_or("")));
      }));
}

}  // namespace sitrep::docs
