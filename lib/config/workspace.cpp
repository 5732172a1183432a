#include "config/config.hpp"

namespace sitrep::config {

std::optional<std::filesystem::path> find_workspace(const std::filesystem::path& start) {
  std::error_code error;
  for (auto folder = std::filesystem::absolute(start, error); !error;) {
    if (std::filesystem::is_regular_file(folder / "sitrep.toml", error)) return folder / "sitrep.toml";
    if (folder == folder.root_path()) break;
    folder = folder.parent_path();
    error.clear();
  }
  return std::nullopt;
}

}  // namespace sitrep::config
