#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_map>

#include "base/text.hpp"
#include "evaluation/incident_groups.hpp"

// What each definition counts.
namespace sitrep::evaluation {

void IncidentFacts::count_all(Groups& groups, const Interval& span, std::uint8_t least, std::uint8_t most) const {
  const auto [begin, end] = started_in(unix_seconds(span.from), unix_seconds(span.to));
  // Places and kinds are few: a table of sums, then groups.
  std::vector<std::int64_t> sums(places_.size() * names_.kinds.size());
  for (std::size_t i = begin; i < end; ++i) {
    const auto& f = *facts_[i];
    if (f.severity >= least && f.severity <= most) ++sums[f.place * names_.kinds.size() + f.kind];
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i] == 0) continue;
    auto& group = groups.at(static_cast<std::uint32_t>(i / names_.kinds.size()), names_.kinds[i % names_.kinds.size()]);
    group.records += sums[i];
    group.first += static_cast<double>(sums[i]);
  }
}

void IncidentFacts::count_open(Groups& groups, UnixTime at, UnixTime now) const {
  const auto t = unix_seconds(at);
  const auto look = [&](const Fact& f) {
    if (f.started > t || !f.is_serious()) return;
    const auto& of = details(f);
    const bool open = of.resolved == store::k_no_time ? !of.says_resolved : at < now && of.resolved > t;
    if (open) groups.add(f.place, names_.kinds[f.kind], 1);
  };
  for (const auto* f : open_before_) look(*f);
  for (const auto* f : lasting_)
    if (f->started < t - k_week) look(*f);
  const auto [begin, end] = started_in(t - k_week, t + 1);
  for (std::size_t i = begin; i < end; ++i) look(*facts_[i]);
  if (at >= now)
    for (const auto& of : unstarted_) groups.add(of.place, names_.kinds[of.kind], 1);
}

std::optional<double> IncidentFacts::hours_of(const Fact& f, const Interval& span, std::string_view& excluded) const {
  const auto from = unix_seconds(span.from), to = unix_seconds(span.to);
  excluded = names_.kinds[f.kind];
  const auto over = over_at(f);
  if (over == store::k_no_time && details(f).says_resolved) return std::nullopt;
  const auto until = over == store::k_no_time ? to : over;
  if (f.kind == 0 && until < f.started) excluded = "ended before it started";
  return static_cast<double>(std::min(until, to) - std::max(f.started, from)) / 3600.0;
}

void IncidentFacts::count_hours(Groups& groups, const Interval& span) const {
  const auto from = unix_seconds(span.from), to = unix_seconds(span.to);
  each_lately(from, to, [&](const Fact& f) {
    if (!f.is_serious()) return;
    const auto over = over_at(f);
    if ((over == store::k_no_time ? to : over) <= from) return;
    std::string_view excluded;
    if (const auto hours = hours_of(f, span, excluded))
      groups.add(f.place, excluded, *hours);
    else
      ++groups.at(f.place, excluded, true).records;  // over, and nobody said when
  });
}

bool IncidentFacts::duration_of(const Fact& f, const Interval& span, const Duration& duration,
                                std::optional<double>& value) const {
  const auto from = unix_seconds(span.from), to = unix_seconds(span.to);
  const auto& of = details(f);
  const auto end = of.*duration.end;
  value.reset();
  if (end == store::k_no_time)
    return !duration.needs_end && of.resolved != store::k_no_time && of.resolved >= from && of.resolved < to;
  if (end < from || end >= to) return false;
  const auto start = duration.from_detection && of.detected != store::k_no_time ? of.detected : f.started;
  value = static_cast<double>(end - start);
  return true;
}

void IncidentFacts::count_durations(Groups& groups, const Interval& span, const Duration& duration) const {
  std::optional<double> value;
  each_lately(unix_seconds(span.from), unix_seconds(span.to), [&](const Fact& f) {
    if (!duration_of(f, span, duration, value)) return;
    const bool impossible = f.kind == 0 && value && *value < 0;
    auto& group = groups.at(f.place, impossible ? duration.impossible : std::string_view(names_.kinds[f.kind]));
    ++group.records;
    if (value && f.kind == 0 && !impossible) group.values.push_back(*value);
  });
}

template <class Take>
void IncidentFacts::each_clock(const Interval& span, const Take& take) const {
  const auto [begin, end] = started_in(unix_seconds(span.from), unix_seconds(span.to));
  for (std::size_t i = begin; i < end; ++i) {
    const auto& f = *facts_[i];
    const auto reading = calendar_.zone.to_local(unix_time(f.started));
    const auto date = std::chrono::floor<std::chrono::days>(reading);
    const auto weekday = std::chrono::weekday{date}.c_encoding();
    const auto hour = std::chrono::floor<std::chrono::hours>(reading - date).count();
    take(f, weekday == 0 || weekday == 6 || hour < 9 || hour >= 18);
  }
}

void IncidentFacts::count_out_of_hours(Groups& groups, const Interval& span) const {
  each_clock(span, [&](const Fact& f, bool out) { groups.add(f.place, names_.kinds[f.kind], out ? 1 : 0, 1); });
}

std::unordered_map<std::uint32_t, std::int64_t> IncidentFacts::first_causes(const Interval& span) const {
  std::unordered_map<std::uint32_t, std::int64_t> first;
  const auto [begin, end] = started_in(unix_seconds(span.from) - k_90_days, unix_seconds(span.to));
  for (std::size_t i = begin; i < end; ++i)
    if (facts_[i]->cause != 0 && facts_[i]->kind == 0) first.try_emplace(facts_[i]->cause, facts_[i]->started);
  return first;
}

void IncidentFacts::count_repeats(Groups& groups, const Interval& span) const {
  const auto first = first_causes(span);
  const auto [begin, end] = started_in(unix_seconds(span.from), unix_seconds(span.to));
  for (std::size_t i = begin; i < end; ++i) {
    const auto& f = *facts_[i];
    if (f.cause == 0) {
      auto& group = groups.at(f.place, names_.kinds[f.kind], true);
      ++group.records;
      group.second += 1;
      continue;
    }
    const auto seen = first.find(f.cause);
    groups.add(f.place, names_.kinds[f.kind], seen != first.end() && seen->second < f.started ? 1 : 0, 1);
  }
}

/// A service by its name, whatever name the record has for it.
std::string IncidentFacts::called(std::string_view service) const {
  const auto* known = directory_.service(service);
  return known == nullptr ? std::string(service) : known->name;
}

void IncidentFacts::reach_launches(UnixTime from) {
  if (launched_since_ && *launched_since_ <= from) return;
  launched_since_ = from;
  launched_.clear();
  const auto since = from - Seconds{k_14_days};
  const auto take = [&](std::string_view service, std::int64_t at) {
    if (!service.empty()) launched_[called(service)].push_back(at);
  };
  if (const auto log = launches_.at_hand(since)) {
    log->each(Step::launched, {since, UnixTime::max()}, [&](const LaunchLog::Launch& launch) {
      take(log->places[launch.place].second, launch.at(Step::launched));
    });
    for (auto& [service, launches] : launched_) std::ranges::sort(launches);
    return;
  }
  // Of a few weeks alone the index is quicker than the log's pass.
  store::Statement rows(store_.db(),
                        "SELECT service, launched_at FROM launch_review WHERE launched_at >= ?1 ORDER BY launched_at");
  rows.bind(since);
  while (rows.step()) take(rows.text(0), rows.integer(1));
}

template <class Take>
void IncidentFacts::each_after_launch(const Interval& span, const Take& take) const {
  std::vector<const std::vector<std::int64_t>*> of_place;
  for (const auto& place : places_) {
    const auto found = launched_.find(called(place.service));
    of_place.push_back(found == launched_.end() ? nullptr : &found->second);
  }
  const auto [begin, end] = started_in(unix_seconds(span.from), unix_seconds(span.to));
  for (std::size_t i = begin; i < end; ++i) {
    const auto& f = *facts_[i];
    const auto* launches = of_place[f.place];
    if (launches == nullptr) continue;
    // The newest launch that is not after it is the nearest.
    const auto after = std::ranges::upper_bound(*launches, f.started);
    if (after != launches->begin() && f.started < *(after - 1) + k_14_days) take(f);
  }
}

void IncidentFacts::count_after_launch(Groups& groups, const Interval& span) {
  reach_launches(span.from);
  each_after_launch(span, [&](const Fact& f) { groups.add(f.place, names_.kinds[f.kind], 1); });
}

void IncidentFacts::read_odd() {
  impossible_.emplace();
  std::ranges::copy_if(facts_, std::back_inserter(*impossible_), [](const Fact* fact) { return fact->impossible; });
  odd_.emplace();
  store::Statement tickets(store_.db(),
                           "SELECT created_at, service FROM ticket WHERE created_at >= ?1 AND (first_response_at < "
                           "created_at OR resolved_at < created_at)");
  tickets.bind(from_);
  while (tickets.step()) odd_->emplace_back(tickets.integer(0), place_of("", tickets.text(1)));
  const auto log = launches_.odd_since(from_);
  for (const auto& launch : log->launches) {
    const auto& [program, service] = log->places[launch.place];
    if (launch.is_odd()) odd_->emplace_back(launch.at(Step::submitted), place_of(program, service));
  }
}

void IncidentFacts::count_impossible(Groups& groups, UnixTime to) {
  if (!odd_) read_odd();
  const auto t = unix_seconds(to);
  for (const auto* f : *impossible_)
    if (f->started >= t - k_90_days && f->started < t) groups.add(f->place, "", 1);
  for (const auto& [at, place] : *odd_)
    if (at >= t - k_90_days && at < t) groups.add(place, "", 1);
}

void IncidentFacts::count_severities(Groups& groups, UnixTime to) const {
  const auto [begin, end] = started_in(unix_seconds(to) - k_90_days, unix_seconds(to));
  std::vector<std::pair<std::int64_t, std::int64_t>> sums(places_.size());  // with, all
  for (std::size_t i = begin; i < end; ++i) {
    if (facts_[i]->kind != 0) continue;
    auto& [with, all] = sums[facts_[i]->place];
    with += facts_[i]->severity != 0;
    ++all;
  }
  for (std::uint32_t place = 0; place < sums.size(); ++place) {
    const auto& [with, all] = sums[place];
    if (all == 0) continue;
    auto& group = groups.at(place, "");
    group = {1, static_cast<double>(with), static_cast<double>(all), {}, false};
  }
}

void IncidentFacts::count_known(Groups& groups, UnixTime to) const {
  const auto [begin, end] = started_in(unix_seconds(to) - k_90_days, unix_seconds(to));
  std::vector<std::int64_t> sums(places_.size());
  for (std::size_t i = begin; i < end; ++i) ++sums[facts_[i]->place];
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
    group = {1, is_known ? static_cast<double>(of.second) : 0, static_cast<double>(of.second), {}, false};
  }
}

void IncidentFacts::count_recurred(Groups& groups, const Interval& span, std::span<const Fix> fixes) {
  std::unordered_multimap<std::uint32_t, const Fix*> by_cause;
  for (const auto& fix : fixes)
    if (const auto cause = find_word(fix.cause)) by_cause.emplace(*cause, &fix);
  if (by_cause.empty()) return;
  const auto [begin, end] = started_in(unix_seconds(span.from), unix_seconds(span.to));
  for (std::size_t i = begin; i < end; ++i) {
    const auto& f = *facts_[i];
    const auto [first, last] = by_cause.equal_range(f.cause);
    const bool again = std::any_of(first, last, [&](const auto& one) {
      const auto& fix = *one.second;
      return fix.started < f.started && fix.created < f.started &&
             (fix.completed == store::k_no_time ? unix_seconds(span.to) : fix.completed) > f.started &&
             fix.service == places_[f.place].service && fix.id != id_of(f);
    });
    if (again) groups.add(f.place, names_.kinds[f.kind], 1);
  }
}

std::vector<IncidentFacts::Candidate> IncidentFacts::candidates(std::string_view metric, const Interval& span,
                                                                const Scope& scope) {
  std::vector<Candidate> found;
  std::vector<bool> inside;
  inside.reserve(places_.size());
  for (const auto& place : places_) inside.push_back(belongs(*place.place, scope));
  const auto offer = [&](const Fact& f, std::optional<double> value) {
    if (f.kind == 0 && inside[f.place] && has_label(f, metric)) found.push_back({&f, value});
  };
  const auto from = unix_seconds(span.from), to = unix_seconds(span.to);
  if (const auto* duration = find_duration(metric)) {
    std::optional<double> value;
    each_lately(from, to, [&](const Fact& f) {
      if (duration_of(f, span, *duration, value) && value.value_or(0) >= 0) offer(f, value);
    });
  } else if (metric == "hours_sev12") {
    each_lately(from, to, [&](const Fact& f) {
      const auto over = over_at(f);
      if (!f.is_serious() || (over == store::k_no_time ? to : over) <= from) return;
      std::string_view excluded;
      const auto hours = hours_of(f, span, excluded);
      if (hours && *hours != 0 && excluded.empty()) offer(f, hours);
    });
  } else if (metric == "incidents_after_launch") {
    reach_launches(span.from);
    each_after_launch(span, [&](const Fact& f) { offer(f, 1); });
  } else if (metric == "incidents_out_of_hours") {
    each_clock(span, [&](const Fact& f, bool out) {
      if (out) offer(f, 1);
    });
  } else if (metric == "repeat_causes") {
    const auto first = first_causes(span);
    const auto [begin, end] = started_in(from, to);
    for (std::size_t i = begin; i < end; ++i) {
      const auto seen = first.find(facts_[i]->cause);
      if (facts_[i]->cause != 0 && seen != first.end() && seen->second < facts_[i]->started) offer(*facts_[i], 1);
    }
  } else {
    const auto [least, most] = severities_of(metric);
    const auto [begin, end] = started_in(from, to);
    for (std::size_t i = begin; i < end; ++i)
      if (facts_[i]->severity >= least && facts_[i]->severity <= most) offer(*facts_[i], 1);
  }
  return found;
}

}  // namespace sitrep::evaluation
