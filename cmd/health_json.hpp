#pragma once

#include <vector>

#include "cli/table.hpp"
#include "policy/health.hpp"
#include "policy/trend.hpp"

namespace sitrep::cmd {

/// One row per program; reasons, dimensions with their findings and results, and notes as JSON.
cli::Table health_table(const std::vector<policy::Health>& all, const policy::PastColors& trends);

}  // namespace sitrep::cmd
