#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json/value.hpp"
#include "store/content_hash.hpp"
#include "store/database.hpp"

namespace sitrep::store {

/// A cell of an export that no column describes.
model::Cell as_it_is(const json::Value& value);

/// Takes the lines of one entity out of an export, into its tables. Error{data}: a line contradicts itself, names a
/// column that there is none, or holds a cell of another type.
class EntityLoader {
 public:
  EntityLoader(Database& db, const model::Entity& entity);

  void version(const json::Value& line, std::int64_t source_id, std::int64_t stream_id);
  void sample(const json::Value& line, std::int64_t source_id, std::int64_t stream_id);

 private:
  void check_names(const json::Value& row) const;
  void check_vocabulary(const model::Column& column, const json::Value& value) const;
  void bind_row(Statement& insert, int index, const json::Value& row);
  std::int64_t series_of(const json::Value& key, std::int64_t source_id, std::int64_t stream_id);

  Database& db_;
  const model::Entity& entity_;
  const bool is_own_;
  ContentHasher hasher_;
  std::vector<std::string> names_;  // as they are bound
  std::vector<model::Cell> cells_;
  std::string bytes_;
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> keys_;
  std::optional<Statement> current_, past_, values_, series_;
};

}  // namespace sitrep::store
