#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "config/source.hpp"

namespace sitrep::sources {

/// What reading a secret may touch.
struct SecretContext {
  std::function<std::optional<std::string>(const std::string& name)> environment;
  /// Whether `sitrep trust` has recorded the file that names this command. Empty: nothing is trusted.
  std::function<bool(const config::Secret&)> is_trusted;
  std::filesystem::path folder;  ///< of sitrep.toml: relative files start there, commands run there
};

/// The value of a secret, fit for a header: printable ASCII without blanks, 1 byte to 8 KiB; one line break at its end
/// is dropped. A file must be a regular one of our own that nobody else may read; `command` runs without a shell, with
/// a short list of variables, only when trusted; `keyring` asks secret-tool for attribute "sitrep". `what` names it in
/// messages ("auth.token of source 'pager'"); no message holds the value. The process writes no core dump from then on.
///
/// Errors  Error{credentials}: missing or not usable, with what to do. Error{config}: a command that is not trusted or
///         cannot be started.
std::string read_secret(const config::Secret& secret, std::string_view what, const SecretContext& context);

}  // namespace sitrep::sources
