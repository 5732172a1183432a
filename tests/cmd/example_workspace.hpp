#pragma once

#include <filesystem>

namespace sitrep::test {

/// Writes a small workspace that needs no network: sitrep.toml and a store with a few records of most entities, synced
/// on 2026-11-16 (k_test_now). Its programs: "Ledger migration", "Checkout 3".
void write_example_workspace(const std::filesystem::path& folder);

}  // namespace sitrep::test
