#include "evaluation/record_facts.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <tuple>
#include <unordered_map>

namespace sitrep::evaluation {
namespace {

using store::k_no_time;
constexpr std::int64_t k_looks_back = std::int64_t{30} * 86'400;  // for gaps in samples
constexpr std::array<std::string_view, 5> k_of_actions = {"overdue_actions", "open_actions", "action_age_days",
                                                          "overdue_by_owner", "overdue_actions_sev12"};

}  // namespace

bool ActionFacts::counts(std::string_view metric) {
  return std::ranges::find(k_of_actions, metric) != k_of_actions.end();
}

std::uint32_t ActionFacts::place_of(std::string_view program, std::string_view service, std::string_view team) {
  std::string key(program);
  key.append(1, '\0').append(service).append(1, '\0').append(team);
  const auto [found, fresh] = place_index_.try_emplace(std::move(key), static_cast<std::uint32_t>(places_.size()));
  if (fresh) places_.push_back(&directory_.place(program, service, team));
  return found->second;
}

ActionFacts::ActionFacts(store::Store& store, const Directory& directory, const Calendar& calendar, Readings& readings,
                         const HeldIncidents& held, UnixTime from)
    : directory_(directory), calendar_(calendar), from_(from), log_(readings.actions(store, from)) {
  const auto as_of = store.options().as_of;
  std::vector<std::string_view> ids;
  for (const auto& item : log_->actions) {
    if (!item.holds_at(as_of) || (item.completed != k_no_time && item.completed < unix_seconds(from))) continue;
    actions_.push_back({&item});
    if (item.has_incident) ids.push_back(item.incident);
  }
  const auto present = readings.named_incidents(store, ids);
  const auto then = named_incidents(store, held, ids);
  auto next = present.begin();
  for (auto& action : actions_) {
    // Of several incidents of that id the one of the item's own source is meant.
    const NamedIncident *of = nullptr, *serious = nullptr;
    const auto choose = [&](const NamedIncident*& chosen, const NamedIncident& one) {
      if (chosen == nullptr || (one.source == action.item->source && chosen->source != one.source)) chosen = &one;
    };
    const auto see = [&](const NamedIncident& one) {
      if (as_of && one.observed > unix_seconds(*as_of)) return;
      choose(of, one);
      if (one.serious) choose(serious, one);
      if (one.cause && !action.item->dropped)
        caused_.push_back({action.item, action.item->incident, *one.cause, one.service, one.started});
    };
    if (action.item->has_incident) {
      for (const auto& one : **next++) see(one);
      if (const auto past = then.find(action.item->incident); past != then.end())
        for (const auto& one : past->second) see(one);
    }
    const auto& team = action.item->team;
    action.place = of ? place_of(of->program, of->service, "") : place_of("", "", "");
    action.team_place = of ? place_of(of->program, of->service, team) : place_of("", "", team);
    if (serious) action.serious_place = place_of(serious->program, serious->service, "");
  }
}

std::vector<IncidentFacts::Fix> ActionFacts::fixes(const Interval& span) const {
  const auto from = unix_seconds(span.from), to = unix_seconds(span.to);
  std::vector<IncidentFacts::Fix> open;
  for (const auto& one : caused_) {
    const auto created = one.item->created, completed = one.item->completed;
    if (created == k_no_time || created >= to || one.started == k_no_time || one.service.empty()) continue;
    if ((completed == k_no_time ? to : completed) > from)
      open.push_back({one.id, one.cause, one.service, one.started, created, completed});
  }
  return open;
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
  for (const auto& known : actions_) {
    const auto& action = *known.item;
    if (action.created >= to || (age && action.created == k_no_time)) continue;
    const bool open = action.completed == k_no_time ? action.says_open : action.completed >= to;
    if (!open || (serious && known.serious_place == k_nowhere)) continue;
    const bool overdue = !action.due.empty() && action.due < today;
    if (by_owner && (!overdue || !action.has_owner)) continue;
    const bool missing = !age && !by_owner && !every && action.due.empty();
    const auto place = serious ? known.serious_place : age || by_owner ? known.team_place : known.place;
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
    auto& row = result.rows.emplace_back();
    row.place = places_[place];
    row.id = owner;
    row.records = group.records;
    if (!missing) row.first = group.value;
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
    const auto service = services.find(of);
    resources_.push_back({&directory.place({}, service == services.end() ? std::string_view() : service->second),
                          of.first, std::move(list)});
  }
}

RowSet SampleDayFacts::rows(const config::Metric& metric, const Interval& span) const {
  const auto to = unix_seconds(span.to);
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.combine = Combine::sum;
  result.lower_is_better = metric.better == "lower";
  struct Span {
    const Resource* of;
    std::int64_t seen = 0, first = 0, last = 0;
  };
  std::vector<Span> spans;
  std::map<std::string_view, std::int64_t> newest;  // by source
  for (const auto& resource : resources_) {
    Span days{&resource};
    for (const auto& d : resource.days) {
      if (d.day < (to - k_looks_back) / 86'400 || d.day > to / 86'400 || d.last < to - k_looks_back || d.first >= to)
        continue;
      days.first = days.seen == 0 ? d.day : std::min(days.first, d.day);
      days.last = days.seen == 0 ? d.day : std::max(days.last, d.day);
      ++days.seen;
    }
    if (days.seen == 0) continue;
    auto& last = newest.try_emplace(resource.source, days.last).first->second;
    last = std::max(last, days.last);
    spans.push_back(days);
  }
  for (const auto& days : spans) {
    auto& row = result.rows.emplace_back();
    row.place = days.of->place;
    // The newest day of a source may be under way: not all of it is measured yet.
    const auto last = std::max(days.last, newest[days.of->source] - 1);
    row.first = last - days.first + 1 > days.seen ? 1 : 0;
  }
  return result;
}

}  // namespace sitrep::evaluation
