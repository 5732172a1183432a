#pragma once

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
struct StreamEnded {
  std::size_t task;
  PageState last;
  http::ClientStats spent;
  std::chrono::milliseconds elapsed{0};
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
using SyncEvent = std::variant<StreamStarted, PageRead, StreamEnded, StreamFailed, Detail, WorkerBroke, SourceDone>;

/// Walks the tasks [first, last) of one source; ends with SourceDone, whatever happens.
void run_source(const std::vector<StreamTask>& tasks, std::size_t first, std::size_t last, const SyncOptions& options,
                const SyncWorld& world, http::Waiter& waiter, EventQueue<SyncEvent>& events);

}  // namespace sitrep::sources
