#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sitrep::cli {

/// Rows of data that every format is made from.
struct Table {
  using Cell = std::variant<std::monostate, std::int64_t, double, bool, std::string>;
  enum class Shown { always, structured };  ///< structured: only in json, ndjson and csv
  struct Column {
    std::string name;    ///< key in JSON, header in CSV
    std::string header;  ///< on a terminal; default: the name
    enum class Align { left, right } align = Align::left;
    enum class As { plain, time, date, duration, percent, json } as = As::plain;  ///< how text shows a number
    Shown shown = Shown::always;
  };
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

}  // namespace sitrep::cli
