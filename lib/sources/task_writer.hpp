#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sources/source_worker.hpp"
#include "sources/sync.hpp"

// The storing half of sync(): what one stream's pages become in the store. Used on the calling thread alone.
namespace sitrep::sources {

class TaskWriter {
 public:
  /// Borrows all of them.
  TaskWriter(store::Store& store, const StreamTask& task, const SyncOptions& options, const Clock& clock,
             std::optional<UnixTime> last_good_at);

  /// Takes a page; it is written with the next flush.
  void add(PageRead&& read, http::SteadyTime now);
  /// Whether what is pending is enough, or old enough, for a transaction.
  bool due(http::SteadyTime now) const;
  /// Writes what is pending, and where to go on after it, in one transaction; the child tables' rows before the page
  /// state that says they need not come again.
  void flush();
  /// A pass over the list is through; what comes after it is a second one.
  PassTaken pass_ended();
  /// The stream was read to its end.
  void finish(const StreamEnded& ended);
  void fail(const StreamFailed& failed);

  const StreamResult& result() const { return results_.front(); }
  /// Of the stream and of its child tables.
  const std::vector<StreamResult>& results() const { return results_; }

 private:
  /// From the first page that has rows on: a run in which no page has changed need not know the stream's rows.
  void open(store::Pass pass);
  Bookmark bookmark_after(const StreamEnded& ended, UnixTime now) const;
  void warn_about(const WalkResult& walk, UnixTime now);
  void end(std::chrono::milliseconds elapsed, const http::ClientStats& spent);
  void note_facts();
  void record_failure(ErrorKind kind, const std::string& error);
  void update_counts();
  std::string full_name() const { return results_.front().source + "." + results_.front().stream; }

  store::Store& store_;
  const StreamTask& task_;
  const SyncOptions& options_;
  const Clock& clock_;
  UnixTime started_at_;
  std::vector<store::StreamWriter> writers_;  // the stream's, then its child tables'
  std::vector<StreamResult> results_;         // in the same order
  std::vector<WalkedPage> pending_;
  std::size_t pending_rows_ = 0;
  bool modified_ = false;  // some page had rows
  http::SteadyTime pending_since_{};
};

}  // namespace sitrep::sources
