#include "evaluation/readings.hpp"

#include <algorithm>

#include "json/writer.hpp"
#include "store/schema.hpp"

namespace sitrep::evaluation {
namespace {

/// Adds the rows of a statement; columns: id, source, program, service, severity, observed_at, superseded_at, cause,
/// started_at.
void add_named(store::Statement& rows, std::unordered_map<std::string, std::shared_ptr<NamedIncidents>>& incidents) {
  while (rows.step())
    incidents[std::string(rows.text(0))]->push_back({.source = std::string(rows.text(1)),
                                                     .program = std::string(rows.text(2)),
                                                     .service = std::string(rows.text(3)),
                                                     .cause = rows.text_or_null(7),
                                                     .serious = rows.text(4) == "SEV1" || rows.text(4) == "SEV2",
                                                     .observed = rows.integer(5),
                                                     .superseded = rows.integer_or_null(6).value_or(store::k_no_time),
                                                     .started = rows.integer_or_null(8).value_or(store::k_no_time)});
}

}  // namespace

void Readings::expect(UnixTime from, std::optional<UnixTime> known) {
  const std::scoped_lock lock(expected_mutex_);
  expected_ = std::min(from, expected_.value_or(from));
  if (known) expected_known_ = std::min(*known, expected_known_.value_or(*known));
}

bool Readings::are_expected() const {
  const std::scoped_lock lock(expected_mutex_);
  return expected_.has_value();
}

UnixTime Readings::from_at_most(UnixTime from) const {
  const std::scoped_lock lock(expected_mutex_);
  return std::min(from, expected_.value_or(from));
}

UnixTime Readings::known_at_most(UnixTime known) const {
  const std::scoped_lock lock(expected_mutex_);
  return std::min(known, expected_known_.value_or(known));
}

void Readings::read_ahead(store::Store& store) {
  incidents(store, store.known_at());
  sample_days(store);
  actions(store, store.known_at());
}

std::shared_ptr<const IncidentLog> Readings::incidents(store::Store& store, UnixTime from) {
  const std::scoped_lock lock(incidents_mutex_);
  if (!incidents_ || incidents_->from > from)
    incidents_ = std::make_shared<const IncidentLog>(store.db(), from_at_most(from));
  return incidents_;
}

std::shared_ptr<const ActionLog> Readings::actions(store::Store& store, UnixTime from) {
  const std::scoped_lock lock(actions_mutex_);
  const auto known = store.known_at();
  if (!actions_ || actions_->from > from || actions_->known > known)
    actions_ = std::make_shared<const ActionLog>(store.db(), from_at_most(from), known_at_most(known));
  return actions_;
}

bool NamedIncident::holds_at(std::optional<UnixTime> as_of) const {
  if (!as_of) return superseded == store::k_no_time;
  const auto t = unix_seconds(*as_of);
  return observed <= t && (superseded == store::k_no_time || superseded > t);
}

std::vector<std::shared_ptr<const NamedIncidents>> Readings::named_incidents(store::Store& store,
                                                                             std::span<const std::string_view> ids) {
  const std::scoped_lock lock(named_mutex_);
  const auto known = store.known_at();
  if (named_known_ && *named_known_ > known) named_.clear();
  if (named_.empty()) named_known_ = known_at_most(known);
  std::vector<std::shared_ptr<const NamedIncidents>> wanted;
  std::vector<std::string_view> fresh;
  for (const auto id : ids) {
    auto& found = named_[std::string(id)];
    if (!found) {
      found = std::make_shared<NamedIncidents>();
      fresh.push_back(id);
    }
    wanted.push_back(found);
  }
  if (fresh.empty()) return wanted;
  std::ranges::sort(fresh);  // from page to page of the index
  json::Writer list;
  list.begin_array();
  for (const auto id : fresh) list.value(id);
  list.end_array();
  constexpr std::string_view k_select =
      "SELECT v.id, n.name, v.program, v.service, v.severity, v.observed_at, {}, v.cause, v.started_at FROM "
      "main.incident_{} v JOIN main.source_name n ON n.id = v.source_id WHERE v.id IN (SELECT value FROM "
      "json_each(?1))";
  store::Statement current(store.db(), fmt::format(k_select, "NULL", "current"));
  current.bind(list.text());
  add_named(current, named_);
  // Few of these have a version that ended since: by id they are found sooner than among all that did.
  store::Statement past(store.db(), fmt::format(k_select, "v.superseded_at", "past") + " AND +v.superseded_at > ?2");
  past.bind(list.text(), *named_known_);
  add_named(past, named_);
  return wanted;
}

const std::vector<store::SampleSeries>& Readings::sample_days(store::Store& store) {
  const std::scoped_lock lock(days_mutex_);
  if (!days_) days_ = store::read_sample_days(store.db());
  return *days_;
}

const RunFacts& Readings::runs(store::Store& store) {
  const std::scoped_lock lock(runs_mutex_);
  if (!runs_) runs_.emplace(store.db());
  return *runs_;
}

const MilestoneFacts& Readings::milestones(store::Store& store) {
  const std::scoped_lock lock(milestones_mutex_);
  if (!milestones_) milestones_.emplace(store.db());
  return *milestones_;
}

}  // namespace sitrep::evaluation
