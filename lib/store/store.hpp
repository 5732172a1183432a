#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/period.hpp"
#include "model/entity.hpp"
#include "store/database.hpp"

namespace sitrep::store {

struct Options {
  Access access = Access::read_only;
  std::optional<UnixTime> as_of;            ///< what was known then; only with read_only
  UnixTime now{};                           ///< the present of SQL functions (ts('-7d'))
  Calendar calendar;                        ///< zone and weeks of SQL functions
  std::vector<model::Entity> own_entities;  ///< [entity.NAME] of sitrep.toml
};

/// The workspace's store: schema, documented views (TEMP views, so that as_of covers each), SQL functions.
/// Layout of the tables: schema.hpp.
class Store {
 public:
  /// Opens, creating and migrating the file when access is read_write (backup first). Error{store}: not a sitrep store
  /// (application_id), a newer schema, damaged, another writer (names its process), no store yet when read_only.
  static Store open(const std::filesystem::path& file, Options options);
  /// For tests: everything in memory.
  static Store memory(Options options);

  Database& db() { return *db_; }
  const Options& options() const { return options_; }
  /// What the store shows: as_of, or now.
  UnixTime known_at() const { return options_.as_of.value_or(options_.now); }

  std::span<const model::Entity> entities() const { return entities_; }
  const model::Entity* find_entity(std::string_view name) const;

 private:
  struct Lock;
  Store(Database db, Options options);
  std::unique_ptr<Database> db_;  // a stable address for statements
  std::unique_ptr<Lock, void (*)(Lock*)> lock_;
  Options options_;
  std::vector<model::Entity> entities_;
};

}  // namespace sitrep::store
