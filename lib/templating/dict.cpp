#include <algorithm>
#include <cstdint>

#include "templating/value.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

constexpr std::size_t k_small = 12;  // up to here a scan beats hashing

bool same_key(const Value& a, const Value& b) {
  if (a.is_string() && b.is_string()) return a.string() == b.string();
  return equal(a, b);
}

}  // namespace

Dict::Dict(std::initializer_list<Entry> entries) {
  for (const auto& [key, value] : entries) set(key, value);
}

std::size_t Dict::find_slot(std::uint64_t hash, const Value& key) const {
  const auto mask = index_.size() - 1;
  auto slot = static_cast<std::size_t>(hash) & mask;
  while (index_[slot] != 0 && !same_key(entries_[index_[slot] - 1].first, key)) slot = (slot + 1) & mask;
  return slot;
}

void Dict::rebuild_index() {
  std::size_t capacity = 64;
  while (capacity < entries_.size() * 4) capacity *= 2;
  index_.assign(capacity, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    index_[find_slot(hash(entries_[i].first), entries_[i].first)] = static_cast<std::uint32_t>(i + 1);
  }
}

void Dict::set(Value key, Value value) {
  const auto key_hash = hash(key);  // also refuses keys that can't be one
  if (index_.empty()) {
    for (auto& entry : entries_) {
      if (same_key(entry.first, key)) {
        entry.second = std::move(value);
        return;
      }
    }
    entries_.emplace_back(std::move(key), std::move(value));
    if (entries_.size() > k_small) rebuild_index();
    return;
  }
  const auto slot = find_slot(key_hash, key);
  if (index_[slot] != 0) {
    entries_[index_[slot] - 1].second = std::move(value);
    return;
  }
  entries_.emplace_back(std::move(key), std::move(value));
  index_[slot] = static_cast<std::uint32_t>(entries_.size());
  if (entries_.size() * 2 > index_.size()) rebuild_index();
}

const Value* Dict::find(const Value& key) const {
  if (key.is_string()) return find(std::string_view(key.string()));
  const auto key_hash = hash(key);
  if (index_.empty()) {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return same_key(entry.first, key); });
    return found == entries_.end() ? nullptr : &found->second;
  }
  const auto slot = find_slot(key_hash, key);
  return index_[slot] == 0 ? nullptr : &entries_[index_[slot] - 1].second;
}

std::size_t Dict::position(std::string_view key, std::size_t hint) const noexcept {
  const auto matches = [key](const Entry& entry) { return entry.first.is_string() && entry.first.string() == key; };
  if (hint < entries_.size() && matches(entries_[hint])) return hint;
  if (index_.empty()) {
    return static_cast<std::size_t>(std::find_if(entries_.begin(), entries_.end(), matches) - entries_.begin());
  }
  const auto mask = index_.size() - 1;
  auto slot = std::hash<std::string_view>{}(key)&mask;
  while (index_[slot] != 0) {
    if (matches(entries_[index_[slot] - 1])) return index_[slot] - 1;
    slot = (slot + 1) & mask;
  }
  return entries_.size();
}

const Value* Dict::find(std::string_view key) const noexcept {
  const auto found = position(key, entries_.size());
  return found == entries_.size() ? nullptr : &entries_[found].second;
}

}  // namespace sitrep::templating
