#include "store/functions.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <vector>

namespace sitrep::store {
namespace {

/// Memory that SQLite counts, so that a query's limit covers what its aggregates collect.
template <class T>
struct Counted {
  using value_type = T;
  Counted() = default;
  template <class U>
  Counted(const Counted<U>&) {}  // NOLINT(google-explicit-constructor): allocators convert
  T* allocate(std::size_t n) {
    void* memory = sqlite3_malloc64(n * sizeof(T));
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<T*>(memory);
  }
  void deallocate(T* p, std::size_t) noexcept { sqlite3_free(p); }
  friend bool operator==(const Counted&, const Counted&) { return true; }
};

struct CallData {
  std::shared_ptr<const Present> present;
  Calendar calendar;
  // The periods that the last calls fell into: rows come in runs of one week, and a look-up costs a zone conversion.
  Interval day, week, month;
  std::string day_text, week_text, month_text;
};

CallData& call_data(sqlite3_context* context) { return *static_cast<CallData*>(sqlite3_user_data(context)); }

void give(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void give_error(sqlite3_context* context, const std::string& message) {
  sqlite3_result_error(context, message.c_str(), -1);
}

std::string_view text_of(sqlite3_value* value) {
  const auto* data = sqlite3_value_text(value);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

/// Runs a function's body: exceptions must not cross SQLite.
template <class Body>
void guarded(sqlite3_context* context, Body body) {
  try {
    body();
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  } catch (const std::exception& e) {
    give_error(context, e.what());
  }
}

/// The argument as seconds inside the years 0001..9999; nullopt after an answer was given (NULL or an error).
std::optional<UnixTime> seconds_argument(sqlite3_context* context, sqlite3_value* value, const char* function) {
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_NULL) return std::nullopt;  // the result is NULL unless set
  if (type != SQLITE_INTEGER && type != SQLITE_FLOAT) {
    give_error(context,
               fmt::format("{}('{}'): not a number of seconds; ts() makes one from text", function, text_of(value)));
    return std::nullopt;
  }
  const auto at = time_of(sqlite3_value_double(value));  // a double holds the seconds of all years that it takes
  if (!at) give_error(context, fmt::format("{}({}): outside the years 0001 to 9999", function, text_of(value)));
  return at;
}

void ts(sqlite3_context* context, int, sqlite3_value** arguments) {
  guarded(context, [&] {
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
    if (sqlite3_value_type(arguments[0]) == SQLITE_INTEGER) {
      sqlite3_result_int64(context, sqlite3_value_int64(arguments[0]));
      return;
    }
    const auto text = text_of(arguments[0]);
    const auto& p = call_data(context);
    if (const auto t = parse_time_expression(text, p.present->now, p.calendar))
      sqlite3_result_int64(context, unix_seconds(*t));
    else
      give_error(context, fmt::format("ts('{}'): not a time; write 2026-11-01, 2026-11-01T08:00:00Z or -7d", text));
  });
}

void iso(sqlite3_context* context, int, sqlite3_value** arguments) {
  guarded(context, [&] {
    if (const auto t = seconds_argument(context, arguments[0], "iso")) give(context, format_utc(*t));
  });
}

/// The first second of year 1 is a day of year 0 west of Greenwich.
std::string date_text(Date date) {
  const int year = static_cast<int>(std::chrono::year_month_day{date}.year());
  if (year < 1 || year > 9999) fail(ErrorKind::user_code, "its day here is outside the years 0001 to 9999");
  return format_date(date);
}

void day(sqlite3_context* context, int, sqlite3_value** arguments) {
  guarded(context, [&] {
    const auto t = seconds_argument(context, arguments[0], "day");
    if (!t) return;
    auto& p = call_data(context);
    if (!p.day.contains(*t)) {
      const auto date = p.calendar.zone.date_of(*t);
      p.day_text = date_text(date);
      p.day = {p.calendar.zone.start_of(date), p.calendar.zone.start_of(date + std::chrono::days{1})};
    }
    give(context, p.day_text);
  });
}

/// A reading of the clock here, which SQLite's own functions take apart: strftime('%H', local(at)).
void local(sqlite3_context* context, int, sqlite3_value** arguments) {
  guarded(context, [&] {
    const auto t = seconds_argument(context, arguments[0], "local");
    if (!t) return;
    const auto reading = call_data(context).calendar.zone.to_local(*t);
    const auto date = std::chrono::floor<std::chrono::days>(reading);
    const std::chrono::hh_mm_ss time{reading - date};
    give(context, fmt::format("{} {:02}:{:02}:{:02}", date_text(Date{date.time_since_epoch()}), time.hours().count(),
                              time.minutes().count(), time.seconds().count()));
  });
}

void week(sqlite3_context* context, int, sqlite3_value** arguments) {
  guarded(context, [&] {
    const auto t = seconds_argument(context, arguments[0], "week");
    if (!t) return;
    auto& p = call_data(context);
    if (!p.week.contains(*t)) {
      const auto period = period_of(*t, PeriodLength::week, p.calendar);
      p.week_text = date_text(p.calendar.zone.date_of(period.from));
      p.week = period;
    }
    give(context, p.week_text);
  });
}

void month(sqlite3_context* context, int, sqlite3_value** arguments) {
  guarded(context, [&] {
    const auto t = seconds_argument(context, arguments[0], "month");
    if (!t) return;
    auto& p = call_data(context);
    if (!p.month.contains(*t)) {
      const std::chrono::year_month_day day{p.calendar.zone.date_of(*t)};
      const Date first{day.year() / day.month() / 1};
      const Date next{day.year() / day.month() / 1 + std::chrono::months(1)};
      p.month_text = date_text(first).substr(0, 7);
      p.month = {p.calendar.zone.start_of(first), p.calendar.zone.start_of(next)};
    }
    give(context, p.month_text);
  });
}

void duration(sqlite3_context* context, int, sqlite3_value** arguments) {
  guarded(context, [&] {
    const int type = sqlite3_value_type(arguments[0]);
    if (type == SQLITE_NULL) return;
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT) {
      give_error(context, fmt::format("duration('{}'): not a number of seconds", text_of(arguments[0])));
      return;
    }
    const auto whole = duration_of(sqlite3_value_double(arguments[0]));
    if (!whole) {
      give_error(context, "duration(): too long");
      return;
    }
    const auto seconds = whole->count();
    auto left = std::abs(seconds);
    constexpr std::int64_t k_sizes[] = {86'400, 3'600, 60, 1};
    constexpr char k_letters[] = {'d', 'h', 'm', 's'};
    std::string text = seconds < 0 ? "-" : "";
    std::size_t unit = 0;
    while (unit < 3 && left < k_sizes[unit]) ++unit;
    text += fmt::format("{}{}", left / k_sizes[unit], k_letters[unit]);
    left %= k_sizes[unit];
    if (unit < 3 && left / k_sizes[unit + 1] > 0)
      text += fmt::format(" {}{}", left / k_sizes[unit + 1], k_letters[unit + 1]);
    give(context, text);
  });
}

void known_until(sqlite3_context* context, int, sqlite3_value**) {
  if (const auto as_of = call_data(context).present->as_of) sqlite3_result_int64(context, unix_seconds(*as_of));
}

struct Collected {
  std::vector<double, Counted<double>> values;
  std::optional<double> p;
};

Collected** slot(sqlite3_context* context, bool make) {
  auto** place = static_cast<Collected**>(sqlite3_aggregate_context(context, make ? sizeof(Collected*) : 0));
  if (place != nullptr && *place == nullptr && make) *place = new Collected;
  return place;
}

void collect(sqlite3_context* context, sqlite3_value* x, std::optional<double> p, const char* function) {
  guarded(context, [&] {
    auto** place = slot(context, true);
    if (place == nullptr) throw std::bad_alloc();
    (*place)->p = p;
    const int type = sqlite3_value_type(x);
    if (type == SQLITE_NULL) return;
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT)
      give_error(context, fmt::format("{}('{}'): not a number", function, text_of(x)));
    else
      (*place)->values.push_back(sqlite3_value_double(x));
  });
}

void median_step(sqlite3_context* context, int, sqlite3_value** arguments) {
  collect(context, arguments[0], 0.5, "median");
}

void percentile_step(sqlite3_context* context, int, sqlite3_value** arguments) {
  const int type = sqlite3_value_type(arguments[1]);
  const double p = sqlite3_value_double(arguments[1]);
  if ((type != SQLITE_INTEGER && type != SQLITE_FLOAT) || !(p >= 0 && p <= 1)) {
    give_error(context, "percentile(x, p): p is a number from 0 to 1");
    return;
  }
  collect(context, arguments[0], p, "percentile");
}

void percentile_final(sqlite3_context* context) {
  auto** place = slot(context, false);
  if (place == nullptr || *place == nullptr) return;  // no rows: NULL
  const std::unique_ptr<Collected> collected(std::exchange(*place, nullptr));
  auto& x = collected->values;
  if (x.empty()) return;
  const double h = static_cast<double>(x.size() - 1) * collected->p.value_or(0.5);
  const auto low = static_cast<std::ptrdiff_t>(std::floor(h));
  std::nth_element(x.begin(), x.begin() + low, x.end());
  double result = x[static_cast<std::size_t>(low)];
  const double part = h - std::floor(h);
  if (part > 0) result += part * (*std::min_element(x.begin() + low + 1, x.end()) - result);
  sqlite3_result_double(context, result);
}

using Call = void (*)(sqlite3_context*, int, sqlite3_value**);

void add(Database& db, const char* name, int arguments, CallData* owned, Call call, Call step,
         void (*final)(sqlite3_context*)) {
  const auto destroy = [](void* p) { delete static_cast<CallData*>(p); };
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  if (sqlite3_create_function_v2(db.handle(), name, arguments, flags, owned, call, step, final,
                                 owned == nullptr ? nullptr : +destroy) != SQLITE_OK)
    fail_sqlite(db.handle(), name);
}

}  // namespace

void register_functions(Database& db, const std::shared_ptr<const Present>& present, const Calendar& calendar) {
  const auto with_present = [&](const char* name, Call call, int arguments = 1) {
    // SQLite owns it from here, also when the registration fails.
    auto data = std::make_unique<CallData>(CallData{present, calendar, {}, {}, {}, {}, {}, {}});
    add(db, name, arguments, data.release(), call, nullptr, nullptr);
  };
  with_present("known_until", known_until, 0);
  with_present("ts", ts);
  with_present("day", day);
  with_present("local", local);
  with_present("week", week);
  with_present("month", month);
  add(db, "iso", 1, nullptr, iso, nullptr, nullptr);
  add(db, "duration", 1, nullptr, duration, nullptr, nullptr);
  add(db, "percentile", 2, nullptr, nullptr, percentile_step, percentile_final);
  add(db, "median", 1, nullptr, nullptr, median_step, percentile_final);
}

}  // namespace sitrep::store
