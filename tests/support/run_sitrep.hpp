#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sitrep::test {

struct RunOptions {
  std::filesystem::path folder;                    ///< where the program runs; required
  std::map<std::string, std::string> environment;  ///< beside PATH, HOME (the folder), LC_ALL, TZ=UTC and SITREP_NOW
  std::string input;                               ///< standard input
  std::chrono::seconds timeout{120};
};

struct RunResult {
  int exit_code = -1;  ///< 128 + the signal's number when a signal ended it
  std::string out, err;
};

/// The moment the runs take for the present: 2026-11-16T16:00:00Z.
inline constexpr auto k_test_now = "2026-11-16T16:00:00Z";

/// The sitrep of this build.
std::filesystem::path sitrep_binary();

/// Runs sitrep (`args` without the program's name) in an environment of its own. Throws when it outlives the timeout.
RunResult run_sitrep(const std::vector<std::string>& args, const RunOptions& options);
/// The same for any program.
RunResult run_program(const std::filesystem::path& program, const std::vector<std::string>& args,
                      const RunOptions& options);

/// Replaces this process by sitrep, its output thrown away: for a child that is traced. Returns only when it fails.
int become_sitrep(const std::filesystem::path& folder, const std::vector<std::string>& args);

/// A sitrep that runs beside the test, its output thrown away, until it is killed: by kill(), or at the latest when
/// this goes out of scope.
class BackgroundSitrep {
 public:
  BackgroundSitrep(const std::vector<std::string>& args, const RunOptions& options);
  ~BackgroundSitrep();
  BackgroundSitrep(const BackgroundSitrep&) = delete;
  BackgroundSitrep& operator=(const BackgroundSitrep&) = delete;

  /// SIGKILL; true when that is what ended it.
  bool kill();

 private:
  int child_ = -1;
};

/// A command line as a shell splits it: blanks, '…', "…" and backslashes; nothing is expanded.
std::vector<std::string> split_words(const std::string& line);

}  // namespace sitrep::test
