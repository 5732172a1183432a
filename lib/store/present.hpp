#pragma once

#include <optional>

#include "base/time.hpp"

namespace sitrep::store {

/// What a connection takes for the present, and the past moment that its views show; its SQL functions read it at each
/// call, so that Store::look_at() moves all of them at once.
struct Present {
  UnixTime now{};
  std::optional<UnixTime> as_of;  ///< absent: the present
};

/// What views compare with, of a connection that shows a past moment: an SQL function that gives Present::as_of in Unix
/// seconds. A query sees it too and learns nothing but what it was told.
inline constexpr const char* k_known_until = "known_until()";

}  // namespace sitrep::store
