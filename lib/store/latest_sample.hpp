#pragma once

#include <optional>
#include <string_view>

#include "store/store.hpp"

namespace sitrep::store {

struct LatestSample {
  UnixTime at{};
  std::optional<double> used, limit;
};

/// The newest sample of a capacity resource that is not after `now`, of whatever source; nullopt without one.
std::optional<LatestSample> latest_sample(Store& store, std::string_view resource_id, UnixTime now);

}  // namespace sitrep::store
