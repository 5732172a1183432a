#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "model/entity.hpp"
#include "model/rows.hpp"

namespace sitrep::store {

/// The hash by which a state of a record is known: over its columns, url and extra. NULL cells add nothing and cells
/// are named by their column, so that a new column, or another order of them, leaves the hashes of old rows alone.
class ContentHasher {
 public:
  explicit ContentHasher(const model::Entity& entity);
  Hash128 operator()(const model::RowBatch::Row& row);
  /// Of all rows, for who makes them: the thread that writes the store has enough to do.
  void hash(model::RowBatch& rows);

 private:
  std::vector<std::uint64_t> tags_;  // by column
  std::string buffer_;
};

/// 32 hexadecimal digits, for exports; nullopt for anything else.
std::string hash_text(const Hash128& hash);
std::optional<Hash128> read_hash(std::string_view text);

/// As E_current keeps it: 16 bytes, a view of `bytes`.
std::string_view hash_blob(const Hash128& hash, std::string& bytes);
/// Of another length: all zero, which reads as another content.
Hash128 blob_hash(std::string_view blob);

}  // namespace sitrep::store
