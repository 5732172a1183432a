#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "store/stream_writer.hpp"

namespace sitrep::store {

/// What the store knows of one stream, as of what it shows.
struct StreamStatus {
  std::string source, stream, entity;
  std::optional<UnixTime> last_success_at;  ///< end of the last run without error; its age is the freshness
  std::optional<UnixTime> last_full_at;
  std::optional<std::int64_t> rows;  ///< after the last run that knew

  struct Run {
    UnixTime started_at{};
    std::optional<UnixTime> finished_at;  ///< absent: running, or killed
    std::string pass;
    Counts counts;
    std::optional<std::int64_t> requests, not_modified, bytes, odd_values;
    std::optional<std::string> error, notes;
  };
  std::optional<Run> last_run;
  std::optional<std::string> interrupted_at;  ///< page state where the next run resumes; absent as of a past moment
};

/// All streams by source and name.
std::vector<StreamStatus> stream_status(Store& store);

}  // namespace sitrep::store
