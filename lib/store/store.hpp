#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/period.hpp"
#include "model/entity.hpp"
#include "store/database.hpp"
#include "store/present.hpp"

namespace sitrep::store {

class WriteSession;

struct Options {
  Access access = Access::read_only;
  std::optional<UnixTime> as_of;             ///< what was known then; only with read_only
  UnixTime now{};                            ///< the present of SQL functions (ts('-7d'), datetime('now')) and of runs
  Calendar calendar;                         ///< zone and weeks of SQL functions
  std::vector<model::Entity> own_entities;   ///< [entity.NAME] of sitrep.toml
  std::chrono::milliseconds patience{2000};  ///< how long to wait for another writer
};

/// The workspace's store: schema, documented views (TEMP views, so that as_of covers each), SQL functions.
/// Layout of the tables: schema.hpp. Not for two threads at once. Statements and writers must go before it does.
class Store {
 public:
  /// Opens, creating and migrating the file when access is read_write (backup first). Error{store}: not a sitrep store
  /// (application_id), a newer schema, damaged, another writer (names its process), no store yet when read_only.
  static Store open(const std::filesystem::path& file, Options options);
  /// For tests: everything in memory, writable.
  static Store memory(Options options);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  Database& db();
  const Options& options() const;
  const std::filesystem::path& file() const;  ///< empty in memory
  /// Another present, and what was known then, of a store that was opened as of a past moment: nothing later than that.
  /// For connections that look at many moments: they compile and check once. Error{data} for what gc has removed.
  void look_at(UnixTime now);
  /// Whether it may: what gc has removed is not known any more.
  bool remembers(UnixTime moment);
  /// Of its SQL functions and views; another connection that has it moves with this one.
  const std::shared_ptr<const Present>& present() const;
  /// What the store shows: as_of, or now.
  UnixTime known_at() const { return options().as_of.value_or(options().now); }

  std::span<const model::Entity> entities() const;
  const model::Entity* find_entity(std::string_view name) const;

  /// What opening for writing did because sitrep.toml declares own entities otherwise than before, a sentence each.
  std::span<const std::string> notes() const;

  /// The transaction that all StreamWriters of this store share.
  WriteSession& session();

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Functions and views of a connection that reads: what queries see.
void set_up_reading(Database& db, std::span<const model::Entity> entities, const Calendar& calendar,
                    const std::shared_ptr<const Present>& present);

}  // namespace sitrep::store
