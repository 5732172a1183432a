#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "http/client.hpp"
#include "sources/extraction.hpp"
#include "sources/incremental.hpp"
#include "sources/loop_guard.hpp"
#include "sources/request.hpp"

namespace sitrep::sources {

/// A page of a walk, on its way to the store.
struct WalkedPage {
  Extraction extraction;
  PageState next;                     ///< where to go on when this page is stored
  std::optional<std::int64_t> total;  ///< rows of the whole list, as the API says; a hint only
  json::ParseNotes notes;
  std::vector<std::string> warnings;  ///< of the API, warnings_path
};

/// Reads a stream's pages from the first, or from a saved state, to the last, and hands each one on.
///
/// Errors  Error{network} or Error{credentials}: "launches.reviews: page 3: GET https://…: …"; nothing is handed on for
/// a
///         page that fails.
class Walk {
 public:
  /// Borrows all of them. `sink` returns false to stop.
  using Sink = std::function<bool(WalkedPage&&)>;
  Walk(const config::Source& source, const config::Stream& stream, const Mapping& mapping,
       const Credentials& credentials, http::Client& client);

  /// From `state` on; `resumed`: it was saved by an earlier run, so a server that no longer knows it (400, 404, 410) is
  /// asked from the start again. The result is the state after the last page.
  PageState run(PageState state, bool resumed, const Sink& sink);

  /// One page, not handed on to anybody: `source test`.
  WalkedPage first_page(const PageState& state);

 private:
  struct Fetched {
    http::Request request;
    http::Response response;
  };
  Fetched fetch(const PageState& state);
  std::optional<json::Page> parse(const Fetched& fetched);
  /// The page at `state`; its `next` is set, unless it was the last of its slice.
  std::pair<WalkedPage, bool> page(const PageState& state, const Fetched& fetched);
  bool is_end_status(int status) const;

  const config::Source& source_;
  const config::Stream& stream_;
  const Mapping& mapping_;
  const Credentials& credentials_;
  http::Client& client_;
  Extractor extractor_;
  json::Document document_;
  std::optional<LoopGuard> guard_;
};

}  // namespace sitrep::sources
