#pragma once

#include <string>
#include <string_view>

namespace sitrep::templating {

/// Character references of HTML resolved: numeric ones and the named ones in common use.
std::string unescape_html(std::string_view text);

}  // namespace sitrep::templating
