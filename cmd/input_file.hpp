#pragma once

#include <filesystem>
#include <string>

namespace sitrep::cmd {

/// A file that the command line names, whole. Error{usage} when it is not there or a folder: what was typed is wrong,
/// not the store; other failures as read_file().
std::string read_input(const std::filesystem::path& path, std::size_t max_bytes = std::size_t{1} << 30);

/// Only the refusal of read_input().
void check_input(const std::filesystem::path& path);

}  // namespace sitrep::cmd
