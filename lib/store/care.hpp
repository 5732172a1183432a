#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace sitrep::store {

/// `sitrep store check`: SQLite's integrity check, and what must hold between versions: none ends before it began, none
/// overlaps another of the same record, a series has one present sample at a time, every row has its stream, a state of
/// a built-in entity is the one that its hash was made of. One line per kind of problem; empty: sound.
std::vector<std::string> check(Store& store);

/// The part of it about versions and their streams: what holds after every commit, whatever a killed run left undone.
std::vector<std::string> check_versions(Database& db, std::span<const model::Entity> entities);

/// Present records that name another one which the store does not have ("action_item.incident_id: 3 name no incident"):
/// nothing wrong with the file, but they are missing from what is counted by incident, launch or program.
std::vector<std::string> orphans(Store& store);

struct EntityStats {
  std::string entity;
  std::int64_t rows = 0;       ///< records, or samples, that hold now
  std::int64_t past_rows = 0;  ///< ended versions, or corrected samples
  std::int64_t bytes = 0;      ///< of its tables and indexes in the file
};
struct Stats {
  std::vector<EntityStats> entities;  ///< those that have rows, in the order of the documentation
  std::int64_t streams = 0, runs = 0, rejects = 0;
  std::int64_t file_bytes = 0;
  std::int64_t free_bytes = 0;  ///< inside the file, for rows to come
};
/// `sitrep store stats`: the file as it is now, whatever as_of says.
Stats stats(Store& store);

}  // namespace sitrep::store
