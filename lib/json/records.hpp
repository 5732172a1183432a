#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "json/path.hpp"
#include "json/value.hpp"

namespace sitrep::json {

/// A record that could not be read, by its place in the page.
struct BadRecord {
  std::size_t index = 0;  ///< among the records, from 0
  std::string raw;        ///< its text in the page
  std::string reason;
};

struct Page {
  Value root;
  std::vector<BadRecord> bad;  ///< in order of index
};

/// How a page holds its records at the records' path.
enum class RecordsIn {
  elements,  ///< an array's elements
  members,   ///< an object's members
  whole,     ///< the value is the record
};

/// Parses a page whose records may hold numbers that no 64-bit integer or double can: such a number reads as null there
/// and its record is listed as bad, the others are untouched. With a wildcard in the path the records of all its lists
/// are counted on, and what is no list is a record itself. NumberError remains for a number outside the records, and
/// for a path with an index from the end or a condition behind a wildcard. Otherwise as Document::parse.
Page parse_page(Document& document, std::string_view text, const Path& records, RecordsIn in);

}  // namespace sitrep::json
