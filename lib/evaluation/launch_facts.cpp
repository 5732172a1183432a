#include "evaluation/launch_facts.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "json/writer.hpp"

namespace sitrep::evaluation {
namespace {

using store::k_no_time;
constexpr std::array<std::string_view, 12> k_metrics = {
    "launches_submitted", "launches_decided",       "launches_launched",         "launch_review_time",
    "launches_late",      "launches_approved_late", "launched_without_approval", "launches_blocked",
    "launch_gate_most",   "launch_review_age_days", "launch_wait_reviewer_days", "launch_wait_author_days"};

bool in(const Interval& span, std::int64_t at) {
  return at != k_no_time && at >= unix_seconds(span.from) && at < unix_seconds(span.to);
}

}  // namespace

bool LaunchFacts::counts(std::string_view metric) { return std::ranges::find(k_metrics, metric) != k_metrics.end(); }

bool LaunchFacts::of_under_way(std::string_view metric) {
  return metric == "launches_late" || metric == "launches_blocked" || metric == "launch_review_age_days" ||
         metric == "launch_gate_most" || metric.starts_with("launch_wait_");
}

LaunchFacts::LaunchFacts(store::Store& store, const Directory& directory, const Calendar& calendar, Launches& launches,
                         UnixTime from, UnixTime now)
    : store_(store),
      directory_(directory),
      calendar_(calendar),
      launches_(launches),
      from_(from),
      workdays_(store, now, calendar) {}

void LaunchFacts::read_for(std::string_view metric) {
  const auto once = [this](bool& has, void (LaunchFacts::*read)()) {
    if (!std::exchange(has, true)) (this->*read)();
  };
  if (metric == "launched_without_approval")
    once(has_unapproved_, &LaunchFacts::read_unapproved);
  else if (of_under_way(metric))
    once(has_under_way_, &LaunchFacts::read_under_way);
  else if (!log_)
    read_log();
  if (metric == "launches_blocked" || metric == "launch_gate_most" || metric.starts_with("launch_wait_"))
    once(has_gates_, &LaunchFacts::read_gates);
}

std::uint32_t LaunchFacts::place_of(std::string_view program, std::string_view service) {
  place_key_.assign(program).append(1, '\0').append(service);
  const auto [found, fresh] = place_index_.try_emplace(place_key_, static_cast<std::uint32_t>(places_.size()));
  if (fresh) places_.push_back(&directory_.place(program, service));
  return found->second;
}

namespace {

/// Launches since ?1 whose review was not decided before, or a gate of it open or approved later.
std::string unapproved_sql(bool past) {
  constexpr std::string_view k_late_gate =
      "a.status IN ('pending', 'changes requested') OR (a.status = 'approved' AND a.decided_at > r.launched_at)";
  if (!past)  // by the tables themselves, whose index answers without the rows of gates
    return fmt::format(
        "SELECT launched_at, program, service FROM main.launch_review_current r WHERE launched_at >= ?1 AND "
        "(decided_at IS NULL OR decided_at > launched_at OR EXISTS (SELECT 1 FROM main.launch_approval_current a WHERE "
        "a.launch_id = r.id AND a.source_id = r.source_id AND ({})))",
        k_late_gate);
  // Gates are gathered first: what was known at a past moment has no index by launch.
  return fmt::format(
      "WITH r AS MATERIALIZED (SELECT source, id, program, service, decided_at, launched_at FROM launch_review WHERE "
      "launched_at >= ?1), a AS MATERIALIZED (SELECT source, launch_id, decided_at, status FROM launch_approval WHERE "
      "launch_id IN (SELECT id FROM r)) SELECT launched_at, program, service FROM r WHERE decided_at IS NULL OR "
      "decided_at > launched_at OR EXISTS (SELECT 1 FROM a WHERE a.launch_id = r.id AND a.source = r.source AND ({}))",
      k_late_gate);
}

}  // namespace

void LaunchFacts::read_unapproved() {
  store::Statement rows(store_.db(), unapproved_sql(store_.options().as_of.has_value()));
  rows.bind(from_);
  while (rows.step()) unapproved_.emplace_back(rows.integer(0), place_of(rows.text(1), rows.text(2)));
}

void LaunchFacts::read_log() {
  log_ = launches_.since(from_);
  for (const auto& [program, service] : log_->places) log_places_.push_back(place_of(program, service));
}

void LaunchFacts::read_under_way() {
  store::Statement rows(store_.db(),
                        "SELECT program, service, target_date, submitted_at, status, source, id, title IS NOT NULL "
                        "FROM launch_review WHERE status IN ('submitted', 'in review', 'approved')");
  while (rows.step()) {
    const auto place = place_of(rows.text(0), rows.text(1));
    const auto submitted = rows.seconds(3);
    const bool approved = rows.text(4) == "approved";
    under_way_.push_back({submitted, place, std::string(rows.text(2))});
    if (approved) continue;
    const auto& of = identities_.emplace_back(
        Identity{std::string(rows.text(5)), std::string(rows.text(6)), under_way_.size() - 1, rows.integer(7) != 0});
    review_index_.emplace(std::pair(of.source, of.id), reviews_.size());
    reviews_.push_back({submitted, place, false, days_up_to(submitted)});
  }
}

std::int64_t LaunchFacts::days_up_to(std::int64_t at) const {
  if (at == k_no_time) return -1;
  return workdays_.up_to(calendar_.zone.date_of(unix_time(at))).value_or(-1);
}

void LaunchFacts::read_gates() {
  std::map<std::string, std::uint32_t, std::less<>> areas;
  std::map<std::pair<std::size_t, std::uint32_t>, std::size_t> known;  // review and area: in at_gates_
  json::Writer ids;
  ids.begin_array();
  for (const auto& [review, index] : review_index_) ids.value(review.second);
  ids.end_array();
  store::Statement rows(store_.db(),
                        "SELECT source, launch_id, area, status, coalesce(turn, 'reviewer'), requested_at, "
                        "coalesce(decided_at, requested_at), turn FROM launch_approval WHERE status IN ('pending', "
                        "'changes requested') AND launch_id IN (SELECT value FROM json_each(?1))");
  rows.bind(ids.text());
  while (rows.step()) {
    const auto of = review_index_.find({std::string(rows.text(0)), std::string(rows.text(1))});
    if (of == review_index_.end()) continue;
    auto& review = reviews_[of->second];
    const auto place = review.place;
    const auto [area, fresh] = areas.try_emplace(std::string(rows.text(2)), static_cast<std::uint32_t>(areas_.size()));
    if (fresh) areas_.emplace_back(rows.text(2));
    const bool pending = rows.text(3) == "pending";
    const auto requested = rows.seconds(5), turned = rows.seconds(6);
    if (!pending) review.blocked = true;
    if (pending && rows.text(4) == "reviewer" && requested != k_no_time)
      for_reviewer_.push_back({requested, place, false, days_up_to(requested)});
    if ((!pending || rows.text(7) == "author") && turned != k_no_time)
      for_author_.push_back({turned, place, false, days_up_to(turned)});
    // One of a launch and area, at the earliest of its moments; without one, always.
    const auto [at, first] = known.try_emplace({of->second, area->second}, at_gates_.size());
    if (first)
      at_gates_.push_back({requested, place, false, -1, area->second});
    else
      at_gates_[at->second].since = std::min(at_gates_[at->second].since, requested);
  }
}

void LaunchFacts::count_happened(Groups& groups, const Interval& span, Step step) const {
  log_->each(step, span, [&](const LaunchLog::Launch& launch) {
    auto& group = groups[{log_places_[launch.place], 0, false, false}];
    ++group.records;
    group.first += 1;
  });
}

void LaunchFacts::count_review_times(Groups& groups, const Interval& span) const {
  log_->each(Step::decided, span, [&](const LaunchLog::Launch& launch) {
    const auto submitted = launch.at(Step::submitted), decided = launch.at(Step::decided);
    const bool impossible = submitted != k_no_time && decided < submitted;
    auto& group = groups[{log_places_[launch.place], 0, false, impossible}];
    ++group.records;
    if (submitted != k_no_time && !impossible) group.values.push_back(static_cast<double>(decided - submitted));
  });
}

void LaunchFacts::count_approved_late(Groups& groups, const Interval& span) const {
  log_->each(Step::decided, span, [&](const LaunchLog::Launch& launch) {
    if (!launch.approved || launch.target.empty() ||
        format_date(calendar_.zone.date_of(unix_time(launch.at(Step::decided)))) <= launch.target)
      return;
    auto& group = groups[{log_places_[launch.place], 0, false, false}];
    ++group.records;
    group.first += 1;
  });
}

void LaunchFacts::count_unapproved(Groups& groups, const Interval& span) const {
  for (const auto& [launched, place] : unapproved_) {
    if (!in(span, launched)) continue;
    auto& group = groups[{place, 0, false, false}];
    ++group.records;
    group.first += 1;
  }
}

void LaunchFacts::count_late(Groups& groups, UnixTime at) const {
  const auto today = format_date(calendar_.zone.date_of(at));
  for (const auto& launch : under_way_) {
    if (launch.submitted >= unix_seconds(at)) continue;  // k_no_time is less than any time
    auto& group = groups[{launch.place, 0, launch.target.empty(), false}];
    ++group.records;
    if (!launch.target.empty()) group.first += launch.target < today ? 1 : 0;
  }
}

void LaunchFacts::count_blocked(Groups& groups, UnixTime at) const {
  for (const auto& review : reviews_) {
    if (review.since >= unix_seconds(at)) continue;
    auto& group = groups[{review.place, 0, false, false}];
    ++group.records;
    group.first += review.blocked ? 1 : 0;
  }
}

void LaunchFacts::longest(Groups& groups, const std::vector<Waiting>& list, UnixTime at, bool without_since) const {
  const auto today = days_up_to(unix_seconds(at));
  for (const auto& one : list) {
    if ((one.since == k_no_time && !without_since) || one.since >= unix_seconds(at)) continue;
    const bool missing = today < 0 || one.days_before < 0;
    auto& group = groups[{one.place, 0, missing, false}];
    const auto days = static_cast<double>(today - one.days_before);
    group.first = group.records == 0 ? days : std::max(group.first, days);
    ++group.records;
  }
}

void LaunchFacts::count_gates(Groups& groups, UnixTime at) const {
  for (const auto& gate : at_gates_) {
    if (gate.since >= unix_seconds(at)) continue;
    auto& group = groups[{gate.place, gate.area, false, false}];
    ++group.records;
    group.first += 1;
  }
}

Chosen LaunchFacts::shown(const Interval& span, const Scope& scope) {
  read_for("launch_review_age_days");
  const auto today = days_up_to(unix_seconds(span.to));
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < reviews_.size(); ++i) {
    const auto& review = reviews_[i];
    if (review.since >= unix_seconds(span.to) || today < 0 || review.days_before < 0) continue;
    if (identities_[i].has_title && belongs(*places_[review.place], scope)) found.push_back(i);
  }
  // As the definition orders them.
  const auto shown = std::min(found.size(), k_items);
  std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(shown), {}, [&](std::size_t i) {
    const auto& of = identities_[i];
    return std::tie(reviews_[i].days_before, under_way_[of.under_way].target, of.id, of.source);
  });
  Chosen chosen;
  chosen.left_out = static_cast<std::int64_t>(found.size() - shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& of = identities_[found[i]];
    chosen.records.emplace(of.source, of.id);
  }
  return chosen;
}

RowSet LaunchFacts::rows(const config::Metric& metric, const Interval& span) {
  read_for(metric.name);
  Groups groups;
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.lower_is_better = metric.better == "lower";
  result.combine = result.kind == Kind::level ? Combine::sum : Combine::single;
  const auto& name = metric.name;
  if (name == "launches_submitted") {
    count_happened(groups, span, Step::submitted);
  } else if (name == "launches_decided") {
    count_happened(groups, span, Step::decided);
  } else if (name == "launches_launched") {
    count_happened(groups, span, Step::launched);
  } else if (name == "launch_review_time") {
    count_review_times(groups, span);
  } else if (name == "launches_approved_late") {
    count_approved_late(groups, span);
  } else if (name == "launched_without_approval") {
    count_unapproved(groups, span);
  } else if (name == "launches_late") {
    count_late(groups, span.to);
  } else if (name == "launches_blocked") {
    count_blocked(groups, span.to);
  } else if (name == "launch_gate_most") {
    result.combine = Combine::most;
    count_gates(groups, span.to);
  } else {
    result.combine = Combine::max;
    const auto& list = name == "launch_wait_reviewer_days" ? for_reviewer_
                       : name == "launch_wait_author_days" ? for_author_
                                                           : reviews_;
    longest(groups, list, span.to, name == "launch_review_age_days");
  }
  std::vector<Groups::value_type*> in_order;
  for (auto& group : groups) in_order.push_back(&group);
  std::ranges::sort(in_order, {}, [](const auto* group) { return group->first; });
  for (auto* one : in_order) {
    const auto& key = one->first;
    auto& group = one->second;
    auto& row = result.rows.emplace_back();
    row.place = places_[key.place];
    row.records = group.records;
    if (key.impossible) row.excluded = "decided before it was submitted";
    if (!key.missing && result.kind != Kind::duration) row.first = group.first;
    row.values = std::move(group.values);
    row.second = static_cast<double>(group.records);
    if (result.combine == Combine::most) row.id = areas_[key.area];
  }
  return result;
}

}  // namespace sitrep::evaluation
