#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace sitrep::http {

/// How long to wait before the next try. `attempt` counts from 1 (the one that failed). Own back-off doubles from
/// `base` and stops at `cap`; a Retry-After that is longer wins, even past the cap.
std::chrono::milliseconds retry_delay(int attempt, std::chrono::milliseconds base, std::chrono::milliseconds cap,
                                      std::optional<std::chrono::milliseconds> retry_after);

/// Reads Retry-After (RFC 9110, 10.2.3): seconds, or an HTTP-date, which is taken relative to the response's own Date
/// header (`server_now`) so that a wrong server clock does no harm. nullopt: garbage, negative, or already past, so
/// that the caller's own back-off holds. A number too large for the type is the largest wait there is.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, std::optional<UnixTime> server_now,
                                                           UnixTime now);

}  // namespace sitrep::http
