#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "sources/source_worker.hpp"
#include "sources/sync.hpp"

namespace sitrep::sources {

/// What a sync is going to do, before any thread starts.
struct Prepared {
  std::vector<StreamTask> tasks;                               ///< in the order of sitrep.toml
  std::vector<std::optional<UnixTime>> last_good_at;           ///< by task
  std::vector<std::pair<std::size_t, std::size_t>> of_source;  ///< ranges of tasks
};

/// The wanted streams, and the parents that they need, each with where it starts: at the page where an interrupted run
/// stopped, or by its plan. Error{usage} for a name that is not there.
Prepared prepare_tasks(const config::Config& config, const SyncOptions& options, const SyncWorld& world);

}  // namespace sitrep::sources
