#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/sample_days.hpp"
#include "store/sightings.hpp"
#include "store/table_writer.hpp"

namespace sitrep::store {

/// Samples of a series. A sample that differs from the one kept for its series and time becomes a correction.
class SeriesWriter final : public TableWriter {
 public:
  /// `past`: the run's moment is not after everything that the store knows.
  SeriesWriter(Database& db, const model::Entity& entity, Run& run, bool past);

  void put(const model::RowBatch::Row& row) override;
  void remove(std::string_view) override {}
  std::vector<std::int64_t> take_seen() override { return {}; }
  void mark_seen(const std::vector<std::int64_t>&) override {}
  std::int64_t count_unseen() override { return 0; }
  void remove_unseen() override {}
  std::int64_t count_rows() override;
  void settle() override;
  void end() override { settle(); }

 private:
  struct Series {
    std::int64_t key = 0;
    std::optional<std::int64_t> last_at;  // newest sample kept: later ones need no look-up
  };
  Series& series_of(const model::RowBatch::Row& row);
  void insert(const Series& series, std::int64_t at, const model::RowBatch::Row& row, UnixTime observed_at);
  bool holds(const Statement& kept, const model::RowBatch::Row& row) const;
  bool restore(const Series& series, std::int64_t at, const model::RowBatch::Row& row);
  /// series_past.cpp: a value of then, between those of before and after.
  void put_past(const Series& series, std::int64_t at, const model::RowBatch::Row& row);
  std::string sample_id(std::int64_t at) const;

  Database& db_;
  const model::Entity& entity_;
  Run& run_;
  const bool past_;
  Sightings sightings_;
  std::optional<SampleDays> days_;  // of capacity samples
  std::size_t at_column_;
  std::vector<std::size_t> key_columns_, value_columns_;  // positions in the entity
  std::unordered_map<std::string, Series> series_;        // by series_text
  std::string text_;
  Series* last_series_ = nullptr;
  std::string last_text_;
  std::optional<Statement> insert_series_, newest_, kept_, insert_, supersede_, drop_, earlier_, revive_;
  std::optional<Statement> chain_, move_, copy_, end_;  // put_past()
};

}  // namespace sitrep::store
