#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.hpp"

namespace sitrep::sources {

enum class FileFormat { json, ndjson, csv };

/// By the extension (.json, .ndjson, .jsonl, .csv), else by the first characters.
FileFormat guess_format(std::string_view name, std::string_view text);

/// The records of a file as pages of JSON: the whole text of a JSON file, some megabytes of records of the others.
class FilePages {
 public:
  /// Borrows the text. `name` is for messages. `json_columns`: of CSV, whose fields hold a list or an object as text.
  FilePages(std::string name, std::string_view text, FileFormat format, std::vector<std::string> json_columns = {});

  /// The next page's JSON: a list of records, but for FileFormat::json, where it is what the file holds. nullopt at the
  /// end. Valid until the next call. Error{data} `file:line: …` for a line that is no JSON object, or a row of CSV with
  /// more fields than the header.
  std::optional<std::string_view> next();

  FileFormat format() const { return format_; }
  const std::string& name() const { return name_; }

 private:
  bool next_lines();
  bool next_rows();

  std::string name_;
  std::string_view text_;
  FileFormat format_;
  std::vector<std::string> json_columns_;
  bool done_ = false;
  std::size_t line_ = 0;  // of the last line taken
  std::string page_;
  std::optional<CsvReader> rows_;
  CsvRecord header_;
};

}  // namespace sitrep::sources
