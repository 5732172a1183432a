#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/http.hpp"
#include "sources/incremental.hpp"

namespace sitrep::sources {

/// What is remembered of a page, so that a 304 costs no parse: its validators and where it led.
struct RememberedPage {
  std::string etag, last_modified;
  std::optional<Position> next;  ///< absent: it was the last
  std::int64_t records = 0;
  std::optional<UnixTime> newest;
  bool end = false;  ///< no page: an answer that said that there are no more
};

/// The pages of a stream by what was asked for. Those that a run neither asks for nor gets anew are forgotten with it.
class PageMemory {
 public:
  /// `saved`: to_json() of the last run. Forgets all of it when the stream is defined otherwise now: other columns make
  /// other rows of the same page.
  PageMemory(std::string_view saved, const config::Stream& stream);

  /// Whether the list ended here the last time.
  bool was_end(const PageState& state, const Group& group) const;
  void remember_end(const PageState& state, const Group& group);
  /// Null when the page is not known, or conditions are off.
  const RememberedPage* find(const PageState& state, const Group& group) const;
  /// Adds If-None-Match or If-Modified-Since for a known page.
  void add_conditions(http::Request& request, const RememberedPage& page) const;
  /// Keeps a page that came with a validator.
  void remember(const PageState& state, const Group& group, const http::Response& response, RememberedPage page);
  /// Keeps a page that has not changed.
  void keep(const PageState& state, const Group& group);
  /// From here on every page is asked for without conditions.
  void stop_asking() { asking_ = false; }
  bool is_asking() const { return asking_; }

  std::string to_json() const;

 private:
  static std::string key_of(const PageState& state, const Group& group);

  config::Stream::Conditional conditional_;
  std::string definition_;
  std::atomic<bool> asking_ = true;  // read by the threads that fetch ahead
  std::map<std::string, RememberedPage> old_, now_;
};

}  // namespace sitrep::sources
