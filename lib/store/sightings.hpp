#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/database.hpp"

namespace sitrep::store {

/// Moments at which an import found a record as the store had it. They are no versions; they keep a state that is
/// imported later, and is older, from reaching beyond them.
class Sightings {
 public:
  Sightings(Database& db, std::int64_t source_id, std::string entity)
      : db_(db), source_id_(source_id), entity_(std::move(entity)) {}

  void add(std::string_view id, UnixTime at);
  /// Of a moment at which a version begins now.
  void remove(std::string_view id, UnixTime at);
  std::optional<UnixTime> next_after(std::string_view id, UnixTime at);

 private:
  Database& db_;
  std::int64_t source_id_;
  std::string entity_;
  std::optional<Statement> insert_, remove_, next_;
};

}  // namespace sitrep::store
