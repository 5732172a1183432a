#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "config/config.hpp"
#include "http/http.hpp"
#include "sources/incremental.hpp"

// A preset against answers of its API's own shape: what it asks for, what it makes of them, what it says of errors.
namespace sitrep::test {

struct Served {
  std::string body;
  int status = 200;
  http::Headers headers{};
};

/// A row as text: column → value; "id", "url", "extra"; what is NULL is not there.
using Row = std::map<std::string, std::string>;

struct Walked {
  std::vector<Row> rows;
  std::vector<std::vector<Row>> children;  ///< by child table
  std::vector<std::string> requests;       ///< "GET /incidents?limit=100", decoded
  std::vector<http::Request> raw;          ///< the same, whole
  std::vector<std::string> rejects;        ///< reasons
  std::vector<std::string> odd;            ///< "column: reason"
  std::vector<std::string> warnings;
  std::optional<std::int64_t> total;
  std::int64_t skipped = 0;  ///< by skip_when
  std::string error;         ///< of the walk; "" when it came to its end
  std::optional<ErrorKind> kind;

  /// The column of a row, "" when it is not there.
  std::string at(std::size_t row, const std::string& column) const;
};

/// [source.NAME] of the preset with the lines that it says it needs; every environment variable is set.
config::Source preset_source(std::string_view name, std::string_view more = "");

/// Walks a stream over these answers, in order; a request beyond them fails the walk. Now is 2026-11-16T16:00:00Z.
Walked walk(const config::Source& source, std::string_view stream, std::deque<Served> answers,
            const std::optional<sources::Bookmark>& bookmark = {});
Walked walk(std::string_view preset, std::string_view stream, std::deque<Served> answers);

/// An answer that is an error: what is said of it.
struct ApiError {
  std::string name;
  Served answer;
  std::string says;
  ErrorKind kind = ErrorKind::network;
};
/// Each one ends the first page with its words and its kind, and gives no row.
void check_errors(std::string_view preset, std::string_view stream, const std::vector<ApiError>& errors);

/// Pages that every list API may serve and no reader may trip over: an HTML page, a text, nothing, the wrong JSON.
void check_strange_pages(std::string_view preset, std::string_view stream);

}  // namespace sitrep::test
