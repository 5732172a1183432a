#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "base/zone.hpp"

namespace sitrep::cli {

/// Rows of data that every format is made from. Text cells may hold anything: each format makes them safe.
struct Table {
  using Cell = std::variant<std::monostate, std::int64_t, double, bool, std::string>;
  enum class Shown { always, structured };  ///< structured: only in json, ndjson and csv
  struct Column {
    std::string name;      ///< key in JSON, header in CSV
    std::string header{};  ///< on a terminal; default: the name
    enum class Align { left, right } align = Align::left;
    /// How people read it: time is Unix seconds (RFC 3339 in json and csv), date text, duration seconds, percent a
    /// ratio 0..1, json text that holds JSON (nested as it is in json; valid by the caller's word).
    enum class As { plain, time, date, duration, percent, json } as = As::plain;
    Shown shown = Shown::always;
  };
  /// In text: rows under a header, or one "name  value" line per column (`show` commands).
  enum class Layout { rows, record };

  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows{};
  Layout layout = Layout::rows;
};

struct TextOptions {
  std::size_t width = 0;  ///< columns to fit in; 0: as wide as the data
  /// What is done with a cell that is wider than its column: cut with "…", or continued on further lines.
  enum class Long { cut, wrapped } longer = Long::cut;
  bool color = false;
  Zone zone;  ///< of times
};

/// The columns of `fields` in that order; Error{usage} for a name the table does not have.
Table select(const Table& table, std::span<const std::string> fields);
/// The same for JSON that no table made: `members` is an object's text without the braces, "rows" in it an array of
/// objects, cut down to the members of `fields` in their order. What stands beside the rows stays if it is named.
std::string select_json(std::string_view members, std::span<const std::string> fields);

/// Where the columns of `fields` stand in `columns`; Error{usage} as select().
std::vector<std::size_t> selected_columns(std::span<const Table::Column> columns, std::span<const std::string> fields);

/// Writes rows one by one, in the formats of data: what to_json(), to_ndjson() and to_csv() give of a whole table.
class RowWriter {
 public:
  enum class Format { json, ndjson, csv };
  /// `schema` and `as_of` are for json's head.
  RowWriter(std::vector<Table::Column> columns, Format format, std::string_view schema = {}, UnixTime as_of = {});
  void append_head(std::string& text) const;
  void append_row(std::string& text, std::span<const Table::Cell> row);
  void append_tail(std::string& text) const;

 private:
  std::vector<Table::Column> columns_;
  Format format_;
  std::string head_;               // json
  std::vector<std::string> keys_;  // json and ndjson: what stands before each cell
  bool empty_ = true;
};

/// Aligned columns; what does not fit makes the widest columns narrower, texts before numbers. A table that no
/// narrowing fits is printed as one record after the other. NULL is "-".
std::string to_text(const Table& table, const TextOptions& options);
/// {"schema":…,"as_of":…,"rows":[…]}, one row per line, NULL as null.
std::string to_json(const Table& table, std::string_view schema, UnixTime as_of);
/// The rows alone: [{…},…], for nesting in a cell of kind json.
std::string to_json_rows(const Table& table);
/// One JSON object per line.
std::string to_ndjson(const Table& table);
/// RFC 4180 with line feeds. NULL is empty and "" is quoted. Text that a spreadsheet would run as a formula (it starts
/// with = + - @ tab or CR, and is no number) gets an apostrophe in front.
std::string to_csv(const Table& table);
/// A GitHub table; pipes and HTML in cells are escaped, line breaks become blanks.
std::string to_markdown(const Table& table, const TextOptions& options);

/// A cell as people read it.
std::string cell_text(const Table::Cell& cell, Table::Column::As as, const Zone& zone);

}  // namespace sitrep::cli
