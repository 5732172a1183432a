#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/content_hash.hpp"
#include "store/incident_pack.hpp"
#include "store/known_rows.hpp"
#include "store/sightings.hpp"
#include "store/table_writer.hpp"
#include "store/write_session.hpp"

namespace sitrep::store {

/// Rows of a versioned entity. A full pass, and any pass while the key index is away, knows all rows of the source in
/// memory; a partial one looks up each id once.
class VersionWriter final : public TableWriter {
 public:
  VersionWriter(Database& db, WriteSession& session, const model::Entity& entity, Run& run);

  void put(const model::RowBatch::Row& row) override;
  void expect(const model::RowBatch::Row& row) override;
  void remove(std::string_view id) override;
  std::vector<std::int64_t> take_seen() override;
  void mark_seen(const std::vector<std::int64_t>& keys) override;
  std::int64_t count_unseen() override;
  void remove_unseen() override;
  std::int64_t count_rows() override;
  void settle() override;
  void end() override;

 private:
  void load();
  KnownRow* find(const Hash128& id_hash, std::string_view id);
  void insert(const model::RowBatch::Row& row, const Hash128& id_hash, const Hash128& content);
  void change(const model::RowBatch::Row& row, KnownRow& known, const Hash128& content, bool again);
  bool restore(const model::RowBatch::Row& row, KnownRow& known, const Hash128& content);
  void archive(std::int64_t key, bool deleted);
  void note_sight(KnownRow& known, std::int64_t rank);
  void touch(std::int64_t key);
  /// `bound`: the statement's parameters that hold a value.
  int bind_cells(Statement& statement, std::vector<bool>& bound, int index, const model::RowBatch::Row& row,
                 const Hash128& content);

  Database& db_;
  const model::Entity& entity_;
  Run& run_;
  bool bulk_ = false;      // the table was empty: loads without indexes
  bool complete_ = false;  // known_ holds every row of the source
  bool wrote_ = false;
  KnownRows known_;
  std::vector<std::int64_t> seen_;
  ContentHasher hasher_;
  Sightings sightings_;
  std::string hash_bytes_;
  std::vector<bool> insert_bound_, update_bound_;
  std::string copied_columns_;  // all of E_current but key: what moves between current and past
  std::optional<IncidentPacks> packs_;
  std::optional<Statement> lookup_, insert_, update_, archive_, delete_, claim_, earlier_, bring_back_, forget_past_;
};

}  // namespace sitrep::store
