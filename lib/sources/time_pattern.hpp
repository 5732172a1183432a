#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "base/zone.hpp"

// Times in formats of strftime's kind: %Y %m %d %e %H %I %M %S %p %b %B %j %z %Z %f %s %T %F %%. Names of months are
// English whatever the locale; %f is a fraction of any length, %Z takes "UTC", "GMT" and "Z" only.
namespace sitrep::sources {

/// Error{config} for a conversion that is not in the list above.
void check_time_pattern(std::string_view pattern);

/// The whole text by the whole pattern; nullopt when it does not match or is no time (February 30, 25:00). A pattern
/// without hours gives date_only.
std::optional<WrittenTime> read_time_pattern(std::string_view text, std::string_view pattern);

/// The moment as a clock in that zone shows it.
std::string write_time_pattern(UnixTime t, std::string_view pattern, const Zone& zone);

}  // namespace sitrep::sources
