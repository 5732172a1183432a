#pragma once

#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "store/table_writer.hpp"

namespace sitrep::store {

struct Reject {
  std::string reason, raw, place;
};

/// By which a reject of every run is one row, as long as it stands; `span` counts how often it came back before.
Hash128 reject_hash(std::string_view reason, std::string_view raw, std::int64_t span = 0);

/// Moments of the stream's full passes, in order.
std::vector<UnixTime> full_passes(Database& db, std::int64_t stream_id);

/// The book-keeping of a stream: its row in stream_state, its runs, its rejects. Everything happens inside the caller's
/// transaction.
class StreamLog {
 public:
  StreamLog(Database& db, UnixTime now) : db_(db), now_(now) {}

  /// Makes source and stream where they are new and fills in run.source_id and run.stream_id.
  void identify(Run& run, std::string_view source, std::string_view stream, std::string_view entity);
  /// The newest moment of any run that fed the entity from this source; UnixTime::min() when there was none.
  UnixTime newest_moment(const Run& run, std::string_view entity);
  /// A run that does not resume forgets the interrupted one.
  void start(Run& run);
  /// This process's row in sync_run_log.
  void open_run(const Run& run);
  std::vector<std::int64_t> read_seen(const Run& run);
  void add_seen(const Run& run, const std::vector<std::int64_t>& keys);
  void add_rejects(const Run& run, const std::vector<Reject>& rejects);
  /// Of a full pass that took place between others: what it did not reject was mended or gone at its moment.
  void split_rejects(const Run& run);
  void set_page_state(const Run& run, std::string_view page_state);
  void set_bookmark(const Run& run, std::string_view bookmark);
  /// The interrupted run is over: finished, or given up.
  void clear_interrupted(const Run& run);
  /// Counts and facts; `over` closes the row.
  void record(const Run& run, const RunFacts& facts, bool over, std::optional<std::int64_t> rows,
              std::string_view error);
  /// Rows after the last finished run that knew.
  std::optional<std::int64_t> last_row_count(const Run& run);
  /// After a run of the past: how many rows the newest run of the stream left is a new number.
  void recount_newest(const Run& run, const model::Entity& entity);

 private:
  Database& db_;
  UnixTime now_;
  std::int64_t run_id_ = 0;
  std::set<std::int64_t> rejected_;  // rows of reject_log that a run of a past moment has named
};

}  // namespace sitrep::store
