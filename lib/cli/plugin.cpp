#include "cli/plugin.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace sitrep::cli {
namespace {

namespace fs = std::filesystem;

bool is_plugin_name(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), fits);
}

bool lies_in(const fs::path& file, const fs::path& folder) {
  const auto [end, unused] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return end == folder.end();
}

}  // namespace

std::optional<fs::path> find_plugin(std::string_view name, std::string_view path) {
  if (!is_plugin_name(name)) return std::nullopt;
  for (const auto entry : split_views(path, ':')) {
    if (entry.empty() || entry.front() != '/') continue;
    auto program = fs::path(entry) / ("sitrep-" + std::string(name));
    std::error_code ignored;
    if (fs::is_regular_file(program, ignored) && ::access(program.c_str(), X_OK) == 0) return program;
  }
  return std::nullopt;
}

void check_plugin(const fs::path& program, const fs::path& workspace,
                  const std::function<bool(const fs::path&)>& trusted) {
  if (lies_in(fs::canonical(program), fs::canonical(workspace)) && !trusted(program)) {
    fail(ErrorKind::config,
         "the plug-in {} lies in the workspace and is not trusted; read it, then run: sitrep trust {}",
         display(program), display(program));
  }
}

void run_plugin(const fs::path& program, const std::vector<std::string>& args) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), args.begin(), args.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::signal(SIGPIPE, SIG_DFL);  // ours is ignored, and exec would pass that on
  ::execv(program.c_str(), argv.data());
  fail(ErrorKind::store, "{}: {}", display(program), std::generic_category().message(errno));
}

}  // namespace sitrep::cli
