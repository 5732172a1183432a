#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/content_hash.hpp"
#include "store/incident_pack.hpp"
#include "store/sightings.hpp"
#include "store/table_writer.hpp"

namespace sitrep::store {

/// Rows of a versioned entity as they were at a moment that is not after everything the store knows.
///
/// A record's history is what its observations say: states seen, states seen again (full passes, sightings), absences
/// noted by full passes. A state observed at T holds from T to the next of them. So imports in any order give the
/// history that they give in order; only two at one moment are different: the later import corrects the earlier.
class PastWriter final : public TableWriter {
 public:
  PastWriter(Database& db, const model::Entity& entity, Run& run);

  void put(const model::RowBatch::Row& row) override;
  void remove(std::string_view id) override;
  std::vector<std::int64_t> take_seen() override { return {}; }
  void mark_seen(const std::vector<std::int64_t>&) override {}
  std::int64_t count_unseen() override;
  void remove_unseen() override;
  /// Rows of the stream at the run's moment.
  std::int64_t count_rows() override;
  void settle() override;
  void end() override { settle(); }

 private:
  /// A version: a row of E_current or E_past.
  struct Span {
    bool current = false;
    std::int64_t key = 0;
    UnixTime from{};
    std::optional<UnixTime> until;
    bool deleted = false;
    Hash128 content;
    std::int64_t stream_id = 0;
  };
  struct Seen {
    std::int64_t rank = 0;
  };
  struct IdHash {
    std::size_t operator()(const Hash128& hash) const { return static_cast<std::size_t>(hash.low); }
  };
  struct Place;

  std::vector<Span> read_spans(std::string_view id);
  Place place_of(std::string_view id, std::vector<Span>& spans);
  const std::vector<UnixTime>& passes_of(std::int64_t stream_id);
  std::optional<UnixTime> next_pass(std::int64_t stream_id);
  /// What was known at the moment ends there; the rest of it goes on from the next observation.
  void step_back(std::string_view id, const Place& place, bool removed);
  void settle_version(const Place& place, const model::RowBatch::Row& row, const Hash128& content);
  std::vector<std::string> unseen();

  void touch(std::int64_t current_key);
  void erase(const Span& span);
  void begin_at(const Span& span, UnixTime from);
  void end_at(const Span& span, UnixTime until, bool deleted);  // of E_past
  void copy_head(const Span& span, bool deleted);
  void insert(const model::RowBatch::Row& row, const Hash128& content, std::optional<UnixTime> until, bool deleted);

  Database& db_;
  const model::Entity& entity_;
  Run& run_;
  ContentHasher hasher_;
  Sightings sightings_;
  std::unordered_map<Hash128, Seen, IdHash> seen_;
  std::map<std::int64_t, std::vector<UnixTime>> passes_;  // full ones by stream, in order
  std::string hash_bytes_;
  std::optional<IncidentPacks> packs_;
  std::optional<Statement> spans_, insert_current_, insert_past_, erase_current_, erase_past_, begin_current_,
      begin_past_, end_, head_of_current_, head_of_past_, bring_back_;
};

}  // namespace sitrep::store
