#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/rows.hpp"
#include "store/store.hpp"

namespace sitrep::store {

struct Counts {
  std::int64_t added = 0;  ///< ids not in the store before (un-removed ones included)
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t removed = 0;  ///< marked deleted: by a full pass, or by remove()
  std::int64_t rejected = 0;
  std::int64_t duplicates = 0;  ///< rows whose id came again in this run; the newest won
};

enum class Pass {
  partial,  ///< only what changed since a bookmark: absence means nothing
  full,     ///< the whole stream: what is not seen is gone
};
enum class Shrink { refuse, allow };
enum class Unseen {
  remove,  ///< of a full pass: what was not seen is gone
  keep,    ///< the pass may have missed records
};

/// How a run's moment relates to the runs before it.
enum class Moment {
  after_last,  ///< a sync: a moment of its own behind every earlier run of the stream, whatever the clock says
  exact,  ///< an import, a note: this moment, be it long ago; each row takes the place in its record's history that
          ///< it would have had in time. A second run at the same moment corrects the first.
};

/// "full" or "partial"
std::string_view name(Pass pass);

/// What earlier runs left of a stream: read it before making a StreamWriter.
struct StreamState {
  std::string bookmark;  ///< opaque JSON of the last finish(); empty: none
  /// An interrupted run: pass its `pass` and `observed_at` to StreamWriter and start at `page_state` to resume it. Any
  /// other pass or time starts a new run, which forgets this one.
  struct Interrupted {
    std::string page_state;
    Pass pass = Pass::partial;
    UnixTime observed_at{};
  };
  std::optional<Interrupted> interrupted;
  std::optional<UnixTime> last_observed_at;  ///< newest logical start that wrote
  std::optional<UnixTime> last_success_at;   ///< end of the last run without error
  std::optional<UnixTime> last_full_at;      ///< logical start of the last full pass without error
};
/// A stream never synced has an empty state.
StreamState read_stream_state(Store& store, std::string_view source, std::string_view stream);

/// What only the engine knows about a run; kept in sync_run.
struct RunFacts {
  std::optional<UnixTime> started_at, finished_at;  ///< default: the store's now
  std::optional<std::int64_t> requests, not_modified, bytes, odd_values;
  std::string notes;  ///< a JSON object; empty: none
};

/// Writes the rows of one stream's run into the store as versions. One transaction holds the rows of whole pages and
/// the bookmark that follows them (commit()); a killed run resumes at its last bookmark and keeps its observed_at.
///
/// Nothing is written before the first put(), commit(), finish() or fail(). A writer destroyed before commit() leaves
/// what was put since the last one undone (dry runs; when other writers of the store have rows in the same transaction
/// theirs keep it, and so do these rows). Of the rows of one id in a run the one with the highest rank wins, then the
/// later one (ranks are compared within one process); among samples of a series the later one. Several writers of one
/// Store may take turns, in one thread.
class StreamWriter {
 public:
  /// `observed_at`: start of the logical run. Moment::after_last: when an earlier run of the stream has this moment or
  /// a later one (a second run within a second, a clock that went back), one second after that run is used instead, so
  /// that each run's state stays (see observed_at()).
  StreamWriter(Store& store, std::string_view source, std::string_view stream, const model::Entity& entity, Pass pass,
               UnixTime observed_at, Moment moment = Moment::after_last);
  ~StreamWriter();
  StreamWriter(StreamWriter&&) noexcept;

  void put(const model::RowBatch& rows);
  /// The source says that this record is gone (deleted_when). An unknown id changes nothing.
  void remove(std::string_view id);
  void reject(std::string_view reason, std::string_view raw_json, std::string_view where);
  /// Written with the next commit(), finish() or fail().
  void set_facts(RunFacts facts);

  /// Commits what was put since the last commit together with `page_state` (opaque JSON: where to resume).
  void commit(std::string_view page_state);
  /// Ends the run: a full pass marks unseen rows deleted. Error{data} when that would delete more than a tenth of the
  /// stream's rows (and at least 5), or all of them, unless Shrink::allow; nothing is deleted then, the rows that were
  /// put are kept, the bookmark stays, and sync_run keeps the error. Commits `next_bookmark` (opaque JSON: where the
  /// next run starts; Moment::exact leaves the stream's) and clears the page state. Series lose nothing: a sample that
  /// is absent was not measured again.
  void finish(std::string_view next_bookmark, Shrink shrink, Unseen unseen = Unseen::remove);
  /// The Error{data} that finish() would throw, before anything of it happens.
  void check_shrink();
  /// Records that a full pass would delete if it ended now.
  std::int64_t unseen();
  /// The same records come once more, to make sure that none was missed: they are no duplicates.
  void confirm();
  /// Ends the run by an error, for sync_run: rows put since the last commit() are undone, the last page state is kept,
  /// so that the next run resumes there.
  void fail(std::string_view error);

  const Counts& counts() const;
  UnixTime observed_at() const;  ///< the one in use
  bool resumed() const;          ///< this run goes on where an interrupted one stopped

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sitrep::store
