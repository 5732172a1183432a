#pragma once

#include <future>
#include <string>
#include <variant>
#include <vector>

#include "http/client.hpp"
#include "http/rate_limit.hpp"
#include "sources/event_queue.hpp"
#include "sources/sync.hpp"
#include "sources/walk.hpp"

// The fetching half of sync(): one source in its own thread.
namespace sitrep::sources {

/// A stream that a sync is about to walk; prepared before any thread starts, read by its source's thread.
struct StreamTask {
  const config::Source* source = nullptr;
  const config::Stream* stream = nullptr;
  Mapping mapping;
  std::optional<Bookmark> bookmark;
  PageState start;
  bool resumed = false;
  UnixTime observed_at{};
  std::optional<std::size_t> parent;  ///< position of the parent stream's task
  std::vector<std::string> collect;   ///< top-level members of the records that child streams need
  std::string refused;                ///< why it must not run; empty: it may
};

/// What a thread tells the writing one; `task` is the position of the stream's task.
struct StreamStarted {
  std::size_t task;
};
struct PageRead {
  std::size_t task;
  WalkedPage page;
  http::ClientStats spent;  ///< on the stream, up to this page
};
/// A pass over a numbered list is through: what did the store make of it? The thread waits for the answer.
struct PassEnded {
  std::size_t task;
  std::promise<PassTaken> answer;
};
struct StreamEnded {
  std::size_t task;
  WalkResult result;
  http::ClientStats spent;
  std::chrono::milliseconds elapsed{0};
  std::optional<UnixTime> parent_cursor;  ///< how far the parents of child requests reach
};
struct StreamFailed {
  std::size_t task;
  ErrorKind kind;
  std::string error;
  http::ClientStats spent;
  std::chrono::milliseconds elapsed{0};
};
struct Detail {
  std::string source, text;
};
/// A mistake of ours in a thread; ends the sync.
struct WorkerBroke {
  std::exception_ptr what;
};
struct SourceDone {};
using SyncEvent =
    std::variant<StreamStarted, PageRead, PassEnded, StreamEnded, StreamFailed, Detail, WorkerBroke, SourceDone>;

/// Walks the tasks [first, last) of one source, side by side as far as rate_limit.max_in_flight allows, child streams
/// after their parents; ends with SourceDone, whatever happens.
void run_source(const std::vector<StreamTask>& tasks, std::size_t first, std::size_t last, const SyncOptions& options,
                const SyncWorld& world, http::Waiter& waiter, EventQueue<SyncEvent>& events);

}  // namespace sitrep::sources
