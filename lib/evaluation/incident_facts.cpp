#include "evaluation/incident_facts.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "evaluation/incident_groups.hpp"

namespace sitrep::evaluation {
namespace {

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
constexpr std::array<std::string_view, 8> k_others = {
    "open_sev12",     "hours_sev12",       "incidents_after_launch", "impossible_times",
    "known_services", "severity_coverage", "incidents_out_of_hours", "repeat_causes"};

const Counted* find_counted(std::string_view metric) {
  const auto at = std::ranges::find(k_counted, metric, &Counted::metric);
  return at == k_counted.end() ? nullptr : &*at;
}

std::uint8_t severity_of(std::string_view text) {
  const bool usual = text.size() == 4 && text.starts_with("SEV") && text[3] >= '1' && text[3] <= '5';
  return usual ? static_cast<std::uint8_t>(text[3] - '0') : 6;
}

}  // namespace

const IncidentFacts::Duration* IncidentFacts::find_duration(std::string_view metric) {
  static constexpr std::array<Duration, 4> k_durations = {
      {{"time_to_detect", &Fact::detected, false, false, "detected before it started"},
       {"time_to_acknowledge", &Fact::acknowledged, true, false, "acknowledged before it was detected"},
       {"time_to_mitigate", &Fact::mitigated, false, false, "mitigated before it started"},
       {"time_to_resolve", &Fact::resolved, false, true, "resolved before it started"}}};
  const auto at = std::ranges::find(k_durations, metric, &Duration::metric);
  return at == k_durations.end() ? nullptr : &*at;
}

std::pair<std::uint8_t, std::uint8_t> IncidentFacts::severities_of(std::string_view metric) {
  const auto* counted = find_counted(metric);
  if (counted == nullptr) fail(ErrorKind::bug, "evaluation: '{}' does not count by severity", metric);
  return {counted->least, counted->most};
}

bool IncidentFacts::counts(std::string_view metric) {
  return find_counted(metric) != nullptr || find_duration(metric) != nullptr ||
         std::ranges::find(k_others, metric) != k_others.end();
}

bool IncidentFacts::names_items(std::string_view metric) {
  return find_counted(metric) != nullptr || find_duration(metric) != nullptr || metric == "hours_sev12" ||
         metric == "incidents_out_of_hours" || metric == "repeat_causes" || metric == "incidents_after_launch";
}

Seconds IncidentFacts::reach(std::string_view metric, const Interval& span) {
  const bool before = metric == "hours_sev12" || metric == "repeat_causes" || find_duration(metric) != nullptr;
  if (before) return Seconds{k_90_days};
  const bool of_90_days = metric == "impossible_times" || metric == "known_services" || metric == "severity_coverage";
  return of_90_days ? std::max(Seconds{0}, Seconds{k_90_days} - span.length()) : Seconds{0};
}

IncidentFacts::IncidentFacts(store::Store& store, const Directory& directory, const Calendar& calendar, UnixTime from)
    : store_(store), directory_(directory), calendar_(calendar), from_(from) {
  auto packed = store::read_incidents(store.db(), unix_seconds(from), store.options().as_of);
  words_ = std::move(packed.words);
  // What is said of a word is found out once.
  std::vector<std::uint8_t> severities(words_.size(), 6);
  std::vector<std::uint16_t> kinds(words_.size(), 0);
  std::vector<bool> kind_known(words_.size());
  severities[0] = 0;
  for (std::uint32_t i = 1; i < words_.size(); ++i) severities[i] = severity_of(words_[i]);
  std::unordered_map<std::uint64_t, std::uint32_t> places;  // by program and service
  facts_.reserve(packed.incidents.size());
  for (const auto& of : packed.incidents) {
    if (of.kind != 0 && !kind_known[of.kind]) {
      kind_known[of.kind] = true;
      if (words_[of.kind] != "incident" && !words_[of.kind].empty()) {
        kinds[of.kind] = static_cast<std::uint16_t>(kinds_.size());
        kinds_.emplace_back(words_[of.kind]);
      }
    }
    const auto [place, fresh] = places.try_emplace(std::uint64_t{of.program} << 32 | of.service, 0);
    if (fresh) place->second = place_of(words_[of.program], words_[of.service]);
    const Fact fact{of.key,
                    of.started,
                    of.detected,
                    of.acknowledged,
                    of.mitigated,
                    of.resolved,
                    place->second,
                    of.cause,
                    of.severity,
                    kinds[of.kind],
                    severities[of.severity],
                    words_[of.status] == "resolved",
                    of.past,
                    of.title};
    (of.started >= unix_seconds(from) ? facts_ : open_before_).push_back(fact);
  }
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
  else if (name == "incidents_out_of_hours")
    count_out_of_hours(groups, span);
  else if (name == "repeat_causes")
    count_repeats(groups, span);
  else if (const auto* duration = find_duration(name))
    count_durations(groups, span, *duration);
  else
    fail(ErrorKind::bug, "evaluation: no facts for the metric '{}'", name);
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.combine = result.kind == Kind::level ? Combine::sum : Combine::single;
  result.lower_is_better = metric.better == "lower";
  for (auto& [key, group] : groups.all()) {
    const auto& [place, excluded, missing] = key;
    Row row = places_[place].row;
    row.excluded = excluded;
    row.records = group.records;
    if (!missing && result.kind != Kind::duration) row.first = group.first;
    row.values = std::move(group.values);
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
