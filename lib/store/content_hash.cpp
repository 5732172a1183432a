#include "store/content_hash.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

namespace sitrep::store {
namespace {

template <class T>
void append_raw(std::string& out, const T& value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

void append_text(std::string& out, std::string_view text) {
  append_raw(out, text.size());
  out.append(text);
}

}  // namespace

ContentHasher::ContentHasher(const model::Entity& entity) {
  for (const auto& column : entity.columns) tags_.push_back(hash128(column.name).low);
}

Hash128 ContentHasher::operator()(const model::RowBatch::Row& row) {
  buffer_.clear();
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto& cell = row.cells[i];
    if (model::is_null(cell)) continue;
    append_raw(buffer_, tags_[i]);
    buffer_ += static_cast<char>(cell.index());
    if (const auto* integer = std::get_if<std::int64_t>(&cell))
      append_raw(buffer_, *integer);
    else if (const auto* real = std::get_if<double>(&cell))
      append_raw(buffer_, *real);
    else
      append_text(buffer_, std::get<std::string_view>(cell));
  }
  append_text(buffer_, row.url);
  append_text(buffer_, row.extra);
  return hash128(buffer_);
}

void ContentHasher::hash(model::RowBatch& rows) {
  std::vector<model::RowHashes> hashes(rows.size());
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const auto row = rows.row(i);
    hashes[i] = {hash128(row.id), (*this)(row)};
  }
  rows.set_hashes(std::move(hashes));
}

std::string hash_text(const Hash128& hash) { return fmt::format("{:016x}{:016x}", hash.high, hash.low); }

std::optional<Hash128> read_hash(std::string_view text) {
  Hash128 hash;
  if (text.size() != 32) return std::nullopt;
  const auto* const middle = text.data() + 16;
  if (std::from_chars(text.data(), middle, hash.high, 16).ptr != middle) return std::nullopt;
  if (std::from_chars(middle, middle + 16, hash.low, 16).ptr != middle + 16) return std::nullopt;
  return hash;
}

std::string_view hash_blob(const Hash128& hash, std::string& bytes) {
  bytes.clear();
  append_raw(bytes, hash.low);
  append_raw(bytes, hash.high);
  return bytes;
}

Hash128 blob_hash(std::string_view blob) {
  Hash128 hash;
  if (blob.size() != sizeof(hash.low) + sizeof(hash.high)) return hash;
  std::memcpy(&hash.low, blob.data(), sizeof(hash.low));
  std::memcpy(&hash.high, blob.data() + sizeof(hash.low), sizeof(hash.high));
  return hash;
}

}  // namespace sitrep::store
