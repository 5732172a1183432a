#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "config/config.hpp"

namespace sitrep::cli {

/// Which files may name programs to run: absolute path and SHA-256 of each. A change of the file ends its trust. Kept
/// in the user's own state folder, not in the workspace: a repository must not be able to bring its trust along.
class TrustRecord {
 public:
  /// Reads `file`; one that is not there trusts nothing. Error{config} for a line that is no record.
  explicit TrustRecord(std::filesystem::path file);

  /// True when the file's present content is recorded under its path.
  bool trusts(const std::filesystem::path& file) const;
  /// Records the file's present content and writes the record.
  void accept(const std::filesystem::path& file);

 private:
  std::filesystem::path file_;
  std::map<std::string, std::string> hashes_;  // canonical path → SHA-256 in hex
};

/// $XDG_STATE_HOME/sitrep/trusted, or ~/.local/state/sitrep/trusted; nullopt when neither variable is set.
std::optional<std::filesystem::path> trust_file(const config::Environment& environment);

/// SHA-256 of a file's bytes in hex.
std::string file_hash(const std::filesystem::path& file);

}  // namespace sitrep::cli
