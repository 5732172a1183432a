#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::test {

/// sitrep on a terminal of its own, 24 lines of 60 columns, until this goes out of scope.
class Terminal {
 public:
  /// HOME is the folder, TERM is dumb and there is no pager unless `environment` says otherwise.
  Terminal(const std::filesystem::path& folder, const std::vector<std::string>& args,
           const std::map<std::string, std::string>& environment = {});
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(std::string_view keys);
  /// Whether that text comes, behind what an earlier call found.
  bool shows(std::string_view part);
  /// Waits for the program's end by itself and gives its exit code: -1 when a signal ended it, or it goes on running.
  int exit_code();
  /// Everything that was shown and that nothing has asked for yet.
  const std::string& text() const { return text_; }
  /// Empties the line and types Ctrl-D until the program ends; -1 when it goes on running or a signal ended it.
  int end();

 private:
  bool read_what_is_there(int milliseconds);
  int fd_ = -1;
  pid_t child_ = -1;
  std::string text_;
};

}  // namespace sitrep::test
