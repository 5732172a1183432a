#include "evaluation/readings.hpp"

#include <algorithm>

#include "json/writer.hpp"
#include "store/schema.hpp"

namespace sitrep::evaluation {
namespace {

/// Adds the rows of a statement whose parameter is a list of ids; columns: id, source, program, service, severity,
/// observed_at.
void add_named(store::Statement& rows, const std::vector<std::string_view>& ids,
               std::unordered_map<std::string, std::vector<NamedIncident>>& incidents) {
  json::Writer list;
  list.begin_array();
  for (const auto id : ids) list.value(id);
  list.end_array();
  rows.bind(list.text());
  while (rows.step())
    incidents[std::string(rows.text(0))].push_back({std::string(rows.text(1)), std::string(rows.text(2)),
                                                    std::string(rows.text(3)),
                                                    rows.text(4) == "SEV1" || rows.text(4) == "SEV2", rows.integer(5)});
}

}  // namespace

void Readings::expect(UnixTime from) {
  const std::scoped_lock lock(incidents_mutex_);
  expected_ = std::min(from, expected_.value_or(from));
}

std::shared_ptr<const IncidentLog> Readings::incidents(store::Store& store, UnixTime from) {
  const std::scoped_lock lock(incidents_mutex_);
  if (!incidents_ || incidents_->from > from)
    incidents_ = std::make_shared<const IncidentLog>(store.db(), std::min(from, expected_.value_or(from)));
  return incidents_;
}

std::unordered_map<std::string, std::vector<NamedIncident>> Readings::named_incidents(
    store::Store& store, const std::set<std::string>& ids) {
  const std::scoped_lock lock(named_mutex_);
  std::vector<std::string_view> fresh;
  for (const auto& id : ids)
    if (named_.try_emplace(id).second) fresh.push_back(id);
  if (!fresh.empty()) {
    store::Statement rows(store.db(),
                          "SELECT c.id, n.name, c.program, c.service, c.severity, c.observed_at FROM "
                          "main.incident_current c JOIN main.source_name n ON n.id = c.source_id WHERE c.id IN (SELECT "
                          "value FROM json_each(?1))");
    add_named(rows, fresh, named_);
  }
  std::unordered_map<std::string, std::vector<NamedIncident>> wanted;
  for (const auto& id : ids)
    if (const auto& found = named_.at(id); !found.empty()) wanted.emplace(id, found);
  return wanted;
}

void add_held_incidents(store::Store& store, const std::set<std::string>& ids,
                        std::unordered_map<std::string, std::vector<NamedIncident>>& incidents) {
  const auto as_of = store.options().as_of;
  if (!as_of) return;
  store::Statement rows(
      store.db(), fmt::format("SELECT p.id, n.name, p.program, p.service, p.severity, p.observed_at FROM "
                              "main.incident_past p JOIN main.source_name n ON n.id = p.source_id WHERE {} AND p.id IN "
                              "(SELECT value FROM json_each(?1))",
                              store::held_at("p", *as_of)));
  add_named(rows, {ids.begin(), ids.end()}, incidents);
}

const std::vector<store::SampleSeries>& Readings::sample_days(store::Store& store) {
  const std::scoped_lock lock(days_mutex_);
  if (!days_) days_ = store::read_sample_days(store.db());
  return *days_;
}

}  // namespace sitrep::evaluation
