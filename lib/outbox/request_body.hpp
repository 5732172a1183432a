#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/source.hpp"
#include "outbox/filing.hpp"

namespace sitrep::outbox {

/// An action filled in for a subject.
struct Prepared {
  std::string method;
  std::string path;                                          ///< values in it percent-encoded
  std::vector<std::pair<std::string, std::string>> members;  ///< of the JSON body: key → JSON
  /// The body; an idempotency key that travels in it is added.
  std::string body(const config::Action& action, std::string_view idempotency_key) const;
};

/// Renders the action's templates; members whose text is empty are left out. Error{user_code} of the templates.
Prepared prepare(const config::Source& source, const config::Action& action, const Subject& subject);

}  // namespace sitrep::outbox
