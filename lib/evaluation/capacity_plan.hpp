#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "evaluation/capacity.hpp"

// What-if: how much capacity a growth that somebody expects will take, and when it has to be ordered.
namespace sitrep::evaluation {

/// What grows: a resource, service, team, program, kind or region, by name; empty: everything.
struct Growth {
  std::string driver;
  double a_year = 0;  ///< 0.6: 60 % a year, compounded
};
/// Demand on top from now on.
struct Addition {
  std::string driver;
  double amount = 0;
  bool is_share = false;  ///< of the present demand: 0.2 is +20 %; else in the resource's unit
};

/// "60%/y", "checkout=5%/m"; per year, quarter, month or week. Error{usage} names the text.
Growth parse_growth(std::string_view text);
/// "checkout=+20%", "ledger-db disk=4.5", "-10%". Error{usage} names the text.
Addition parse_addition(std::string_view text);

/// What must stay free. A service's only resource of a kind leaves nothing when it is lost: n+1 asks for a second one.
struct Headroom {
  std::size_t spare = 0;  ///< 1: n+1, the largest of a service's resources of one kind may be lost; 2: n+2
  double share = 0;       ///< of each limit
};
/// "none", "n+1", "n+2" or "20%". Error{usage} otherwise.
Headroom parse_headroom(std::string_view text);

struct PlanOptions {
  UnixTime now{}, until{};
  std::vector<Growth> growths;
  std::vector<Addition> additions;
  Headroom headroom;
};

/// One resource; with n+1 or n+2 all resources of a service and kind, which carry each other's load.
struct PlanRow {
  std::string name, service, program, unit;
  std::size_t members = 1;
  double demand_now = 0;    ///< peak of 30 days
  double demand_until = 0;  ///< with growth, additions and approved launches
  double limit = 0;
  double usable = 0;                 ///< of the limit, after headroom
  double missing = 0;                ///< at `until`; 0: enough
  std::optional<double> cost;        ///< of what is missing, a month
  std::optional<UnixTime> full_at;   ///< the first day that demand passes what is usable
  std::optional<UnixTime> order_by;  ///< less the longest lead time
  std::string growth;                ///< "60 %/y, compounded from 2 drivers", "as measured: 1.2 TB a day"
};

struct Plan {
  std::vector<PlanRow> rows;          ///< by order-by date, then by the day they are full, then by name
  std::vector<std::string> left_out;  ///< resources without limit or samples, with the reason
};

/// Growth rates of all drivers that match a resource compound: 1.6 a year of everything times 1.1 of its service. A
/// resource that no growth names keeps the growth that was measured (Theil-Sen of 60 days; a fall counts as none).
/// Additions apply after growth, shares of one another's sum not. Error{usage} with "did you mean" for a driver that
/// matches nothing.
Plan plan(std::span<const Resource> resources, const PlanOptions& options);

}  // namespace sitrep::evaluation
