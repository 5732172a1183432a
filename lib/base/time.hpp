#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sitrep {

/// A moment, whole seconds UTC. INTEGER Unix seconds in SQLite, RFC 3339 with Z in JSON and documents.
using UnixTime = std::chrono::sys_seconds;
/// A calendar day, TEXT YYYY-MM-DD in SQLite.
using Date = std::chrono::sys_days;
using Seconds = std::chrono::seconds;

constexpr UnixTime unix_time(std::int64_t seconds) { return UnixTime{Seconds{seconds}}; }
constexpr std::int64_t unix_seconds(UnixTime t) { return t.time_since_epoch().count(); }

/// A half-open span of time [from, to).
struct Interval {
  UnixTime from{};
  UnixTime to{};
  Seconds length() const { return to - from; }
  bool contains(UnixTime t) const { return from <= t && t < to; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// "2026-11-16T08:00:00Z"
std::string format_utc(UnixTime t);
/// "2026-11-16"
std::string format_date(Date day);

/// A calendar day written YYYY-MM-DD; nullopt for anything else, days that do not exist included.
std::optional<Date> parse_date(std::string_view text);

/// A timestamp as APIs write it: the local reading, and the offset when the text names one.
struct WrittenTime {
  std::chrono::local_seconds local{};
  std::optional<Seconds> offset;  ///< east of UTC; absent for a naive time
  bool date_only = false;
};

/// Reads RFC 3339 and its neighbours: 'T' or a space, seconds optional, any number of decimals (cut, not rounded),
/// Z, "UTC", +00:00, +0000, +00 or no zone; a bare date. Years 0001 to 9999. 23:59:60 is the next second; 24:00 is not
/// a time. nullopt for anything else: a wrong date never becomes another one.
std::optional<WrittenTime> parse_time(std::string_view text);

/// parse_time for text that must name its zone.
std::optional<UnixTime> parse_rfc3339(std::string_view text);

/// An HTTP-date (RFC 9110, 5.6.7: IMF-fixdate, RFC 850 or asctime form); "UTC" is read as "GMT", as incident.io sends.
std::optional<UnixTime> parse_http_date(std::string_view text);

/// A duration as people write it in configuration: "90s", "5m", "2h", "7d", "2w", "1h30m". Never negative.
std::optional<Seconds> parse_duration(std::string_view text);

/// A duration for people, two units at most: "45 s", "42 min", "3 h 20 m", "2 d 4 h".
std::string format_duration(Seconds duration);

/// The first and last second of the years 0001 to 9999, which texts of times can hold.
inline constexpr UnixTime k_first_time{Seconds{-62'135'596'800}}, k_last_time{Seconds{253'402'300'799}};
constexpr bool is_writable(UnixTime at) { return at >= k_first_time && at <= k_last_time; }

/// A number of seconds that somebody computed, as a duration: rounded; nullopt for one that is not finite, or of thirty
/// million years and more.
std::optional<Seconds> duration_of(double seconds);
/// The same as Unix time: rounded down; nullopt beyond the years 0001 to 9999.
std::optional<UnixTime> time_of(double unix_seconds);

}  // namespace sitrep
