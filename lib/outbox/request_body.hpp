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

/// idempotency.key filled in: the subject's fields, `file`, `hash` and `key`, which is sitrep's own. That one when
/// there is no such knob. Error{config} for what fits no header: empty, longer than 255, other than visible ASCII.
std::string render_key(const config::Source& source, const config::Action& action, const Subject& subject,
                       const std::string& hash, const std::string& own_key);

/// Renders the action's templates; members whose text is empty are left out. Error{user_code} of the templates.
Prepared prepare(const config::Source& source, const config::Action& action, const Subject& subject);

}  // namespace sitrep::outbox
