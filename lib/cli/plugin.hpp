#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::cli {

/// The program sitrep-NAME of the first folder of `path` ($PATH) that has one. Relative entries of `path` are passed
/// over: what runs must not depend on the folder one stands in.
std::optional<std::filesystem::path> find_plugin(std::string_view name, std::string_view path);

/// Error{config} for a program inside `workspace` that is not `trusted`: anyone who can write to the repository could
/// have put it there.
void check_plugin(const std::filesystem::path& program, const std::filesystem::path& workspace,
                  const std::function<bool(const std::filesystem::path&)>& trusted);

/// Replaces this process by the plug-in. Error{store} when it does not start.
[[noreturn]] void run_plugin(const std::filesystem::path& program, const std::vector<std::string>& args);

}  // namespace sitrep::cli
