#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace sitrep {

/// What stopped the work; decides the exit code (exit_code) and nothing else.
enum class ErrorKind {
  usage,            ///< 2: the command line
  config,           ///< 3: sitrep.toml, or a file it names
  network,          ///< 4: the network or an API
  store,            ///< 5: the store or an output file
  data,             ///< 6: rejects above the limit, stale, too grey to judge
  user_code,        ///< 7: a template or SQL by the user
  unknown_outcome,  ///< 8: a filing whose outcome is not known
  credentials,      ///< 9: missing or refused
  bug,              ///< 70: a mistake of ours
};

/// The process exit code of a kind. Contract: nothing in this table changes meaning.
int exit_code(ErrorKind kind) noexcept;

/// The name of a kind as JSON errors print it: "usage", "config", …
const char* name(ErrorKind kind) noexcept;

/// What stops the work. The message is one line: where, what, why, what to do next; lower case, no full stop.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

template <class... Args>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(kind, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace sitrep
