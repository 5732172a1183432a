#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "evaluation/directory.hpp"
#include "forecast/runway.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// A request for more of a resource that is neither decided against nor delivered, held against the forecast.
struct CapacityRequest {
  enum class Support {
    supported,    ///< the upper bound of the forecast passes the limit by the day it is needed
    unsupported,  ///< it does not: nothing measured says that it is needed
    unknown,      ///< no forecast, no date, or a date beyond what the history lets one see
  };
  std::string source, id, team, status, launch;  ///< launch: title of its review; empty: none
  double amount = 0;                             ///< in the resource's unit
  std::optional<Date> needed;
  Support support = Support::unknown;
  double over = 0;  ///< of the amount, what the forecast does not need
  std::string reason;
};
std::string_view name(CapacityRequest::Support support);

/// A capacity resource and when it is full.
struct Resource {
  std::string source, id, name, kind, unit, service, team, region, owner;
  std::string program;          ///< of its service; empty: none
  std::optional<double> limit;  ///< of the newest sample, else the resource's
  std::optional<double> lead_time_days;
  std::optional<double> unit_cost;  ///< of one unit a month
  forecast::Runway runway;
  std::optional<UnixTime> order_by;  ///< first date it may be full minus the lead time
  std::optional<double> peak;        ///< most used in 30 days; absent: not measured in them
  /// Peaks of the last 90 days in UTC, each at its day's newest sample; none where dates alone are asked for.
  std::vector<model::Sample> measured;
  double launch_demand = 0;          ///< that approved launches will add; in the runway from their target dates on
  std::vector<forecast::Demand> launches;
  /// The limit less the most that was used in 90 days or may be used (upper bound) before more could be delivered.
  std::optional<double> idle;
  std::vector<CapacityRequest> requests;
  std::optional<double> idle_cost() const;  ///< a month

  /// "full 2027-01-09 … 2027-02-02 (80 %), lead time 35 days: order by 2026-12-05"; why there is no date otherwise.
  std::string describe() const;
};

class Readings;

struct CapacityOptions {
  UnixTime now{};
  double level = 0.8;    ///< of the range
  std::string resource;  ///< name or id; empty: all
  Seconds horizon = std::chrono::days{730};
  std::size_t origins = forecast::k_origins;  ///< of the back-tests
  bool dates_only = false;                    ///< as of forecast::RunwayOptions
  Readings* readings = nullptr;               ///< that hold the samples already, or will; null: none are shared
};

/// All resources with samples or a record, ordered by order-by date (those without one last), then by name. Samples
/// whose resource has no record make a resource of that id.
std::vector<Resource> capacity(store::Store& store, const Directory& directory, const CapacityOptions& options);

}  // namespace sitrep::evaluation
