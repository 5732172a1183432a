#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/stream_writer.hpp"

namespace sitrep::store {

/// One run of one stream, as the writers of tables see it.
struct Run {
  std::int64_t source_id = 0;
  std::int64_t stream_id = 0;
  UnixTime observed_at{};
  Pass pass = Pass::partial;
  bool resumed = false;
  bool exact = false;          ///< an import: at observed_at and nowhere else
  std::int64_t base_rows = 0;  ///< of the stream before the logical run; known in a full pass only
  Counts counts;
};

/// The part of StreamWriter that depends on how an entity is kept.
class TableWriter {
 public:
  virtual ~TableWriter() = default;
  virtual void put(const model::RowBatch::Row& row) = 0;
  /// This row will be put soon.
  virtual void expect(const model::RowBatch::Row&) {}
  virtual void remove(std::string_view id) = 0;

  /// Keys of rows seen unchanged since the last call: a resumed full pass needs them, everything else is in the rows.
  virtual std::vector<std::int64_t> take_seen() = 0;
  /// Those of the interrupted run, before the first put().
  virtual void mark_seen(const std::vector<std::int64_t>& keys) = 0;

  /// Rows of the stream that this run has not seen; after a full pass.
  virtual std::int64_t count_unseen() = 0;
  virtual void remove_unseen() = 0;
  /// Rows of the stream now.
  virtual std::int64_t count_rows() = 0;
  /// Brings up to date what is derived from the rows put so far, before they are committed.
  virtual void settle() {}
  /// Builds what a bulk load has left out. Nothing but the destructor follows.
  virtual void end() = 0;
};

}  // namespace sitrep::store
