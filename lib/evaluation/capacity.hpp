#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "evaluation/directory.hpp"
#include "forecast/runway.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// A capacity resource and when it is full.
struct Resource {
  std::string source, id, name, kind, unit, service, team, region, owner;
  std::string program;          ///< of its service; empty: none
  std::optional<double> limit;  ///< of the newest sample, else the resource's
  std::optional<double> lead_time_days;
  forecast::Runway runway;
  std::optional<UnixTime> order_by;  ///< first date it may be full minus the lead time

  /// "full 2027-01-09 … 2027-02-02 (80 %), lead time 35 days: order by 2026-12-05"; why there is no date otherwise.
  std::string describe() const;
};

struct CapacityOptions {
  UnixTime now{};
  double level = 0.8;    ///< of the range
  std::string resource;  ///< name or id; empty: all
  Seconds horizon = std::chrono::days{730};
  std::size_t origins = forecast::k_origins;  ///< of the back-tests
};

/// All resources with samples or a record, ordered by order-by date (those without one last), then by name. Samples
/// whose resource has no record make a resource of that id.
std::vector<Resource> capacity(store::Store& store, const Directory& directory, const CapacityOptions& options);

}  // namespace sitrep::evaluation
