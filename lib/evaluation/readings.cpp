#include "evaluation/readings.hpp"

#include <algorithm>
#include <unordered_set>

#include "json/writer.hpp"
#include "store/schema.hpp"

namespace sitrep::evaluation {
namespace {

/// Of a table of incidents `p`.
constexpr std::string_view k_named_columns =
    "p.id, (SELECT n.name FROM main.source_name n WHERE n.id = p.source_id), p.program, p.service, p.severity, "
    "p.observed_at, p.cause, p.started_at";

/// Adds a row of such columns.
void add_named(const store::Statement& row, std::unordered_map<std::string, NamedIncidents>& incidents) {
  incidents[std::string(row.text(0))].push_back({std::string(row.text(1)), std::string(row.text(2)),
                                                 std::string(row.text(3)), row.text_or_null(6),
                                                 row.text(4) == "SEV1" || row.text(4) == "SEV2", row.integer(5),
                                                 row.integer_or_null(7).value_or(store::k_no_time)});
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

std::vector<const NamedIncidents*> Readings::named_incidents(store::Store& store,
                                                             std::span<const std::string_view> ids) {
  const std::scoped_lock lock(named_mutex_);
  std::vector<const NamedIncidents*> wanted;
  std::vector<std::string_view> fresh;
  for (const auto id : ids) {
    const auto [found, is_new] = named_.try_emplace(std::string(id));
    if (is_new) fresh.push_back(id);
    wanted.push_back(&found->second);  // stays where it is
  }
  if (fresh.empty()) return wanted;
  std::ranges::sort(fresh);  // from page to page of the index
  json::Writer list;
  list.begin_array();
  for (const auto id : fresh) list.value(id);
  list.end_array();
  store::Statement rows(store.db(),
                        fmt::format("SELECT {} FROM main.incident_current p WHERE p.id IN (SELECT value FROM "
                                    "json_each(?1))",
                                    k_named_columns));
  rows.bind(list.text());
  while (rows.step()) add_named(rows, named_);
  return wanted;
}

std::unordered_map<std::string, NamedIncidents> held_incidents(store::Store& store,
                                                               std::span<const std::string_view> ids) {
  std::unordered_map<std::string, NamedIncidents> held;
  const auto as_of = store.options().as_of;
  if (!as_of || ids.empty()) return held;
  const std::unordered_set<std::string_view> wanted(ids.begin(), ids.end());
  store::Statement rows(store.db(), store::select_held(k_named_columns, "main.incident_past", "?1"));
  rows.bind(*as_of);
  while (rows.step())
    if (wanted.contains(rows.text(0))) add_named(rows, held);
  return held;
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
