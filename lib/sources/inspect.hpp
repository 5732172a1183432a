#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/source.hpp"
#include "http/http.hpp"

// What a page holds beside what a stream makes of it: for `source test`.
namespace sitrep::sources {

/// A column, or a field that no column takes, and how often the page fills it.
struct FieldUse {
  std::string column;  ///< empty: not mapped
  std::string path;    ///< into the record; lists as [*]
  std::int64_t filled = 0;
  std::string sample;  ///< of the first record that has it, cut; may hold anything: escape before printing
};

/// A knob that the page speaks for.
struct Suggestion {
  std::string knob;   ///< "paginator"
  std::string value;  ///< as TOML writes it
  std::string why;
};

struct Inspection {
  std::string shape;         ///< "object: incidents (list of 25 objects), more, total"
  std::int64_t records = 0;  ///< at data_selector
  std::vector<FieldUse> mapped;
  std::vector<FieldUse> unmapped;  ///< in the order of the record
  std::vector<Suggestion> suggestions;
};

/// Pure. A body that is no JSON gives an empty shape and nothing else. Suggestions concern data_selector (when it leads
/// to no list), paginator (when there is none and the page says how to go on) and incremental (when there is none and
/// records have a time of change).
Inspection inspect(const config::Stream& stream, const http::Response& response);

}  // namespace sitrep::sources
