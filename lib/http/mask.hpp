#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sitrep::http {

/// Every given secret as ***, however it is spelled: as it is, percent-encoded (capital or small digits), or inside of
/// a JSON string. For a body; what is shown as a message goes through redact().
std::string mask(std::string_view text, const std::vector<std::string>& secrets);

/// Whether mask() may have something to do; quick for large bodies without any secret.
bool may_hold(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace sitrep::http
