#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace sitrep::model {

struct Sample {
  UnixTime at{};
  double value = 0;
};

/// A measured quantity over time, in order of time. Gaps are gaps: a missing sample is absent.
struct Series {
  std::string name;
  std::string unit;
  std::vector<Sample> samples;
};

}  // namespace sitrep::model
