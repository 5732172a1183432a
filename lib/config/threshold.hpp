#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sitrep::config {

/// A comparison with a number, as rules and targets write it: "> 21", ">= 0.62".
struct Threshold {
  enum class Is { less, less_or_equal, greater, greater_or_equal, equal, not_equal };
  Is is = Is::greater;
  double bound = 0;
  std::string text;  ///< as written
  bool met_by(double value) const;
};

/// nullopt when the text is not a comparison sign and a finite number.
std::optional<Threshold> parse_threshold(std::string_view text);

}  // namespace sitrep::config
