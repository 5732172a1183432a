#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "demo/timeline.hpp"
#include "json/writer.hpp"

// What the views share: optional members and the latest of several events.
namespace sitrep::demo {

inline void add_text(json::Writer& w, std::string_view key, std::string_view text) {
  w.key(key);
  if (text.empty())
    w.null();
  else
    w.value(text);
}

inline void add_time(json::Writer& w, std::string_view key, const std::optional<UnixTime>& t) {
  w.key(key);
  if (t)
    w.value(format_utc(*t));
  else
    w.null();
}

inline void add_epoch(json::Writer& w, std::string_view key, const std::optional<UnixTime>& t) {
  w.key(key);
  if (t)
    w.value(unix_seconds(*t));
  else
    w.null();
}

inline void add_date(json::Writer& w, std::string_view key, const std::optional<Date>& day) {
  w.key(key);
  if (day)
    w.value(format_date(*day));
  else
    w.null();
}

/// The latest event of a record's life that is known at a moment.
class LastChange {
 public:
  LastChange(UnixTime first, UnixTime moment) : latest_(first), moment_(moment) {}
  void add(const std::optional<UnixTime>& event) {
    if (event && *event <= moment_) latest_ = std::max(latest_, *event);
  }
  UnixTime at() const { return latest_; }

 private:
  UnixTime latest_;
  UnixTime moment_;
};

}  // namespace sitrep::demo
