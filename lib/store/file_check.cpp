#include "store/file_check.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "store/migrations.hpp"

namespace sitrep::store {
namespace fs = std::filesystem;

// Database header: https://www.sqlite.org/fileformat2.html section 1.3; numbers are big-endian.
void check_file(const fs::path& file) {
  constexpr std::string_view k_magic("SQLite format 3\0", 16);
  std::error_code code;
  if (!fs::is_regular_file(file, code))
    fail(ErrorKind::store, "{} is not a file; give the path of a store with --store", display(file));
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(ErrorKind::store, "cannot read {}; check its owner and permissions", display(file));
  std::array<char, 100> header{};
  in.read(header.data(), header.size());
  const auto size = fs::file_size(file, code);
  if (size == 0)
    fail(ErrorKind::store, "{} is empty: not a sitrep store; remove it, or restore a backup", display(file));
  if (in.gcount() < static_cast<std::streamsize>(header.size()) || std::string_view(header.data(), 16) != k_magic)
    fail(ErrorKind::store, "{} is not a sitrep store; nothing was written to it; choose another file", display(file));
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(header[at + i]);
    return value;
  };
  if (number(68) != k_application_id)
    fail(ErrorKind::store, "{} is an SQLite file of another program; nothing was written to it; choose another file",
         display(file));
  const auto byte = [&](std::size_t at) { return std::uint64_t{static_cast<unsigned char>(header[at])}; };
  const auto page = byte(16) << 8 | byte(17);
  auto log = file;
  log += "-wal";
  // With a log beside it the file may lawfully be shorter until the log is written back.
  const bool has_log = fs::exists(log, code) && fs::file_size(log, code) > 0;
  if (!has_log && number(28) * (page == 1 ? 65536 : page) > size)
    fail(ErrorKind::store, "{} is cut short: {} bytes of {}; restore a backup with 'sitrep restore'", display(file),
         size, number(28) * (page == 1 ? 65536 : page));
}

}  // namespace sitrep::store
