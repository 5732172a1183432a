#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sitrep {

enum class Overwrite { no, yes };
enum class Privacy { shared, owner_only };  // shared: the old file's mode, else 0666 less the umask; or always 0600

/// The whole file. Error{store} names the path and the system's reason; `max_bytes` bounds what is read.
std::string read_file(const std::filesystem::path& path, std::size_t max_bytes = std::size_t{1} << 30);

/// Writes a temporary neighbour, syncs it, renames it over `path`: readers see the old bytes or the new ones, never a
/// part. A symbolic link is followed, so that the link stays and its target changes; devices and pipes are written in
/// place. Error{store}; Overwrite::no refuses an existing file.
void write_file(const std::filesystem::path& path, std::string_view text, Overwrite overwrite = Overwrite::yes,
                Privacy privacy = Privacy::shared);

/// Creates the folder and its parents; the last one 0700.
void make_private_folder(const std::filesystem::path& path);

/// A path for messages: control bytes and invalid UTF-8 visible.
std::string display(const std::filesystem::path& path);

}  // namespace sitrep
