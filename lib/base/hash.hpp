#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sitrep {

/// 128 bits of XXH3. For change detection and maps, not against an adversary.
struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
};

Hash128 hash128(std::string_view bytes);

/// XXH3-128 over pieces: what is fed in two calls hashes like the concatenation, so callers add lengths or separators.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  void reset();
  void add(std::string_view bytes);
  Hash128 digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 in lower-case hex (FIPS 180-4): file hashes of `trust`, generated blocks, idempotency keys.
std::string sha256_hex(std::string_view bytes);

}  // namespace sitrep
