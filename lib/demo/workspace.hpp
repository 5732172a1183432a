#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace sitrep::demo {

/// What a demo workspace remembers of itself, in `.sitrep/demo.json`: the mark by which a later run knows the folder.
struct Mark {
  std::uint64_t seed = 0;
  UnixTime now{};
  int port = 0;
};

/// The mark of a folder; nullopt when it is no demo workspace.
std::optional<Mark> read_mark(const std::filesystem::path& folder);

/// Error{usage} when `folder` exists, is not empty and is no demo workspace: a demo never writes among others' files.
void check_folder(const std::filesystem::path& folder);

/// Writes sitrep.toml, .gitignore, the folders and, 0600, the token; removes the store of an earlier demo, so that the
/// history is that of this run. An edited sitrep.toml of an earlier demo is kept beside the new one as sitrep.toml.old;
/// other files stay. `mark.port` is where the API listens. Error{store} for what cannot be written.
void write_workspace(const std::filesystem::path& folder, const Mark& mark, const std::string& token);

/// sitrep.toml as write_workspace writes it.
std::string workspace_toml(const Mark& mark);

/// A token for one demo: 32 hex digits from the system's random source.
std::string new_token();

}  // namespace sitrep::demo
