#include "evaluation/incident_facts.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <tuple>

#include "base/text.hpp"

namespace sitrep::evaluation {
namespace {

constexpr std::int64_t k_never = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t k_90_days = 90 * 86'400, k_14_days = 14 * 86'400;
constexpr std::uint8_t k_any = 255;  // no bound of severity

/// Incidents that started in the span, by severity.
struct Counted {
  std::string_view metric;
  std::uint8_t least, most;
};
constexpr std::array k_counted = {
    Counted{"incidents", 0, k_any},  Counted{"incidents_sev12", 1, 2}, Counted{"incidents_sev1", 1, 1},
    Counted{"incidents_sev2", 2, 2}, Counted{"incidents_sev3", 3, 3},  Counted{"incidents_sev4", 4, 4},
    Counted{"incidents_sev5", 5, 5},
};
constexpr std::array<std::string_view, 6> k_others = {"open_sev12",       "hours_sev12",    "incidents_after_launch",
                                                      "impossible_times", "known_services", "severity_coverage"};

const Counted* find_counted(std::string_view metric) {
  const auto at = std::ranges::find(k_counted, metric, &Counted::metric);
  return at == k_counted.end() ? nullptr : &*at;
}

std::uint8_t severity_of(const store::Statement& row, int column) {
  if (row.is_null(column)) return 0;
  const auto text = row.text(column);
  const bool usual = text.size() == 4 && text.starts_with("SEV") && text[3] >= '1' && text[3] <= '5';
  return usual ? static_cast<std::uint8_t>(text[3] - '0') : 6;
}

}  // namespace

/// Sums by place and reason of exclusion.
class IncidentFacts::Groups {
 public:
  Group& at(std::uint32_t place, std::string_view excluded, bool missing = false) {
    if (last_ != nullptr && last_place_ == place && last_excluded_ == excluded && last_missing_ == missing)
      return *last_;
    auto& group = groups_[{place, excluded, missing}];
    last_ = &group;
    last_place_ = place;
    last_excluded_ = excluded;
    last_missing_ = missing;
    return group;
  }
  void add(std::uint32_t place, std::string_view excluded, double first, double second = 0) {
    auto& group = at(place, excluded);
    ++group.records;
    group.first += first;
    group.second += second;
  }
  const auto& all() const { return groups_; }

 private:
  std::map<std::tuple<std::uint32_t, std::string_view, bool>, Group> groups_;
  Group* last_ = nullptr;
  std::uint32_t last_place_ = 0;
  std::string_view last_excluded_;
  bool last_missing_ = false;
};

bool IncidentFacts::counts(std::string_view metric) {
  return find_counted(metric) != nullptr || std::ranges::find(k_others, metric) != k_others.end();
}

Seconds IncidentFacts::reach(std::string_view metric, const Interval& span) {
  if (metric == "hours_sev12") return Seconds{k_90_days};
  const bool of_90_days = metric == "impossible_times" || metric == "known_services" || metric == "severity_coverage";
  return of_90_days ? std::max(Seconds{0}, Seconds{k_90_days} - span.length()) : Seconds{0};
}

IncidentFacts::IncidentFacts(store::Store& store, const Directory& directory, UnixTime from)
    : store_(store), directory_(directory), from_(from) {
  constexpr std::string_view k_columns =
      "started_at, detected_at, acknowledged_at, mitigated_at, resolved_at, severity, kind, status, program, service";
  const auto time = [](const store::Statement& row, int column) {
    return row.is_null(column) ? k_never : row.integer(column);
  };
  const auto read = [&](store::Statement& row, std::vector<Fact>& facts) {
    while (row.step()) {
      Fact fact{time(row, 0), time(row, 1), time(row, 2), time(row, 3), time(row, 4), 0, 0, severity_of(row, 5), false};
      if (const auto kind = row.text(6); !row.is_null(6) && kind != "incident") {
        auto at = std::find(kinds_.begin() + 1, kinds_.end(), kind);
        if (at == kinds_.end()) at = kinds_.insert(at, std::string(kind));
        fact.kind = static_cast<std::uint16_t>(at - kinds_.begin());
      }
      fact.says_resolved = row.text(7) == "resolved";
      fact.place = place_of(row.text(8), row.text(9));
      facts.push_back(fact);
    }
  };
  store::Statement rows(store.db(), fmt::format("SELECT {} FROM incident WHERE started_at >= ?1", k_columns));
  read(rows.bind(from), facts_);
  if (!std::ranges::is_sorted(facts_, {}, &Fact::started)) std::ranges::stable_sort(facts_, {}, &Fact::started);
  // Of those before, what was still open then.
  store::Statement open(store.db(),
                        fmt::format("SELECT {0} FROM incident WHERE started_at < ?1 AND resolved_at IS NULL "
                                    "AND severity IN ('SEV1', 'SEV2') UNION ALL SELECT {0} FROM incident "
                                    "WHERE started_at < ?1 AND resolved_at > ?1 AND severity IN ('SEV1', "
                                    "'SEV2')",
                                    k_columns));
  read(open.bind(from), open_before_);
}

std::uint32_t IncidentFacts::place_of(std::string_view program, std::string_view service) {
  key_.assign(program).append(1, '\0').append(service);
  const auto [found, fresh] = place_index_.try_emplace(key_, static_cast<std::uint32_t>(places_.size()));
  if (fresh) {
    Place place{std::string(program), std::string(service), {}};
    place.row.program = program;
    place.row.service = service;
    resolve_place(place.row, directory_);
    places_.push_back(std::move(place));
  }
  return found->second;
}

std::pair<std::size_t, std::size_t> IncidentFacts::started_in(std::int64_t from, std::int64_t to) const {
  const auto index = [&](std::int64_t t) {
    return static_cast<std::size_t>(std::ranges::lower_bound(facts_, t, {}, &Fact::started) - facts_.begin());
  };
  return {index(from), index(to)};
}

void IncidentFacts::count_all(Groups& groups, const Interval& span, std::uint8_t least, std::uint8_t most) const {
  const auto [begin, end] = started_in(unix_seconds(span.from), unix_seconds(span.to));
  // Places and kinds are few: a table of sums, then groups.
  std::vector<std::int64_t> sums(places_.size() * kinds_.size());
  for (std::size_t i = begin; i < end; ++i) {
    const auto& f = facts_[i];
    if (f.severity >= least && f.severity <= most) ++sums[f.place * kinds_.size() + f.kind];
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i] == 0) continue;
    auto& group = groups.at(static_cast<std::uint32_t>(i / kinds_.size()), kinds_[i % kinds_.size()]);
    group.records += sums[i];
    group.first += static_cast<double>(sums[i]);
  }
}

void IncidentFacts::count_open(Groups& groups, UnixTime at, UnixTime now) const {
  const auto t = unix_seconds(at);
  const auto look = [&](const Fact& f) {
    if (f.started > t || f.severity < 1 || f.severity > 2) return;
    const bool open = f.resolved == k_never ? !f.says_resolved : at < now && f.resolved > t;
    if (open) groups.add(f.place, kinds_[f.kind], 1);
  };
  for (const auto& f : open_before_) look(f);
  const auto end = started_in(k_never, t + 1).second;
  for (std::size_t i = 0; i < end; ++i) look(facts_[i]);
}

void IncidentFacts::count_hours(Groups& groups, const Interval& span) const {
  const auto from = unix_seconds(span.from), to = unix_seconds(span.to);
  const auto [begin, end] = started_in(from - k_90_days, to);
  for (std::size_t i = begin; i < end; ++i) {
    const auto& f = facts_[i];
    if (f.severity < 1 || f.severity > 2) continue;
    const auto over = f.mitigated != k_never ? f.mitigated : f.resolved;
    if ((over == k_never ? to : over) <= from) continue;
    if (over == k_never && f.says_resolved) {
      ++groups.at(f.place, kinds_[f.kind], f.kind == 0).records;  // over, and nobody said when
      continue;
    }
    const auto until = over == k_never ? to : over;
    const std::string_view excluded = f.kind != 0         ? std::string_view(kinds_[f.kind])
                                      : until < f.started ? "ended before it started"
                                                          : "";
    groups.add(f.place, excluded, static_cast<double>(std::min(until, to) - std::max(f.started, from)) / 3600.0);
  }
}

void IncidentFacts::read_launches() {
  launches_.emplace();
  store::Statement rows(store_.db(),
                        "SELECT service, launched_at FROM launch_review WHERE launched_at >= ?1 AND service IS NOT "
                        "NULL ORDER BY launched_at");
  rows.bind(unix_seconds(from_) - k_14_days);
  while (rows.step()) (*launches_)[std::string(rows.text(0))].push_back(rows.integer(1));
}

void IncidentFacts::count_after_launch(Groups& groups, const Interval& span) {
  if (!launches_) read_launches();
  std::vector<const std::vector<std::int64_t>*> of_place;
  for (const auto& place : places_) {
    const auto found = launches_->find(place.service);
    of_place.push_back(found == launches_->end() ? nullptr : &found->second);
  }
  const auto [begin, end] = started_in(unix_seconds(span.from), unix_seconds(span.to));
  for (std::size_t i = begin; i < end; ++i) {
    const auto& f = facts_[i];
    const auto* launches = of_place[f.place];
    if (launches == nullptr) continue;
    // The newest launch that is not after it is the nearest.
    const auto after = std::ranges::upper_bound(*launches, f.started);
    if (after != launches->begin() && f.started < *(after - 1) + k_14_days) groups.add(f.place, kinds_[f.kind], 1);
  }
}

void IncidentFacts::read_odd() {
  odd_.emplace();
  store::Statement rows(
      store_.db(),
      "SELECT created_at, NULL, service FROM ticket WHERE created_at >= ?1 AND (first_response_at < created_at OR "
      "resolved_at < created_at) UNION ALL SELECT submitted_at, program, service FROM launch_review WHERE submitted_at "
      ">= ?1 AND (decided_at < submitted_at OR launched_at < submitted_at)");
  rows.bind(from_);
  while (rows.step()) odd_->emplace_back(rows.integer(0), place_of(rows.text(1), rows.text(2)));
}

void IncidentFacts::count_impossible(Groups& groups, UnixTime to) {
  if (!odd_) read_odd();
  const auto t = unix_seconds(to);
  const auto [begin, end] = started_in(t - k_90_days, t);
  const auto before = [](std::int64_t time, std::int64_t start) { return time != k_never && time < start; };
  for (std::size_t i = begin; i < end; ++i) {
    const auto& f = facts_[i];
    if (before(f.detected, f.started) || before(f.mitigated, f.started) || before(f.resolved, f.started) ||
        before(f.acknowledged, f.started))
      groups.add(f.place, "", 1);
  }
  for (const auto& [at, place] : *odd_)
    if (at >= t - k_90_days && at < t) groups.add(place, "", 1);
}

void IncidentFacts::count_severities(Groups& groups, UnixTime to) const {
  const auto [begin, end] = started_in(unix_seconds(to) - k_90_days, unix_seconds(to));
  std::vector<std::pair<std::int64_t, std::int64_t>> sums(places_.size());  // with, all
  for (std::size_t i = begin; i < end; ++i) {
    if (facts_[i].kind != 0) continue;
    auto& [with, all] = sums[facts_[i].place];
    with += facts_[i].severity != 0;
    ++all;
  }
  for (std::uint32_t place = 0; place < sums.size(); ++place) {
    const auto& [with, all] = sums[place];
    if (all == 0) continue;
    auto& group = groups.at(place, "");
    group = {1, static_cast<double>(with), static_cast<double>(all), false};
  }
}

void IncidentFacts::count_known(Groups& groups, UnixTime to) const {
  const auto [begin, end] = started_in(unix_seconds(to) - k_90_days, unix_seconds(to));
  std::vector<std::int64_t> sums(places_.size());
  for (std::size_t i = begin; i < end; ++i) ++sums[facts_[i].place];
  std::map<std::string_view, std::pair<std::uint32_t, std::int64_t>> services;  // its first place, incidents
  for (std::uint32_t place = 0; place < sums.size(); ++place) {
    if (sums[place] == 0) continue;
    const auto [at, fresh] = services.try_emplace(places_[place].service, place, 0);
    at->second.second += sums[place];
  }
  std::set<std::string> known;
  store::Statement names(store_.db(),
                         "SELECT lower(name) FROM service WHERE name IS NOT NULL UNION SELECT lower(a.value) FROM "
                         "service s, json_each(s.aliases) a WHERE json_valid(s.aliases) AND a.value IS NOT NULL");
  while (names.step()) known.emplace(names.text(0));
  for (const auto& [service, of] : services) {
    const bool is_known = !service.empty() && known.contains(lower_ascii(service));
    auto& group = groups.at(of.first, "");
    group = {1, is_known ? static_cast<double>(of.second) : 0, static_cast<double>(of.second), false};
  }
}

RowSet IncidentFacts::rows(const config::Metric& metric, const Interval& span, UnixTime now) {
  Groups groups;
  const auto& name = metric.name;
  if (const auto* counted = find_counted(name))
    count_all(groups, span, counted->least, counted->most);
  else if (name == "open_sev12")
    count_open(groups, span.to, now);
  else if (name == "hours_sev12")
    count_hours(groups, span);
  else if (name == "incidents_after_launch")
    count_after_launch(groups, span);
  else if (name == "impossible_times")
    count_impossible(groups, span.to);
  else if (name == "known_services")
    count_known(groups, span.to);
  else if (name == "severity_coverage")
    count_severities(groups, span.to);
  else
    fail(ErrorKind::bug, "evaluation: no facts for the metric '{}'", name);
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.combine = result.kind == Kind::level ? Combine::sum : Combine::single;
  result.lower_is_better = metric.better == "lower";
  for (const auto& [key, group] : groups.all()) {
    const auto& [place, excluded, missing] = key;
    Row row = places_[place].row;
    row.excluded = excluded;
    row.records = group.records;
    if (!missing) row.first = group.first;
    row.second = result.kind == Kind::proportion ? group.second : static_cast<double>(group.records);
    const auto& service = places_[place].service;
    const std::string named = service.empty() ? "no service" : service;
    if (name == "known_services") {
      row.program = "*";
      row.service = row.team = {};
      row.id = service;
      row.label = fmt::format("{}: {:.0f} incidents", named, group.second);
    } else if (name == "severity_coverage") {
      row.label = fmt::format("{}: {:.0f} without", named, group.second - group.first);
    }
    result.rows.push_back(std::move(row));
  }
  // As the definition orders them, for the list that people read.
  if (name == "known_services")
    std::ranges::sort(result.rows, [](const Row& a, const Row& b) {
      return a.second != b.second ? a.second > b.second : a.id < b.id;
    });
  return result;
}

}  // namespace sitrep::evaluation
