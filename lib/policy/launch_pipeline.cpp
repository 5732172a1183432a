#include "policy/launch_pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/business_days.hpp"
#include "base/text.hpp"
#include "json/value.hpp"
#include "policy/launch_dates.hpp"
#include "store/listing.hpp"

namespace sitrep::policy {
namespace {

/// A row of a listing by the names of its columns.
class Row {
 public:
  Row(const store::Listed& listed, const std::vector<store::OwnedCell>& cells) : listed_(listed), cells_(cells) {}

  std::string text(std::string_view column) const {
    const auto* found = std::get_if<std::string>(cell(column));
    return found == nullptr ? std::string() : *found;
  }
  std::optional<std::int64_t> integer(std::string_view column) const {
    const auto* found = std::get_if<std::int64_t>(cell(column));
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
  std::optional<UnixTime> time(std::string_view column) const {
    const auto found = integer(column);
    return found ? std::optional(unix_time(*found)) : std::nullopt;
  }
  std::optional<Date> date(std::string_view column) const { return parse_date(text(column)); }

 private:
  const store::OwnedCell* cell(std::string_view column) const {
    return &cells_[static_cast<std::size_t>(listed_.index_of(column))];
  }
  const store::Listed& listed_;
  const std::vector<store::OwnedCell>& cells_;
};

template <class F>
void each_row(store::Store& store, const char* entity, const char* sort, F take) {
  store::Listing listing;
  listing.entity = entity;
  listing.sort = sort;
  const auto listed = store::list(store, listing);
  for (const auto& cells : listed.rows) take(Row(listed, cells));
}

class Pipeline {
 public:
  Pipeline(store::Store& store, const config::LaunchRules& policy, const Calendar& calendar, UnixTime now)
      : policy_(policy), calendar_(calendar), today_(calendar.zone.date_of(now)) {
    add_calendar(&store, policy, facts_);
    times_ = review_times(store, now, calendar, facts_.holidays);
    each_row(store, "launch_approval", "area",
             [&](const Row& row) { gates_[{row.text("source"), row.text("launch_id")}].push_back(gate_of(row)); });
    each_row(store, "service", "name", [&](const Row& row) {
      const Service service{row.text("name"), row.text("team"), row.text("program")};
      services_.try_emplace(lower_ascii(service.name), service);
      const auto aliases = row.text("aliases");
      json::Document document;
      if (!aliases.empty())
        for (const auto alias : document.parse(aliases).members())
          services_.try_emplace(lower_ascii(alias.value.to_text()), service);
    });
    each_row(store, "launch_review", "target_date", [&](const Row& row) { states_.push_back(state_of(row)); });
  }
  std::vector<LaunchState> take() { return std::move(states_); }

 private:
  std::int64_t days_since(std::optional<UnixTime> at) const {
    return at ? std::max<std::int64_t>(0, business_days(calendar_.zone.date_of(*at), today_, facts_.holidays)) : 0;
  }

  LaunchGate gate_of(const Row& row) const {
    LaunchGate gate;
    gate.area = row.text("area");
    gate.approver = row.text("approver");
    gate.status = row.text("status");
    gate.requested_at = row.time("requested_at");
    gate.decided_at = row.time("decided_at");
    if (gate.status == "changes requested" || (gate.status == "pending" && row.text("turn") == "author"))
      gate.turn = "author";
    else if (gate.status == "pending")
      gate.turn = "reviewer";
    gate.promised = promised_days(policy_, gate.area);
    gate.usual = times_.of(gate.area);
    if (gate.turn == "author") gate.waits = days_since(gate.decided_at ? gate.decided_at : gate.requested_at);
    if (gate.turn == "reviewer") gate.waits = days_since(gate.requested_at);
    if (!gate.turn.empty()) {
      const auto takes = gate.usual ? std::optional(gate.usual->days) : gate.promised;
      // What has waited longer than usual already is expected on the next working day at the earliest.
      const auto waited = gate.turn == "reviewer" ? gate.waits : 0;
      if (takes) gate.expected = add_business_days(today_, std::max<std::int64_t>(1, *takes - waited), facts_.holidays);
    }
    return gate;
  }

  LaunchState state_of(const Row& row) {
    LaunchState s;
    for (const auto& [member, column] : {std::pair{&s.source, "source"},
                                         {&s.id, "id"},
                                         {&s.title, "title"},
                                         {&s.service, "service"},
                                         {&s.team, "team"},
                                         {&s.owner, "owner"},
                                         {&s.program, "program"},
                                         {&s.phase, "phase"},
                                         {&s.status, "status"},
                                         {&s.url, "url"}})
      *member = row.text(column);
    s.tier = row.integer("tier");
    s.target = row.date("target_date");
    s.submitted_at = row.time("submitted_at");
    s.decided_at = row.time("decided_at");
    s.launched_at = row.time("launched_at");
    if (const auto known = services_.find(lower_ascii(s.service)); known != services_.end()) {
      s.service = known->second.name;
      if (s.team.empty()) s.team = known->second.team;
      if (s.program.empty()) s.program = known->second.program;
    }
    if (const auto found = gates_.find({s.source, s.id}); found != gates_.end()) s.gates = found->second;
    judge(s);
    for (const auto& e : policy_.exceptions)
      if (e.review == s.id || equal_ignoring_case(e.review, s.title)) s.exceptions.push_back(&e);
    return s;
  }

  void judge(LaunchState& s) const {
    const bool under_way = s.status == "submitted" || s.status == "in review";
    if (s.submitted_at) {
      const auto end = s.decided_at ? calendar_.zone.date_of(*s.decided_at) : today_;
      s.age = std::max<std::int64_t>(0, business_days(calendar_.zone.date_of(*s.submitted_at), end, facts_.holidays));
    }
    if (s.is_over()) return;
    s.overdue = s.target && *s.target < today_;
    if (s.target)
      for (const auto& freeze : facts_.freezes)
        if (freezes(freeze, *s.target, s.service, s.team, s.program, s.phase)) s.freeze = freeze.name;
    if (s.status == "approved") s.turn = "launch";
    if (s.status == "draft") s.turn = "author";
    if (!under_way) return;
    judge_gates(s);
  }

  static void judge_gates(LaunchState& s) {
    std::vector<std::string> reviewers;
    bool author = false, all_known = true;
    for (const auto& gate : s.gates) {
      if (gate.turn.empty()) continue;
      author = author || gate.turn == "author";
      if (gate.turn == "reviewer") reviewers.push_back(gate.area);
      s.blocked = s.blocked || gate.status == "changes requested";
      s.overdue = s.overdue || gate.late();
      all_known = all_known && gate.expected;
      if (gate.expected) s.predicted = std::max(s.predicted.value_or(*gate.expected), *gate.expected);
    }
    if (!all_known) s.predicted.reset();
    // A gate that asks for changes goes first: until its author answers, the others approve what will change.
    s.turn = author ? "author" : "reviewers";
    s.waits_for = author ? std::vector<std::string>{s.owner.empty() ? "its author" : s.owner} : reviewers;
  }

  const config::LaunchRules& policy_;
  const Calendar& calendar_;
  Date today_;
  LaunchFacts facts_;
  ReviewTimes times_;
  std::map<std::pair<std::string, std::string>, std::vector<LaunchGate>> gates_;
  struct Service {
    std::string name, team, program;
  };
  std::map<std::string, Service> services_;  // by name and alias, in lower case
  std::vector<LaunchState> states_;
};

}  // namespace

std::optional<std::int64_t> LaunchState::days_short() const {
  if (!predicted || !target || *predicted <= *target) return std::nullopt;
  return (*predicted - *target).count();
}

bool LaunchState::is_over() const {
  return status == "launched" || status == "rejected" || status == "withdrawn" || launched_at;
}

std::vector<std::string> LaunchState::reasons() const {
  std::vector<std::string> all;
  for (const auto& gate : gates) {
    if (gate.status == "changes requested")
      all.push_back(fmt::format("{} asks for changes, {} ago", gate.area, count_of(gate.waits, "business day")));
    if (gate.late())
      all.push_back(
          fmt::format("{} waits {} (promised {})", gate.area, count_of(gate.waits, "business day"), *gate.promised));
  }
  if (const auto days = days_short())
    all.push_back(
        fmt::format("approval predicted for {}, {} after the target", format_date(*predicted), count_of(*days, "day")));
  if (!freeze.empty()) all.push_back(fmt::format("target lies in the freeze \"{}\"", freeze));
  if (overdue && target && turn != "" && all.empty()) all.push_back("past its date");
  return all;
}

std::vector<LaunchState> launch_pipeline(store::Store& store, const config::LaunchRules& policy,
                                         const Calendar& calendar, UnixTime now) {
  return Pipeline(store, policy, calendar, now).take();
}

void add_calendar(store::Store* store, const config::LaunchRules& policy, LaunchFacts& facts) {
  for (const auto& freeze : policy.freezes) facts.freezes.push_back({freeze.name, freeze.from, freeze.to, {}});
  for (const auto& holiday : policy.holidays) add_holiday(facts.holidays, holiday.from, holiday.to);
  if (store == nullptr) return;
  each_row(*store, "calendar", "from_date", [&](const Row& row) {
    const auto from = row.date("from_date");
    if (!from) return;
    const auto to = row.date("to_date").value_or(*from);
    if (row.text("kind") == "freeze") facts.freezes.push_back({row.text("name"), *from, to, row.text("scope")});
    // A holiday of one site or team is a working day for the others.
    if (row.text("kind") == "holiday" && row.text("scope").empty()) add_holiday(facts.holidays, *from, to);
  });
}

}  // namespace sitrep::policy
