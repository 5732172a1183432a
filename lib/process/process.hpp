#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sitrep::process {

using Environment = std::vector<std::pair<std::string, std::string>>;

/// A program to run: no shell, its own process group, none of our descriptors, no environment but the one given.
struct Command {
  std::vector<std::string> argv;  ///< argv[0] without '/' is looked up in PATH of `environment`
  Environment environment;        ///< all that the program sees
  std::filesystem::path folder;   ///< working directory; empty: ours
  std::string input;              ///< its standard input
  std::chrono::milliseconds time_limit{30'000};
  std::size_t output_bytes = std::size_t{64} << 20;        ///< of standard output; more ends the program
  std::size_t error_bytes = std::size_t{64} << 10;         ///< of standard error that are kept; more is dropped
  std::optional<std::size_t> memory_bytes = std::nullopt;  ///< address space of each of its processes
};

/// How it ended. Exactly one of exit_status and signal is set unless it was stopped by us.
struct Outcome {
  enum class End { exited, signalled, timed_out, too_much_output };
  End end = End::exited;
  int exit_status = 0;  ///< End::exited
  int signal = 0;       ///< End::signalled
  std::string output;
  std::string error;  ///< standard error, raw: show it with visible()

  bool succeeded() const { return end == End::exited && exit_status == 0; }
  /// "exited with status 3", "was killed by signal 11 (Segmentation fault)", "did not finish within 30 s", …
  std::string text(const Command& command) const;
};

/// Runs the program and waits for it. When it ends, or is out of time or space, its whole process group is killed, so
/// that nothing it started in the group outlives the call. Thread-safe.
///
/// Errors  Error{config} when it cannot be started (not found, not executable).
Outcome run(const Command& command);

/// The variables of `names` that `environment` has.
Environment allowed(const std::function<std::optional<std::string>(const std::string&)>& environment,
                    std::span<const std::string_view> names);

}  // namespace sitrep::process
