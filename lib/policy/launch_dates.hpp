#pragma once

#include <vector>

#include "policy/launch_check.hpp"

namespace sitrep::policy {

/// The promised business days of an area: its own, "default", or none.
std::optional<std::int64_t> promised_days(const config::LaunchRules& policy, const std::string& area);

/// Whether a freeze holds for what has these attributes.
bool freezes(const LaunchFacts::Span& freeze, Date day, std::string_view service, std::string_view team,
             std::string_view program, std::string_view phase);

/// L030 to L034 of check_launch.
void check_dates(const LaunchReview& review, const config::LaunchDemands& demands, const config::LaunchRules& policy,
                 const LaunchFacts& facts, std::vector<FileFinding>& findings);

}  // namespace sitrep::policy
