#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::cli {

/// The program sitrep-NAME of the first folder of `path` ($PATH) that has one. Relative entries of `path` are passed
/// over: what runs must not depend on the folder one stands in.
std::optional<std::filesystem::path> find_plugin(std::string_view name, std::string_view path);

/// Replaces this process by the plug-in. Error{config} for a program inside `workspace` (null: outside of any), which
/// anyone who can write to the repository could have put there; Error{store} when it does not start.
[[noreturn]] void run_plugin(const std::filesystem::path& program, const std::vector<std::string>& args,
                             const std::filesystem::path* workspace);

}  // namespace sitrep::cli
