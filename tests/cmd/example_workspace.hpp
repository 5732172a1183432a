#pragma once

#include <filesystem>

#include "base/clock.hpp"
#include "demo/api.hpp"
#include "demo/organisation.hpp"

namespace sitrep::test {

/// Writes a small workspace that needs no network: sitrep.toml and a store with a few records of most entities, synced
/// on 2026-11-16 (k_test_now). Its programs: "Ledger migration", "Checkout 3".
void write_example_workspace(const std::filesystem::path& folder);

/// The demo's workspace with its API up while the object lives, for commands that talk to sources. Its store holds the
/// records of write_example_workspace, so that commands have data before the first sync.
class ServedWorkspace {
 public:
  explicit ServedWorkspace(const std::filesystem::path& folder);

 private:
  FixedClock clock_;
  demo::Organisation organisation_;
  demo::Api api_;
};

}  // namespace sitrep::test
