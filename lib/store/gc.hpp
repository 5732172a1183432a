#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace sitrep::store {

/// How long `store gc` keeps what is past, by the name of an entity, "sync_run" or "reject". A name that is absent is
/// kept for good.
using Retention = std::map<std::string, Seconds>;

/// Reports look back this far: a quarter, the quarter it is compared with, and the twelve weeks of its trend. At each
/// of these moments a forecast of capacity reads samples of three years.
inline constexpr Seconds k_shortest_retention = std::chrono::days(270);
inline constexpr Seconds k_forecast_history = std::chrono::days(3 * 365);

/// Error{usage} with `where` in front: a name that cannot be kept by age, or an age below what reports look back.
void check_retention(const Retention& retention, std::span<const model::Entity> entities, std::string_view where);

struct Removal {
  std::string what;             ///< the entity, "sync_run" or "reject"
  UnixTime before{};            ///< what ended before it went
  std::int64_t rows = 0;        ///< that went
  std::int64_t dated_rows = 0;  ///< old ones kept, because they tell what a due or target date was before it moved
};

enum class DryRun { no, yes };

/// Removes past states that ended longer ago than their retention, samples and corrections as old, runs and rejects; in
/// one transaction. Never: a present row, the newest sample of a series, the last good run and the last good full pass
/// of a stream, a version whose due or target date the next one changed (slips count them all). The store remembers
/// from when on its past is whole: as of an earlier moment it is refused.
std::vector<Removal> collect_garbage(Store& store, const Retention& retention, DryRun dry_run);

/// Gives the file's free pages back to the file system when they are worth it (a tenth of it). Bytes given back.
std::int64_t give_back_space(Store& store);

struct RemovedPast {
  std::string what;       ///< as in Removal
  UnixTime before{};      ///< of this, what ended before is gone
  UnixTime whole_from{};  ///< the first moment whose reports miss nothing
};
/// Something that gc removed and that a report as of this moment would look for.
std::optional<RemovedPast> find_removed_past(Database& db, UnixTime as_of);
/// Error{data} when there is any.
void refuse_removed_past(Database& db, UnixTime as_of);
/// Since when the past of an entity is whole; nullopt: gc has removed none of it.
std::optional<UnixTime> whole_since(Database& db, std::string_view entity);

}  // namespace sitrep::store
