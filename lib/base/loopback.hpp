#pragma once

#include <algorithm>
#include <string_view>

#include "base/text.hpp"

namespace sitrep {

/// localhost, [::1] or 127.x.y.z, as a URL in lower case writes them. Shorter spellings (127.1) are not taken: parsers
/// disagree about them.
inline bool is_loopback_host(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  const auto parts = split_views(host, '.');
  if (parts.size() != 4 || parts[0] != "127") return false;
  return std::ranges::all_of(parts, [](std::string_view part) {
    return !part.empty() && part.size() <= 3 && part.find_first_not_of("0123456789") == std::string_view::npos;
  });
}

}  // namespace sitrep
