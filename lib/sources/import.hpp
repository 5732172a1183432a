#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/source.hpp"
#include "sources/import_pages.hpp"
#include "store/store.hpp"
#include "store/stream_writer.hpp"

namespace sitrep::sources {

/// Text to import.
struct ImportFile {
  std::string name;  ///< for messages and rejects
  std::string text;
  FileFormat format = FileFormat::json;
};

struct ImportOptions {
  std::string source, stream;  ///< under which the rows are kept
  /// The mapping; null: the names of the records' keys are those of the columns, what has no column goes to `extra`.
  const config::Stream* mapping = nullptr;
  std::optional<std::string> select;  ///< where a JSON file keeps its records; default: the mapping's data_selector
  std::string timezone = "UTC";       ///< by column names: of times that name none
  UnixTime observed_at{};             ///< as if synced then
  bool snapshot = false;              ///< the files together are the whole state: what is not in them is gone
  store::Shrink shrink = store::Shrink::refuse;
};

/// What became of the records of one entity: the imported one, then child tables of the mapping.
struct Imported {
  std::string stream, entity;
  store::Counts counts;
  std::int64_t records = 0;
  /// Values that did not fit their columns: (column, reason) → count.
  std::map<std::pair<std::string, std::string>, std::int64_t> odd;
};

/// Writes records from files into the store as a sync at `observed_at` would have done, whatever is known of later and
/// earlier times (store::Moment::exact). One transaction: an error leaves the store as it was.
///
/// Errors  Error{data}: a file is not what its format says, holds no records where they should be, or every record of
///         it is rejected; a snapshot that would delete too much (see StreamWriter::finish).
std::vector<Imported> import_files(store::Store& store, const model::Entity& entity,
                                   const std::vector<ImportFile>& files, const ImportOptions& options);

}  // namespace sitrep::sources
