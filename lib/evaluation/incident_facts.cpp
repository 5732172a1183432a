#include "evaluation/incident_facts.hpp"

#include <algorithm>
#include <array>
#include <limits>

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

}  // namespace

const IncidentFacts::Duration* IncidentFacts::find_duration(std::string_view metric) {
  static constexpr std::array<Duration, 4> k_durations = {
      {{"time_to_detect", &Details::detected, false, false, "detected before it started"},
       {"time_to_acknowledge", &Details::acknowledged, true, false, "acknowledged before it was detected"},
       {"time_to_mitigate", &Details::mitigated, false, false, "mitigated before it started"},
       {"time_to_resolve", &Details::resolved, false, true, "resolved before it started"}}};
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

IncidentFacts::IncidentFacts(store::Store& store, const Directory& directory, const Calendar& calendar, UnixTime from,
                             std::shared_ptr<const IncidentLog> log, const HeldIncidents& held, Launches& launches)
    : store_(store),
      directory_(directory),
      calendar_(calendar),
      launches_(launches),
      from_(from),
      log_(std::move(log)),
      names_(log_->names) {
  launches_.expect_odd(from_);
  const auto as_of = store.options().as_of;
  const auto start = unix_seconds(from_), known = as_of ? unix_seconds(*as_of) : 0;
  const auto take = [&](const Fact& fact) {
    if (as_of && fact.observed > known) return;
    if (fact.started >= start) {
      facts_.push_back(&fact);
      if (fact.lasting) lasting_.push_back(&fact);
    } else if (fact.is_serious() && (details(fact).resolved == store::k_no_time || details(fact).resolved > start)) {
      open_before_.push_back(&fact);
    }
  };
  facts_.reserve(log_->facts.size());
  for (const auto& fact : log_->open_before) take(fact);
  for (const auto& stretch : log_->stretches) {
    if (as_of && stretch.first_seen > known) continue;
    if (stretch.last_start < start && stretch.serious_over <= start) continue;
    for (std::size_t i = stretch.begin; i < stretch.end; ++i) take(log_->facts[i]);
  }
  if (!held.versions.empty()) add_held(held);
  read_unstarted(held);
  resolve_places();
  rank_places();
}

void IncidentFacts::add_held(const HeldIncidents& held) {
  const auto from = unix_seconds(from_);
  const auto& words = held.words;
  IncidentReader read(words, names_, held_details_, log_->details.size());
  for (const auto& version : held.versions)
    if (store::matters(version.incident, from, words)) held_.push_back(read(version.incident));
  std::vector<std::uint32_t> of_log(words.size());
  for (std::uint32_t i = 1; i < words.size(); ++i) {
    const auto known = log_->words.find(words[i]);
    of_log[i] = known.value_or(static_cast<std::uint32_t>(log_->words.size() + own_words_.size()));
    if (!known) own_words_.emplace_back(words[i]);
  }
  for (auto& fact : held_) fact.cause = of_log[fact.cause];
  for (auto& one : held_details_) one.severity_word = of_log[one.severity_word];
  const auto by_start = [](const Fact& a, const Fact& b) { return a.started < b.started; };
  std::ranges::sort(held_, {}, [&](const Fact& fact) { return std::pair(fact.started, details(fact).key); });
  const auto earlier = [&](const Fact* a, const Fact* b) { return by_start(*a, *b); };
  const auto current = facts_.size(), before = open_before_.size(), lasting = lasting_.size();
  for (const auto& fact : held_) {
    (fact.started >= from ? facts_ : open_before_).push_back(&fact);
    if (fact.started >= from && fact.lasting) lasting_.push_back(&fact);
  }
  const auto merge = [&](std::vector<const Fact*>& list, std::size_t middle) {
    std::inplace_merge(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(middle), list.end(), earlier);
  };
  merge(facts_, current);
  merge(open_before_, before);
  merge(lasting_, lasting);
}

void IncidentFacts::read_unstarted(const HeldIncidents& held) {
  store::Statement rows(store_.db(),
                        "SELECT program, service, kind FROM main.incident_current WHERE started_at IS NULL AND "
                        "resolved_at IS NULL AND severity IN ('SEV1', 'SEV2') AND coalesce(status, 'open') <> "
                        "'resolved' AND observed_at <= ?1");
  rows.bind(store_.known_at());
  while (rows.step()) unstarted_.push_back({names_.place(rows.text(0), rows.text(1)), names_.kind(rows.text(2))});
  const auto& words = held.words;
  for (const auto& [of, id, source] : held.versions) {
    const auto severity = words[of.severity];
    if (of.started == store::k_no_time && of.resolved == store::k_no_time && words[of.status] != "resolved" &&
        (severity == "SEV1" || severity == "SEV2"))
      unstarted_.push_back({names_.place(words[of.program], words[of.service]), names_.kind(words[of.kind])});
  }
}

std::string_view IncidentFacts::word(std::uint32_t word) const {
  return word < log_->words.size() ? log_->words[word] : own_words_[word - log_->words.size()];
}

std::optional<std::uint32_t> IncidentFacts::find_word(std::string_view text) const {
  if (const auto known = log_->words.find(text)) return known;
  const auto own = std::ranges::find(own_words_, text);
  if (own == own_words_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(log_->words.size() + static_cast<std::size_t>(own - own_words_.begin()));
}

void IncidentFacts::resolve_places() {
  while (places_.size() < names_.places.size()) {
    const auto& [program, service] = names_.places[places_.size()];
    places_.push_back({program, service, &directory_.place(program, service)});
  }
}

void IncidentFacts::rank_places() {
  constexpr auto k_unseen = std::numeric_limits<std::uint32_t>::max();
  ranks_.assign(places_.size(), k_unseen);
  for (const auto* list : {&open_before_, &facts_})
    for (const auto* fact : *list) {
      auto& rank = ranks_[fact->place];
      if (rank != k_unseen) continue;
      rank = ranked_++;
      if (ranked_ == ranks_.size()) return;
    }
}

std::uint32_t IncidentFacts::place_of(std::string_view program, std::string_view service) {
  const auto place = names_.place(program, service);
  resolve_places();
  ranks_.resize(places_.size(), std::numeric_limits<std::uint32_t>::max());
  if (ranks_[place] == std::numeric_limits<std::uint32_t>::max()) ranks_[place] = ranked_++;
  return place;
}

std::pair<std::size_t, std::size_t> IncidentFacts::started_in(std::int64_t from, std::int64_t to) const {
  const auto index = [&](std::int64_t t) {
    return static_cast<std::size_t>(std::ranges::lower_bound(facts_, t, {}, [](const Fact* f) { return f->started; }) -
                                    facts_.begin());
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
  return rows_of(groups, metric);
}

RowSet IncidentFacts::recurred(const config::Metric& metric, const Interval& span, std::span<const Fix> fixes) {
  Groups groups;
  count_recurred(groups, span, fixes);
  return rows_of(groups, metric);
}

RowSet IncidentFacts::rows_of(Groups& groups, const config::Metric& metric) const {
  const auto& name = metric.name;
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.combine = result.kind == Kind::level ? Combine::sum : Combine::single;
  result.lower_is_better = metric.better == "lower";
  // Reals add up to the last bit alike however far back the log goes.
  std::vector<Groups::Map::value_type*> in_order;
  for (auto& group : groups.all()) in_order.push_back(&group);
  std::ranges::stable_sort(in_order, {}, [&](const auto* group) { return ranks_[std::get<0>(group->first)]; });
  if (name == "severity_coverage")  // as the definition orders them, for the list that people read
    std::ranges::stable_sort(in_order, {}, [&](const auto* group) {
      const auto& place = places_[std::get<0>(group->first)];
      return std::tuple(group->second.first - group->second.second, std::string_view(place.program),
                        std::string_view(place.service));
    });
  for (auto* one : in_order) {
    const auto& [place, excluded, missing] = one->first;
    auto& group = one->second;
    auto& row = result.rows.emplace_back();
    row.place = places_[place].place;
    row.excluded = excluded;
    row.records = group.records;
    if (!missing && result.kind != Kind::duration) row.first = group.first;
    row.values = std::move(group.values);
    row.second = result.kind == Kind::proportion ? group.second : static_cast<double>(group.records);
    const auto& service = places_[place].service;
    const std::string named = service.empty() ? "no service" : service;
    if (name == "known_services") {
      row.place = &everywhere();
      row.id = service;
      row.label = fmt::format("{}: {:.0f} incidents", named, group.second);
    } else if (name == "severity_coverage") {
      row.label = fmt::format("{}: {:.0f} without", named, group.second - group.first);
    }
  }
  // As the definition orders them, for the list that people read.
  if (name == "known_services")
    std::ranges::sort(result.rows, [](const Row& a, const Row& b) {
      return a.second != b.second ? a.second > b.second : a.id < b.id;
    });
  return result;
}

}  // namespace sitrep::evaluation
