#pragma once

#include <functional>

namespace sitrep::test {

/// What shall happen on entry to the `at`-th system call that writes to the file system (write, pwrite, fsync, rename,
/// unlink, ftruncate …), counted over all threads from 1.
struct CallFault {
  int at = -1;      ///< -1: never
  int error = 0;    ///< 0: SIGKILL before the call takes effect; else the call fails with this errno
  bool on = false;  ///< with an error: every later call that needs room or touches the disk fails too
};

struct TracedRun {
  bool traced = false;  ///< false: this system does not allow ptrace; nothing else is meant then
  bool killed = false;  ///< by us
  int calls = 0;        ///< that write, seen
  int exit_code = -1;   ///< of a process that was not killed; 128 + the signal's number when it died of one
};

/// Runs `body` in a child process under ptrace; its result is the exit code. It may replace the process by execve.
TracedRun run_traced(const std::function<int()>& body, CallFault fault);

/// Which of `calls` points a test looks at: every one with SITREP_LONG_TESTS set, else about `sample` spread over all.
int step_between(int calls, int sample);

}  // namespace sitrep::test
