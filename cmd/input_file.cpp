#include "input_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

namespace sitrep::cmd {

void check_input(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) fail(ErrorKind::usage, "{}: no such file", display(path));
  if (status.type() == std::filesystem::file_type::directory)
    fail(ErrorKind::usage, "{}: a folder, not a file", display(path));
}

std::string read_input(const std::filesystem::path& path, std::size_t max_bytes) {
  check_input(path);
  return read_file(path, max_bytes);
}

}  // namespace sitrep::cmd
