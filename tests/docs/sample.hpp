#pragma once

#include <optional>

#include "docs/engine.hpp"
#include "docs/run.hpp"
#include "store/store.hpp"
#include "support/temp_dir.hpp"

namespace sitrep::test {

/// 2026-11-16 08:00 in Los Angeles, a Monday.
inline constexpr std::int64_t k_now = 1'794'844'800;

/// A small organisation in a store file: three programs; a milestone that slipped twice; incidents (one open, one
/// drill, one with a hostile title); overdue actions; a launch that waits for security; a disk that fills up; a stale
/// stream.
class SampleStore {
 public:
  enum class Data { some, none };
  explicit SampleStore(Data data = Data::some);

  store::Store open(std::optional<UnixTime> as_of = std::nullopt) const;
  /// Of the present, over a store that the caller keeps.
  docs::Inputs inputs(store::Store& store) const;

 private:
  TempDir dir_;
};

Calendar pacific();

}  // namespace sitrep::test
