#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "demo/organisation.hpp"

// The organisation as its APIs show it at a moment: JSON records in the shapes and with the awkwardness of the systems
// that companies really run. What comes after the moment is not there, neither as a record nor as a field.
namespace sitrep::demo {

/// One record of an API's answer.
struct Item {
  std::string id;      ///< what cursors refer to; unique within its list even where the record's own id is null
  UnixTime updated{};  ///< last change known at the moment (of a sample: when it was there); what filters compare
  std::string json;
};
using Items = std::vector<Item>;

// In the order in which their API lists them.
Items incidents_view(const Organisation& org, UnixTime moment);  ///< RFC 3339 times in a list of named ones; P1..P5
Items services_view(const Organisation& org, UnixTime moment);
Items action_items_view(const Organisation& org, UnixTime moment);  ///< three with a null id
Items reviews_view(const Organisation& org, UnixTime moment);       ///< newest first; epoch seconds; nested gates
Items resources_view(const Organisation& org, UnixTime moment);
Items samples_view(const Organisation& org, UnixTime moment);  ///< of the daily resources, by time
Items capacity_requests_view(const Organisation& org, UnixTime moment);
Items slos_view(const Organisation& org, UnixTime moment);
Items slo_samples_view(const Organisation& org, UnixTime moment);
Items programs_view(const Organisation& org, UnixTime moment);
Items milestones_view(const Organisation& org, UnixTime moment);
Items risks_view(const Organisation& org, UnixTime moment);
Items calendar_view(const Organisation& org, UnixTime moment);
Items tickets_view(const Organisation& org, UnixTime moment);   ///< naive local times of the organisation's zone
Items measures_view(const Organisation& org, UnixTime moment);  ///< epoch milliseconds

/// Prometheus' answer to a range query: the hourly resources as a matrix, samples of [from, to] as text, "NaN"
/// included.
std::string prometheus_matrix(const Organisation& org, UnixTime moment, UnixTime from, UnixTime to, Seconds step);

}  // namespace sitrep::demo
