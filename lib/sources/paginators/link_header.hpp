#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sitrep::sources {

struct Link {
  std::string target;                  ///< URI reference as written
  std::vector<std::string> relations;  ///< lower case
};

/// The links of one Link header field (RFC 8288); stops at what it cannot read.
std::vector<Link> parse_links(std::string_view field);

}  // namespace sitrep::sources
