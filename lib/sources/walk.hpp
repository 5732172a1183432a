#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/hash.hpp"
#include "http/client.hpp"
#include "sources/extraction.hpp"
#include "sources/incremental.hpp"
#include "sources/loop_guard.hpp"
#include "sources/page_memory.hpp"
#include "sources/paginator.hpp"
#include "sources/prefetch.hpp"
#include "sources/request.hpp"
#include "sources/session.hpp"

namespace sitrep::sources {

/// A page of a walk, on its way to the store.
struct WalkedPage {
  Extraction extraction;
  PageState next;                     ///< where to go on when this page is stored
  std::optional<std::int64_t> total;  ///< rows of the whole list, as the API says; a hint only
  json::ParseNotes notes;
  std::vector<std::string> warnings;  ///< of the API, warnings_path and partial_path
  bool not_modified = false;          ///< 304: what is stored of it stands
};

/// What the store made of a pass over the pages.
struct PassTaken {
  std::int64_t unseen = 0;      ///< records it would take for deleted
  std::int64_t duplicates = 0;  ///< ids that came twice
};

/// What a walk needs beside the stream's definition.
struct WalkInput {
  PageState start;
  bool resumed = false;  ///< start was saved by an earlier run
  std::vector<Group> groups = {Group{}};
  std::vector<std::string> collect;  ///< top-level members of the records that child streams need
  std::optional<Bookmark> bookmark;
  std::optional<UnixTime> observed_at;  ///< of $now; absent: the clock's
  bool unconditional = false;           ///< --full: no If-None-Match
  std::size_t max_in_flight = 1;        ///< pages asked for ahead of their turn
};

struct WalkResult {
  PageState last;                          ///< after the last page
  bool agreed = true;                      ///< what was not seen may be taken for deleted
  bool partial = false;                    ///< partial_path said so: the same is to be asked for again
  bool unchanged = false;                  ///< every page was a 304
  std::vector<std::string> warnings;       ///< about the walk as a whole
  std::vector<FieldChange> field_changes;  ///< in the order of their names
  std::vector<std::string> parents;        ///< what `collect` asked for, a JSON object for each record
  std::string state;                       ///< incremental.source = "response": for the next sync
  std::string fields, pages;               ///< for the bookmark
  std::int64_t total_gap = 0;              ///< for the bookmark
};

/// Reads a stream's pages from the first, or from a saved state, to the last, and hands each one on.
///
/// The next page comes while the rows of this one are made; pages of a numbered list (page_number, offset) whose total
/// is known or which has long been steady, and those that a run of 304s remembers, are fetched further ahead. When rows
/// may have moved from page to page meanwhile (the total changed, the first page did, an id came twice, records are
/// missing), one confirming pass follows; two passes that differ agree on nothing.
///
/// Errors  Error{network} or Error{credentials}: "page 3: GET https://…: …"; nothing is handed on for a page that
/// fails.
class Walk {
 public:
  /// `sink` returns false to stop. `taken` is asked after a pass over a numbered list.
  using Sink = std::function<bool(WalkedPage&&)>;
  using Taken = std::function<PassTaken()>;
  /// Borrows all of them.
  Walk(const config::Source& source, const config::Stream& stream, const Mapping& mapping, Session& session,
       http::Client& client, const Clock& clock);

  WalkResult run(WalkInput input, const Sink& sink, const Taken& taken = {});

  /// One page, not handed on to anybody: `source test`.
  WalkedPage first_page(const PageState& state, const Group& group = {});

  /// Up to now, from any thread.
  http::ClientStats spent() const;

 private:
  /// What one pass over all groups and slices was.
  struct Pass {
    PageState last;
    bool stopped = false;
    bool started_over = false;  // part of the pages was not read by this pass
    bool prefetched = false, total_changed = false;
    bool partial = false;  // partial_path said so
    std::int64_t pages = 0, not_modified = 0;
    std::optional<std::int64_t> stated;  // totals, summed up over groups and slices
    std::optional<std::int64_t> slice_total;
    std::int64_t page_rows = 0;  // the size of this list's pages
    Hasher ids;
    std::optional<Hash128> first_page;
    std::vector<std::string> parents;
  };
  enum class Next { page, end, restart };

  Fetched fetch(const PageState& state);
  Pass pass(PageState state, bool resumed, const Sink& sink);
  Next step(PageState& state, bool resumed, Pass& pass, const Sink& sink);
  bool enter_group(PageState& state, std::size_t group);
  bool next_list(PageState& state);
  void ask_ahead(const PageState& next, const WalkedPage& page, Pass& pass);
  void ask_groups_ahead(const PageState& state);
  void ask_remembered(const PageState& next);
  void ask_next(const PageState& next, const PageFacts& facts);
  std::size_t pages_beyond(const PageFacts& facts);
  bool moved(const Pass& pass, const PassTaken& taken);
  bool first_page_changed(const Pass& pass);
  void confirm(Pass& first, const Sink& sink, const Taken& taken, WalkResult& result);

  std::optional<json::Page> parse(const Fetched& fetched);
  /// The page at `state`; its `next` is set, unless it was the last of its slice.
  std::pair<WalkedPage, bool> page(const PageState& state, const Fetched& fetched);
  std::pair<WalkedPage, bool> known_page(const PageState& state, const RememberedPage& page);
  bool is_end(const http::Response& response) const;
  bool is_expired(const PageState& state, const http::Response& response, bool resumed) const;
  bool shows_secret(const Position& position);
  bool older_than_wanted(const PageState& state, const Extraction& read) const;

  const config::Source& source_;
  const config::Stream& stream_;
  const Mapping& mapping_;
  Session& session_;
  http::Client& client_;
  const Clock& clock_;
  Extractor extractor_;
  json::Document document_;
  WalkInput input_;
  std::optional<LoopGuard> guard_;
  std::optional<PageMemory> memory_;
  std::optional<FieldWatch> fields_;
  std::string state_;  // response state of the page in hand
  bool partial_ = false;
  std::int64_t steady_rows_ = 0, steady_pages_ = 0;  // so many rows have so many pages had, up to this one
  mutable std::mutex mutex_;                         // of spent_
  http::ClientStats spent_;
  std::optional<Prefetch> ahead_;  // last: its threads use the rest until they have ended
};

}  // namespace sitrep::sources
