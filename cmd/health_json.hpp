#pragma once

#include <vector>

#include "cli/table.hpp"
#include "policy/health.hpp"

namespace sitrep::cmd {

/// One row per program; reasons, dimensions with their findings and results, and notes as JSON.
cli::Table health_table(const std::vector<policy::Health>& all,
                        const std::map<std::string, std::vector<policy::PastColor>>& trends);

}  // namespace sitrep::cmd
