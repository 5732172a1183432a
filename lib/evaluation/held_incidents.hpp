#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/incident_pack.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// The versions of incidents that held at the moment that a store shows and have ended since, read once for all who
/// ask: however many versions there were before and since, those that held are few. None when the store shows the
/// present.
struct HeldIncidents {
  explicit HeldIncidents(store::Store& store);

  struct Version {
    store::PackedIncident incident;
    std::string id;
    std::int64_t source;
  };
  store::Words words;
  std::vector<Version> versions;  // in no order
};

}  // namespace sitrep::evaluation
