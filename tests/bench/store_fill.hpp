#pragma once

#include <cstdint>
#include <filesystem>

namespace sitrep::bench {

/// How much a generated store holds. At scale 1: 1,000,000 incidents, 100,000 launch reviews and 20,000,000 capacity
/// samples of one year.
struct StoreSize {
  double scale = 1;
  /// Past versions per incident, launch review and milestone. More of them divide the same span of an open record, so
  /// that any two moments have as many records that differ as with one: the past is deeper, an answer about it is not.
  int history = 1;
  std::int64_t incidents() const { return static_cast<std::int64_t>(1'000'000 * scale); }
  std::int64_t launches() const { return static_cast<std::int64_t>(100'000 * scale); }
  std::int64_t resources() const { return 190; }
  std::int64_t samples_each() const { return static_cast<std::int64_t>(105'264 * scale); }
};

/// The present of the generated data: 2026-11-16T16:00:00Z.
inline constexpr std::int64_t k_bench_now = 1'794'844'800;

/// Writes a workspace with a store of that size into `folder`, which must not have one. The same size gives the same
/// rows. Rows are written by SQL into the tables, since syncing them is another bench's.
void fill_store(const std::filesystem::path& folder, const StoreSize& size);

}  // namespace sitrep::bench
