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
  std::int64_t removed = 0;  ///< marked deleted by a full pass
  std::int64_t rejected = 0;
  std::int64_t duplicates = 0;  ///< rows whose id came again in this run; the newest won
};

enum class Pass {
  partial,  ///< only what changed since a bookmark: absence means nothing
  full,     ///< the whole stream: what is not seen is gone
};
enum class Shrink { refuse, allow };

/// Writes the rows of one stream's run into the store as versions. One transaction holds the rows of whole pages and
/// the bookmark that follows them (commit()); a killed run resumes at its last bookmark and keeps its observed_at.
class StreamWriter {
 public:
  /// `bookmark` is the state an earlier run of the stream left (resume_state); `source`, `stream` name it.
  StreamWriter(Store& store, std::string_view source, std::string_view stream, const model::Entity& entity, Pass pass,
               UnixTime observed_at);
  ~StreamWriter();

  void put(const model::RowBatch& rows);
  void reject(std::string_view reason, std::string_view raw_json, std::string_view where);
  /// Commits what was put since the last commit together with `page_state` (opaque JSON: where to resume).
  void commit(std::string_view page_state);
  /// Ends the run: a full pass marks unseen rows deleted. Error{data} when that would delete more than a tenth of the
  /// stream's rows (and at least 5), or all of them, unless Shrink::allow; nothing is deleted then. Commits
  /// `next_bookmark` (opaque JSON: where the next run starts) and clears the page state.
  void finish(std::string_view next_bookmark, Shrink shrink);

  const Counts& counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sitrep::store
