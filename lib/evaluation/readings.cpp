#include "evaluation/readings.hpp"

#include <algorithm>
#include <unordered_set>

#include "json/writer.hpp"
#include "store/schema.hpp"

namespace sitrep::evaluation {
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
  store::Statement rows(
      store.db(),
      "SELECT c.id, n.name, c.program, c.service, c.severity, c.observed_at, c.cause, c.started_at FROM "
      "main.incident_current c JOIN main.source_name n ON n.id = c.source_id WHERE c.id IN (SELECT "
      "value FROM json_each(?1))");
  rows.bind(list.text());
  while (rows.step())
    named_[std::string(rows.text(0))].push_back({std::string(rows.text(1)), std::string(rows.text(2)),
                                                 std::string(rows.text(3)), rows.text_or_null(6),
                                                 rows.text(4) == "SEV1" || rows.text(4) == "SEV2", rows.integer(5),
                                                 rows.integer_or_null(7).value_or(store::k_no_time)});
  return wanted;
}

std::unordered_map<std::string_view, NamedIncidents> named_incidents(store::Store& store, const HeldIncidents& held,
                                                                     std::span<const std::string_view> ids) {
  std::unordered_map<std::string_view, NamedIncidents> found;
  if (held.versions.empty()) return found;
  std::unordered_map<std::int64_t, std::string> sources;
  store::Statement names(store.db(), "SELECT id, name FROM main.source_name");
  while (names.step()) sources.emplace(names.integer(0), names.text(1));
  const std::unordered_set<std::string_view> wanted(ids.begin(), ids.end());
  for (const auto& [of, id, source] : held.versions) {
    if (!wanted.contains(id)) continue;
    const auto text = [&](std::uint32_t word) { return std::string(held.words[word]); };
    const auto severity = held.words[of.severity];
    found[id].push_back({sources[source], text(of.program), text(of.service),
                         of.cause == 0 ? std::nullopt : std::optional(text(of.cause)),
                         severity == "SEV1" || severity == "SEV2", of.observed, of.started});
  }
  return found;
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
