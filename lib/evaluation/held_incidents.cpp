#include "evaluation/held_incidents.hpp"

namespace sitrep::evaluation {

HeldIncidents::HeldIncidents(store::Store& store) {
  const auto as_of = store.options().as_of;
  if (!as_of) return;
  store::read_held_incidents(store.db(), *as_of, words,
                             [&](const store::PackedIncident& of, std::string_view id, std::int64_t source) {
                               versions.push_back({of, std::string(id), source});
                             });
}

}  // namespace sitrep::evaluation
