#include "cli/trust.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

#include <system_error>

namespace sitrep::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_hash_digits = 64;
constexpr std::size_t k_max_bytes = std::size_t{16} << 20;

std::optional<std::string> canonical_name(const fs::path& file) {
  std::error_code error;
  const auto path = fs::canonical(file, error);
  if (error || path.native().find('\n') != std::string::npos) return std::nullopt;
  return path.native();
}

}  // namespace

std::string file_hash(const fs::path& file) { return sha256_hex(read_file(file, k_max_bytes)); }

TrustRecord::TrustRecord(fs::path file) : file_(std::move(file)) {
  if (!fs::exists(file_)) return;
  const auto text = read_file(file_, k_max_bytes);
  for (const auto line : split_views(text, '\n')) {
    if (line.empty()) continue;
    // The form of sha256sum: digest, two blanks, path.
    if (line.size() < k_hash_digits + 3 || line.substr(k_hash_digits, 2) != "  ") {
      fail(ErrorKind::config, "{}: '{}' is no record of trust; remove the line", display(file_), visible(line));
    }
    hashes_[std::string(line.substr(k_hash_digits + 2))] = std::string(line.substr(0, k_hash_digits));
  }
}

bool TrustRecord::trusts(const fs::path& file) const {
  const auto name = canonical_name(file);
  if (!name) return false;
  const auto found = hashes_.find(*name);
  return found != hashes_.end() && found->second == file_hash(*name);
}

void TrustRecord::accept(const fs::path& file) {
  const auto name = canonical_name(file);
  if (!name) fail(ErrorKind::usage, "{}: there is no such file", display(file));
  hashes_[*name] = file_hash(*name);
  std::string text;
  for (const auto& [path, hash] : hashes_) text += hash + "  " + path + "\n";
  make_private_folder(file_.parent_path());
  write_file(file_, text, Overwrite::yes, Privacy::owner_only);
}

std::optional<fs::path> trust_file(const config::Environment& environment) {
  const auto variable = [&](const char* name) {
    return fs::path(environment ? environment(name).value_or("") : std::string());
  };
  if (const auto state = variable("XDG_STATE_HOME"); state.is_absolute()) return state / "sitrep" / "trusted";
  if (const auto home = variable("HOME"); home.is_absolute()) return home / ".local/state/sitrep/trusted";
  return std::nullopt;
}

}  // namespace sitrep::cli
