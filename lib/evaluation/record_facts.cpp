#include "evaluation/record_facts.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <tuple>
#include <unordered_map>

namespace sitrep::evaluation {
namespace {

constexpr std::int64_t k_never = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t k_looks_back = 30 * 86'400;  // for gaps in samples
constexpr std::array<std::string_view, 5> k_of_actions = {"overdue_actions", "open_actions", "action_age_days",
                                                          "overdue_by_owner", "overdue_actions_sev12"};

std::int64_t time(const store::Statement& row, int column) {
  return row.is_null(column) ? k_never : row.integer(column);
}

}  // namespace

bool ActionFacts::counts(std::string_view metric) {
  return std::ranges::find(k_of_actions, metric) != k_of_actions.end();
}

std::uint32_t ActionFacts::place_of(std::string_view program, std::string_view service, std::string_view team) {
  const auto [found, fresh] = place_index_.try_emplace({std::string(program), std::string(service), std::string(team)},
                                                       static_cast<std::uint32_t>(places_.size()));
  if (fresh) {
    auto& row = places_.emplace_back();
    row.program = program;
    row.service = service;
    row.team = team;
    resolve_place(row, directory_);
  }
  return found->second;
}

ActionFacts::ActionFacts(store::Store& store, const Directory& directory, const Calendar& calendar, Readings& readings,
                         UnixTime from)
    : directory_(directory), calendar_(calendar), from_(from) {
  struct Read {
    Action action;
    std::string source, incident, team;
    bool has_incident = false;
  };
  std::vector<Read> items;
  std::set<std::string> ids;
  store::Statement rows(store.db(),
                        "SELECT source, incident_id, team, owner, status, created_at, completed_at, due_date FROM "
                        "action_item WHERE completed_at IS NULL OR completed_at >= ?1");
  rows.bind(from);
  while (rows.step()) {
    Action action{time(rows, 5), time(rows, 6), std::string(rows.text(7)), std::string(rows.text(3))};
    action.has_owner = !rows.is_null(3);
    action.says_open = rows.is_null(4) || rows.text(4) == "open";
    action.dropped = rows.text(4) == "dropped";
    const bool has_incident = !rows.is_null(1);
    if (has_incident) ids.emplace(rows.text(1));
    items.push_back({std::move(action), std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)),
                     has_incident});
  }
  auto incidents = readings.named_incidents(store, ids);
  if (const auto as_of = store.options().as_of) {
    for (auto& [id, list] : incidents)
      std::erase_if(list, [&](const NamedIncident& one) { return one.observed > unix_seconds(*as_of); });
    add_held_incidents(store, ids, incidents);
  }
  for (auto& [action, source, incident, team, has_incident] : items) {
    // Of several incidents of that id the one of the item's own source is meant.
    const NamedIncident *of = nullptr, *serious = nullptr;
    const auto choose = [&](const NamedIncident*& chosen, const NamedIncident& one) {
      if (chosen == nullptr || (one.source == source && chosen->source != source)) chosen = &one;
    };
    if (const auto found = incidents.find(incident); found != incidents.end() && has_incident) {
      for (const auto& one : found->second) {
        choose(of, one);
        if (one.serious) choose(serious, one);
      }
    }
    action.place = of ? place_of(of->program, of->service, "") : place_of("", "", "");
    action.team_place = of ? place_of(of->program, of->service, team) : place_of("", "", team);
    if (serious) action.serious_place = place_of(serious->program, serious->service, "");
    actions_.push_back(std::move(action));
  }
}

RowSet ActionFacts::rows(const config::Metric& metric, const Interval& span) const {
  const auto& name = metric.name;
  const bool age = name == "action_age_days", by_owner = name == "overdue_by_owner", every = name == "open_actions",
             serious = name == "overdue_actions_sev12";
  const auto to = unix_seconds(span.to);
  const auto today = format_date(calendar_.zone.date_of(span.to));
  struct Group {
    std::int64_t records = 0;
    double value = 0;
  };
  std::map<std::tuple<std::uint32_t, std::string_view, bool>, Group> groups;  // place, owner, missing
  for (const auto& action : actions_) {
    if (action.created >= to || (age && action.created == k_never)) continue;
    const bool open = action.completed == k_never ? action.says_open : action.completed >= to;
    if (!open || (serious && action.serious_place == k_nowhere)) continue;
    const bool overdue = !action.due.empty() && action.due < today;
    if (by_owner && (!overdue || !action.has_owner)) continue;
    const bool missing = !age && !by_owner && !every && action.due.empty();
    const auto place = serious ? action.serious_place : age || by_owner ? action.team_place : action.place;
    auto& group = groups[{place, by_owner ? std::string_view(action.owner) : std::string_view(), missing}];
    if (age) {
      const auto days = static_cast<double>(to - action.created) / 86'400.0;
      group.value = group.records == 0 ? days : std::max(group.value, days);
    } else {
      group.value += by_owner || every || overdue ? 1 : 0;
    }
    ++group.records;
  }
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.combine = age ? Combine::max : by_owner ? Combine::most : Combine::sum;
  result.lower_is_better = metric.better == "lower";
  for (const auto& [key, group] : groups) {
    const auto& [place, owner, missing] = key;
    Row row = places_[place];
    row.id = owner;
    row.records = group.records;
    if (!missing) row.first = group.value;
    result.rows.push_back(std::move(row));
  }
  return result;
}

RunFacts::RunFacts(store::Store& store) {
  store::Statement rows(store.db(),
                        "SELECT source, stream, id, finished_at, error IS NULL, duplicates FROM sync_run WHERE "
                        "finished_at IS NOT NULL ORDER BY source, stream, id");
  while (rows.step())
    streams_[{std::string(rows.text(0)), std::string(rows.text(1))}].push_back(
        {rows.integer(2), rows.integer(3), rows.integer(4) != 0, rows.real(5)});
}

bool RunFacts::counts(std::string_view metric) { return metric == "freshness_hours" || metric == "duplicates"; }

RowSet RunFacts::rows(const config::Metric& metric, const Interval& span) const {
  const bool age = metric.name == "freshness_hours";
  const auto to = unix_seconds(span.to);
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.combine = age ? Combine::max : Combine::sum;
  result.lower_is_better = metric.better == "lower";
  for (const auto& [name, runs] : streams_) {
    Row row;
    row.program = "*";
    const Run* last = nullptr;  // the newest good one by its end; the newest by its number
    for (const auto& run : runs)
      if (run.finished <= to && (age ? run.good && (!last || run.finished > last->finished) : true)) last = &run;
    if (!last) continue;
    if (age)
      row.first = static_cast<double>(to - last->finished) / 3600.0;
    else
      row.first = last->duplicates;
    result.rows.push_back(std::move(row));
  }
  return result;
}

bool MilestoneFacts::counts(std::string_view metric) {
  return metric == "milestone_slip_days" || metric == "milestone_slips" || metric == "overdue_milestones" ||
         metric == "milestones_slipped";
}

MilestoneFacts::MilestoneFacts(store::Store& store, const Directory& directory, const Calendar& calendar)
    : calendar_(calendar) {
  constexpr std::array<std::string_view, 6> k_over = {"done",      "completed", "complete",
                                                      "cancelled", "canceled",  "dropped"};
  struct Known {
    std::string first, last;  // due days of a stage
  };
  store::Statement rows(store.db(),
                        "SELECT source, id, stage, program_id, lower(coalesce(status, '')), due_date, completed_date "
                        "IS NULL, observed_at, superseded_at FROM milestone_history ORDER BY source, id, observed_at");
  std::string key;
  std::map<std::string, Known> stages;
  std::string last;  // whatever the stage
  std::size_t milestone = 0;
  while (rows.step()) {
    const auto of = std::string(rows.text(0)) + '\0' + std::string(rows.text(1));
    if (of != key || versions_.empty()) {
      key = of;
      stages.clear();
      last.clear();
      ++milestone;
    }
    Version version{milestone, rows.integer(7), time(rows, 8), std::string(rows.text(5)), false, false, false, {}};
    version.open = rows.integer(6) != 0 && std::ranges::find(k_over, rows.text(4)) == k_over.end();
    if (!version.due.empty()) {
      // Stages are told apart as SQL does: none is one too.
      const auto stage = rows.is_null(2) ? std::string() : "=" + std::string(rows.text(2));
      auto& known = stages.try_emplace(stage, Known{version.due, {}}).first->second;
      version.slipped = !known.last.empty() && version.due > known.last;
      version.moved_later = !last.empty() && version.due > last;
      const auto due = parse_date(version.due), first = parse_date(known.first);
      if (due && first) version.slip = static_cast<double>((*due - *first).count());
      known.last = last = version.due;
    }
    Row place;
    place.program = rows.text(3);
    resolve_place(place, directory);
    places_.push_back(std::move(place));
    versions_.push_back(std::move(version));
  }
}

RowSet MilestoneFacts::rows(const config::Metric& metric, const Interval& span) const {
  const auto& name = metric.name;
  const bool moved = name == "milestones_slipped", days = name == "milestone_slip_days",
             slips = name == "milestone_slips";
  const auto from = unix_seconds(span.from), to = unix_seconds(span.to);
  const auto today = format_date(calendar_.zone.date_of(span.to));
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.combine = days || slips ? Combine::max : result.kind == Kind::level ? Combine::sum : Combine::single;
  result.lower_is_better = metric.better == "lower";
  std::size_t counted = 0;  // the milestone that was last
  double so_far = 0;        // slips of the milestone
  for (std::size_t i = 0; i < versions_.size(); ++i) {
    const auto& v = versions_[i];
    if (i == 0 || v.milestone != versions_[i - 1].milestone) so_far = 0;
    if (moved) {
      if (!v.moved_later || v.observed < from || v.observed >= to) continue;
      if (counted == v.milestone) result.rows.pop_back();  // of several moves the newest
      counted = v.milestone;
      auto& row = result.rows.emplace_back(places_[i]);
      row.first = row.second = 1;
      continue;
    }
    if (v.observed > to) continue;
    so_far += v.slipped ? 1 : 0;
    if (!v.open || (v.superseded != k_never && v.superseded <= to)) continue;
    if ((days || slips) && v.due.empty()) continue;
    Row row = places_[i];
    if (days)
      row.first = v.slip;
    else if (slips)
      row.first = so_far;
    else if (!v.due.empty())
      row.first = v.due < today ? 1 : 0;
    result.rows.push_back(std::move(row));
  }
  return result;
}

bool SampleDayFacts::counts(std::string_view metric) { return metric == "gaps_in_samples"; }

SampleDayFacts::SampleDayFacts(store::Store& store, const Directory& directory, Readings& readings, UnixTime from)
    : from_(from) {
  std::map<std::pair<std::string, std::string>, std::string> services;
  store::Statement named(store.db(), "SELECT source, id, service FROM capacity_resource");
  while (named.step())
    services.emplace(std::pair(std::string(named.text(0)), std::string(named.text(1))), named.text(2));
  std::map<std::pair<std::string, std::string>, std::vector<Day>> days;
  std::vector<Day>* current = nullptr;
  std::pair<std::string, std::string> key;
  constexpr auto k_ever = std::numeric_limits<std::int64_t>::max();
  each_sample_day(store, readings, (unix_seconds(from) - k_looks_back) / 86'400, k_ever,
                  [&](const store::SampleSeries& series, const store::SampleDay& day) {
                    if (!current || key.first != series.source || key.second != series.resource) {
                      key = {series.source, series.resource};
                      current = &days[key];
                    }
                    current->push_back({day.day, day.first_at, day.last_at});
                  });
  for (auto& [of, list] : days) {
    Row place;
    if (const auto service = services.find(of); service != services.end()) place.service = service->second;
    resolve_place(place, directory);
    resources_.emplace_back(std::move(place), std::move(list));
  }
}

RowSet SampleDayFacts::rows(const config::Metric& metric, const Interval& span) const {
  const auto to = unix_seconds(span.to);
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.combine = Combine::sum;
  result.lower_is_better = metric.better == "lower";
  for (const auto& [place, days] : resources_) {
    std::int64_t seen = 0, first = 0, last = 0;
    for (const auto& d : days) {
      if (d.day < (to - k_looks_back) / 86'400 || d.day > to / 86'400 || d.last < to - k_looks_back || d.first >= to)
        continue;
      first = seen == 0 ? d.day : std::min(first, d.day);
      last = seen == 0 ? d.day : std::max(last, d.day);
      ++seen;
    }
    if (seen == 0) continue;
    result.rows.push_back(place);
    result.rows.back().first = last - first + 1 > seen ? 1 : 0;
  }
  return result;
}

}  // namespace sitrep::evaluation
