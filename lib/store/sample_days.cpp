#include "store/sample_days.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace sitrep::store {
namespace {

constexpr std::string_view k_columns =
    "series, day, first_at, last_at, peak, used_at, used, limit_at, capacity_limit, known_from, settled_at";
constexpr std::int64_t k_day = 86'400;

std::int64_t day_of(std::int64_t at) { return at / k_day - (at % k_day < 0 ? 1 : 0); }

/// The sums of groups of samples `v` that `from` gives with their series and day; `holds` is the condition on a sample
/// to count, with {} for its alias. A number that is not finite is no measurement.
std::string sums(std::string_view from, const std::string& holds) {
  const auto of = [&](std::string_view alias) { return fmt::format(fmt::runtime(holds), alias); };
  return fmt::format(
      "SELECT a.series, a.day, a.first_at, a.last_at, a.peak, a.used_at, (SELECT x.used FROM "
      "main.capacity_sample_value x WHERE x.series = a.series AND x.at = a.used_at AND {1}) AS used, a.limit_at, "
      "(SELECT x.capacity_limit FROM main.capacity_sample_value x WHERE x.series = a.series AND x.at = a.limit_at AND "
      "{1}) AS capacity_limit, a.known_from, a.settled_at FROM (SELECT {0}, min(v.at) FILTER (WHERE {2}) AS first_at, "
      "max(v.at) FILTER (WHERE {2}) AS last_at, max(v.used) FILTER (WHERE {2} AND {3}) AS peak, max(v.at) FILTER "
      "(WHERE {2} AND {3}) AS used_at, max(v.at) FILTER (WHERE {2} AND v.capacity_limit IS NOT NULL) AS limit_at, "
      "min(v.observed_at) AS known_from, max(max(v.observed_at, coalesce(v.superseded_at, v.observed_at))) AS "
      "settled_at FROM {4}) a",
      "series, day", of("x"), of("v"), "abs(v.used) <= 1.7976931348623157e308", from);
}

const std::string& holds_now() {
  static const std::string k_sql = "{}.superseded_at IS NULL";
  return k_sql;
}

std::string holds_at(std::string_view t) {
  return fmt::format("{{0}}.observed_at <= {0} AND ({{0}}.superseded_at IS NULL OR {{0}}.superseded_at > {0})", t);
}

/// Every series and day of the table.
std::string all_sums() {
  return sums(fmt::format("(SELECT *, {} AS day FROM main.capacity_sample_value) v GROUP BY v.series, v.day",
                          sample_day_of("at")),
              holds_now());
}

}  // namespace

std::string sample_day_of(std::string_view at) { return fmt::format("({0} / 86400 - ({0} % 86400 < 0))", at); }

SampleDays::SampleDays(Database& db)
    : mark_(db,
            "INSERT INTO capacity_sample_day (series, day) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET known_from = "
            "NULL, settled_at = NULL"),
      sum_up_(db, fmt::format("INSERT OR REPLACE INTO capacity_sample_day ({}) {}", k_columns,
                              sums("(SELECT ?2 AS day, * FROM main.capacity_sample_value WHERE series = ?1 AND at >= "
                                   "?2 * 86400 AND at < (?2 + 1) * 86400) v GROUP BY v.series",
                                   holds_now()))) {
  Statement left(db, "SELECT series, day FROM capacity_sample_day WHERE settled_at IS NULL");
  while (left.step()) touched_.emplace(left.integer(0), left.integer(1));
}

void SampleDays::touch(std::int64_t series, std::int64_t at) {
  if (!touched_.emplace(series, day_of(at)).second) return;
  mark_.bind(series, day_of(at)).run();
}

void SampleDays::settle() {
  for (const auto& [series, day] : touched_) sum_up_.bind(series, day).run();
  touched_.clear();
}

std::string sample_days_select(const std::optional<std::string>& as_of) {
  const std::string facts = "d.day, d.first_at, d.last_at, d.peak, d.used_at, d.used, d.limit_at, d.capacity_limit";
  // Nearly all days are: the index on it is for the others.
  const auto settled = as_of ? fmt::format("+d.settled_at <= {}", *as_of) : "+d.settled_at IS NOT NULL";
  const auto open = as_of ? fmt::format(
                                "(d.known_from IS NULL OR d.known_from <= {0}) AND (d.settled_at IS NULL OR "
                                "d.settled_at > {0})",
                                *as_of)
                          : "d.settled_at IS NULL";
  const auto again =
      sums(fmt::format("(SELECT d.day, x.* FROM main.capacity_sample_day d CROSS JOIN main.capacity_sample_value x ON "
                       "x.series = d.series AND x.at >= d.day * 86400 AND x.at < (d.day + 1) * 86400 WHERE {}) v GROUP "
                       "BY v.series, v.day",
                       open),
           as_of ? holds_at(*as_of) : holds_now());
  // From names to series to days: what a series is called is then looked up once, not for each of its days.
  const std::string_view from = "main.source_name n CROSS JOIN main.capacity_sample_series s ON s.source_id = n.id";
  return fmt::format(
      "SELECT n.name AS source, s.resource_id, {0} FROM {1} CROSS JOIN main.capacity_sample_day d ON d.series = s.key "
      "WHERE {2} AND d.first_at IS NOT NULL UNION ALL SELECT n.name AS source, s.resource_id, {0} FROM ({3}) d JOIN "
      "main.capacity_sample_series s ON s.key = d.series JOIN main.source_name n ON n.id = s.source_id WHERE "
      "d.first_at "
      "IS NOT NULL",
      facts, from, settled, again);
}

namespace {

/// ?1 series, ?2 and ?3 the day's seconds, ?4 the moment.
std::string of_open_day(std::string_view columns, std::optional<UnixTime> as_of, std::string_view end) {
  return fmt::format("SELECT {} FROM main.capacity_sample_value v WHERE series = ?1 AND at >= ?2 AND at < ?3 AND {}{}",
                     columns, fmt::format(fmt::runtime(as_of ? holds_at("?4") : holds_now()), "v"), end);
}
constexpr std::string_view k_finite = "used BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308";

}  // namespace

OpenDays::OpenDays(Database& db, std::optional<UnixTime> as_of)
    : as_of_(as_of),
      sums_(db, of_open_day(
                    fmt::format("min(at), max(at), max(CASE WHEN {} THEN used END), count(capacity_limit)", k_finite),
                    as_of, "")),
      newest_(db, of_open_day("at, used", as_of, fmt::format(" AND {} ORDER BY at DESC LIMIT 1", k_finite))),
      limit_(db, of_open_day("at, capacity_limit", as_of, " AND capacity_limit IS NOT NULL ORDER BY at DESC LIMIT 1")) {
}

void OpenDays::bind(Statement& statement, const SampleSeries& series, std::int64_t from, std::int64_t to) const {
  statement.bind(series.key, from, to);
  if (as_of_) statement.bind_one(4, *as_of_);
}

void OpenDays::read_newest(Statement& from, std::int64_t& at, std::optional<double>& value) {
  if (from.step()) {
    at = from.integer(0);
    value = from.real(1);
  }
  from.reset();
}

SampleDay OpenDays::newest(const SampleSeries& series, std::int64_t day, UnixTime until) {
  SampleDay sums;
  sums.day = day;
  const auto end = std::min((day + 1) * k_day, unix_seconds(until) + 1);
  bind(newest_, series, day * k_day, end);
  read_newest(newest_, sums.used_at, sums.used);
  sums.has_samples = sums.used.has_value();
  // To find that a day has no limit takes all of its samples.
  if (series.has_limit) {
    bind(limit_, series, day * k_day, end);
    read_newest(limit_, sums.limit_at, sums.limit);
  }
  return sums;
}

SampleDay OpenDays::sum_up(const SampleSeries& series, std::int64_t day) {
  SampleDay sums;
  sums.day = day;
  const auto from = day * k_day, to = from + k_day;
  bind(sums_, series, from, to);
  sums_.step();
  sums.has_samples = !sums_.is_null(0);
  sums.first_at = sums_.integer(0);
  sums.last_at = sums_.integer(1);
  sums.peak = sums_.real(2);
  const bool has_limit = sums_.integer(3) > 0;
  sums_.reset();
  if (sums.peak) {
    bind(newest_, series, from, to);
    read_newest(newest_, sums.used_at, sums.used);
  }
  if (has_limit) {
    bind(limit_, series, from, to);
    read_newest(limit_, sums.limit_at, sums.limit);
  }
  return sums;
}

DayState state_of(const SampleDay& day, std::optional<UnixTime> as_of) {
  if (!as_of) return day.settled_at ? DayState::settled : DayState::open;
  const auto t = unix_seconds(*as_of);
  if (day.settled_at && *day.settled_at <= t) return DayState::settled;
  return day.known_from && *day.known_from > t ? DayState::unknown : DayState::open;
}

std::vector<SampleSeries> read_sample_days(Database& db) {
  std::vector<SampleSeries> all;
  std::map<std::int64_t, std::size_t> places;
  Statement series(db,
                   "SELECT s.key, n.name, s.resource_id FROM main.capacity_sample_series s JOIN main.source_name n ON "
                   "n.id = s.source_id ORDER BY n.name, s.resource_id, s.key");
  while (series.step()) {
    places.emplace(series.integer(0), all.size());
    all.push_back({series.integer(0), std::string(series.text(1)), std::string(series.text(2)), {}, false});
  }
  Statement rows(db, fmt::format("SELECT {} FROM main.capacity_sample_day ORDER BY series, day", k_columns));
  std::int64_t key = 0;
  SampleSeries* of = nullptr;
  while (rows.step()) {
    if (of == nullptr || rows.integer(0) != key) {
      key = rows.integer(0);
      const auto place = places.find(key);
      if (place == places.end()) continue;
      of = &all[place->second];
    }
    auto& day = of->days.emplace_back();
    day.day = rows.integer(1);
    day.has_samples = !rows.is_null(2);
    day.first_at = rows.integer(2);
    day.last_at = rows.integer(3);
    day.peak = rows.real(4);
    day.used_at = rows.integer(5);
    day.used = rows.real(6);
    day.limit_at = rows.integer(7);
    day.limit = rows.real(8);
    of->has_limit = of->has_limit || day.limit;
    day.known_from = rows.integer_or_null(9);
    day.settled_at = rows.integer_or_null(10);
  }
  return all;
}

void rebuild_sample_days(Database& db) {
  db.execute("DELETE FROM main.capacity_sample_day");
  db.execute(fmt::format("INSERT INTO main.capacity_sample_day ({}) {}", k_columns, all_sums()));
}

void ensure_sample_days(Database& db) {
  Statement table(db, "SELECT 1 FROM main.sqlite_schema WHERE name = 'capacity_sample_day'");
  if (!table.step()) return;  // a migration is under way
  table.reset();
  Statement lacking(db,
                    "SELECT 1 WHERE EXISTS (SELECT 1 FROM main.capacity_sample_value) AND NOT EXISTS (SELECT 1 FROM "
                    "main.capacity_sample_day)");
  const bool fill = lacking.step();
  lacking.reset();
  if (fill) rebuild_sample_days(db);
}

void forget_sample_days(Database& db, std::int64_t series, std::int64_t before) {
  const auto day = day_of(before);
  Statement(db, "DELETE FROM main.capacity_sample_day WHERE series = ?1 AND day < ?2").bind(series, day).run();
  Statement left(db, "SELECT 1 FROM main.capacity_sample_value WHERE series = ?1 AND at >= ?2 AND at < ?3 LIMIT 1");
  const bool some = left.bind(series, day * k_day, (day + 1) * k_day).step();
  left.reset();
  Statement(db, some ? "UPDATE main.capacity_sample_day SET known_from = NULL, settled_at = NULL WHERE series = ?1 AND "
                       "day = ?2"
                     : "DELETE FROM main.capacity_sample_day WHERE series = ?1 AND day = ?2")
      .bind(series, day)
      .run();
}

std::string wrong_sample_days() {
  // known_from and settled_at may be more careful than they have to: gc takes corrections away.
  return fmt::format(
      "SELECT 1 FROM main.capacity_sample_day d LEFT JOIN ({}) a ON a.series = d.series AND a.day = d.day WHERE "
      "d.settled_at IS NOT NULL AND ((d.first_at, d.last_at, d.peak, d.used_at, d.used, d.limit_at, d.capacity_limit) "
      "IS NOT (a.first_at, a.last_at, a.peak, a.used_at, a.used, a.limit_at, a.capacity_limit) OR d.known_from > "
      "a.known_from OR d.settled_at < a.settled_at)",
      all_sums());
}

}  // namespace sitrep::store
