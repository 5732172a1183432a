#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep {

struct CsvRecord {
  std::vector<std::string> fields;
  std::size_t line = 0;  ///< where it starts, from 1
};

/// Comma-separated values as in RFC 4180, with line ends of any kind; a byte order mark is skipped.
class CsvReader {
 public:
  /// Borrows the text; `file` is for messages.
  CsvReader(std::string_view text, std::string file);
  /// False at the end. Error{data} `file:line: a quoted field is not closed`.
  bool next(CsvRecord& record);

 private:
  void quoted(std::string& field);

  std::string_view text_;
  std::string file_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace sitrep
