#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "demo/organisation.hpp"

namespace sitrep::demo {

/// The sample organisation behind HTTP on 127.0.0.1, in the manners of real systems. Every route asks for the token
/// (Authorization: Bearer …; /desk: X-Api-Key).
///
///     /pager/incidents             cursor        updated_since (RFC 3339)
///     /pager/services              offset
///     /pager/follow_ups            page number   updated_after (RFC 3339)
///     /launches/v1/reviews         last record   updated[gte] (epoch seconds); the first request of all is refused
///     with
///                                                429 and Retry-After: 1. POST files a review, /{id} reads or PUTs one
///     /capacity/resources          link in the body
///     /capacity/samples            link in the body, since (epoch seconds)
///     /capacity/requests           offset
///     /prometheus/api/v1/query_range   query=capacity_used, start, end, step
///     /telemetry/slos              one page
///     /telemetry/slo_samples       cursor        since (RFC 3339)
///     /telemetry/measures          offset        since (epoch milliseconds)
///     /tracker/programs            one page, a bare array
///     /tracker/milestones          Link header, a bare array
///     /tracker/risks, /tracker/calendar   one page
///     /desk/tickets                link in the body, updated_since (epoch seconds); naive local times
///
/// Serves from its own threads until destroyed; `organisation` and `clock` outlive it.
class Api {
 public:
  /// Listens on a free port, or on `port` when that is free. Error{network} when no port can be had.
  Api(const Organisation& organisation, const Clock& clock, std::string token, int port = 0);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  /// From the next request on, answers are what the organisation knew at `moment`.
  void show(UnixTime moment);

  int port() const;
  std::string url() const;  ///< "http://127.0.0.1:43117"
  const std::string& token() const;
  std::uint64_t requests() const;  ///< answered so far

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace sitrep::demo
