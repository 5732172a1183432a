#pragma once

#include <vector>

#include "policy/launch_check.hpp"

namespace sitrep::policy {

/// What a review says it adds, one item of `adds`: "checkout cpu: 20 %", "ledger disk: +4 TB".
struct Added {
  std::string resource;
  double amount = 0;
  std::string unit;  ///< "%": of the resource's limit
};
/// nullopt for what can't be read.
std::optional<Added> read_added(std::string_view item);

/// L040 to L045 of check_launch.
void check_capacity(const LaunchReview& review, std::optional<int> tier, const config::LaunchRules& policy,
                    const LaunchFacts& facts, std::vector<FileFinding>& findings);

}  // namespace sitrep::policy
