#pragma once

#include <string>

#include "base/time.hpp"
#include "cli/context.hpp"
#include "config/source.hpp"
#include "http/http.hpp"

// What one authenticated exchange says about a source: for doctor.
namespace sitrep::cmd {

struct Reach {
  bool answers = false;  ///< an HTTP answer came; over https its certificate was verified
  bool refused = false;  ///< 401 or 403
  int status = 0;
  std::string error;                    ///< why there was no answer
  std::optional<Seconds> server_ahead;  ///< the server's clock less ours, where the answer has a Date
  std::optional<UnixTime> token_until;  ///< when the token ends, where the API says
};

/// Asks for the first page of the first stream, with the source's credentials when they can be read.
Reach reach(const config::Source& source, cli::Context& ctx);

/// What lies between this machine and a source: a proxy, authorities other than the system's, a socket; each with where
/// that was said. "" when there is nothing.
std::string way_to(const config::Source& source, const config::Environment& environment);

/// When the token of a request ends, by the headers of its answer; nullopt where the API does not say.
std::optional<UnixTime> token_end(const http::Response& response);

}  // namespace sitrep::cmd
