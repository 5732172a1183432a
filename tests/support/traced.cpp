#include "support/traced.hpp"

#include <elf.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

namespace sitrep::test {
namespace {

bool writes(std::uint64_t call) {
  switch (call) {
    case SYS_write:
    case SYS_writev:
    case SYS_pwrite64:
    case SYS_ftruncate:
    case SYS_fallocate:
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_unlinkat:
    case SYS_renameat2:
    case SYS_linkat:
    case SYS_mkdirat:
#ifdef SYS_unlink
    case SYS_unlink:
    case SYS_rename:
    case SYS_mkdir:
    case SYS_link:
#endif
#ifdef SYS_renameat
    case SYS_renameat:
#endif
      return true;
    default:
      return false;
  }
}

/// Calls that a full or failing disk still lets through: they free what others hold.
bool frees(std::uint64_t call) {
  switch (call) {
    case SYS_unlinkat:
#ifdef SYS_unlink
    case SYS_unlink:
#endif
      return true;
    default:
      return false;
  }
}

/// What the person sees is no part of the store, and a full disk does not touch it; nor does it touch a pipe, by which
/// a sanitizer asks whether memory can be read.
bool is_elsewhere(pid_t thread, std::uint64_t descriptor) {
  if (descriptor <= 2) return true;
  std::error_code ignored;
  const auto link = "/proc/" + std::to_string(thread) + "/fd/" + std::to_string(descriptor);
  return std::filesystem::read_symlink(link, ignored).native().starts_with("pipe:");
}

/// On entry: makes the kernel refuse the call, whose number becomes -1.
bool skip_call(pid_t thread) {
#if defined(__x86_64__)
  user_regs_struct registers{};
  if (::ptrace(PTRACE_GETREGS, thread, nullptr, &registers) != 0) return false;
  registers.orig_rax = static_cast<decltype(registers.orig_rax)>(-1);
  return ::ptrace(PTRACE_SETREGS, thread, nullptr, &registers) == 0;
#elif defined(__aarch64__)
  int number = -1;
  iovec data{&number, sizeof number};
  return ::ptrace(PTRACE_SETREGSET, thread, NT_ARM_SYSTEM_CALL, &data) == 0;
#else
  return false;
#endif
}

/// On exit of a skipped call: what it returns.
bool set_result(pid_t thread, int error) {
#if defined(__x86_64__)
  user_regs_struct registers{};
  if (::ptrace(PTRACE_GETREGS, thread, nullptr, &registers) != 0) return false;
  registers.rax = static_cast<decltype(registers.rax)>(-error);
  return ::ptrace(PTRACE_SETREGS, thread, nullptr, &registers) == 0;
#elif defined(__aarch64__)
  user_regs_struct registers{};
  iovec data{&registers, sizeof registers};
  if (::ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &data) != 0) return false;
  registers.regs[0] = static_cast<decltype(registers.regs[0] + 0)>(-error);
  return ::ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &data) == 0;
#else
  static_cast<void>(thread);
  static_cast<void>(error);
  return false;
#endif
}

class Tracer {
 public:
  Tracer(pid_t child, CallFault fault) : child_(child), fault_(fault) {}

  TracedRun follow() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    if (!WIFSTOPPED(status)) return run_;
    constexpr auto k_options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;
    run_.traced = ::ptrace(PTRACE_SETOPTIONS, child_, nullptr, k_options) == 0 && go_on(child_, 0);
    while (run_.traced) {
      const pid_t thread = ::waitpid(-1, &status, __WALL);
      if (thread < 0) break;
      if (WIFEXITED(status) || WIFSIGNALED(status)) {
        if (thread != child_) continue;
        run_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return run_;
      }
      if (!WIFSTOPPED(status)) continue;
      const int signal = WSTOPSIG(status);
      if (signal == (SIGTRAP | 0x80)) {
        if (!at_call(thread)) return run_;
        go_on(thread, 0);
      } else {
        // A new thread starts with SIGSTOP, an event or execve shows as SIGTRAP: neither is the program's.
        go_on(thread, signal == SIGTRAP || signal == SIGSTOP ? 0 : signal);
      }
    }
    end_child();
    return run_;
  }

 private:
  static bool go_on(pid_t thread, int signal) { return ::ptrace(PTRACE_SYSCALL, thread, nullptr, signal) == 0; }

  void end_child() {
    ::kill(child_, SIGKILL);
    int status = 0;
    while (::waitpid(-1, &status, __WALL) > 0) {
    }
  }

  /// false: the child was killed.
  bool at_call(pid_t thread) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) return true;
    if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
      if (const auto skipped = skipped_.find(thread); skipped != skipped_.end()) {
        set_result(thread, skipped->second);
        skipped_.erase(skipped);
      }
      return true;
    }
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !writes(info.entry.nr)) return true;
    if ((info.entry.nr == SYS_write || info.entry.nr == SYS_writev) && is_elsewhere(thread, info.entry.args[0]))
      return true;
    ++run_.calls;
    const bool hit = run_.calls == fault_.at || (fault_.on && fault_.at > 0 && run_.calls > fault_.at);
    if (!hit) return true;
    if (fault_.error == 0) {
      run_.killed = true;
      end_child();
      return false;
    }
    if (!frees(info.entry.nr) && skip_call(thread)) skipped_[thread] = fault_.error;
    return true;
  }

  pid_t child_;
  CallFault fault_;
  TracedRun run_;
  std::map<pid_t, int> skipped_;  // threads inside a call that was refused
};

}  // namespace

TracedRun run_traced(const std::function<int()>& body, CallFault fault) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(99);
    ::raise(SIGSTOP);
    int code = 1;
    try {
      code = body();
    } catch (...) {
    }
    ::_exit(code);
  }
  return Tracer(child, fault).follow();
}

int step_between(int calls, int sample) {
  return std::getenv("SITREP_LONG_TESTS") != nullptr ? 1 : std::max(1, calls / sample);
}

}  // namespace sitrep::test
