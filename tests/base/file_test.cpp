#include "base/file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "base/error.hpp"

using namespace sitrep;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string pattern = fs::temp_directory_path() / "sitrep-file-XXXXXX";
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

unsigned mode_of(const fs::path& path) {
  struct stat info{};
  ::stat(path.c_str(), &info);
  return info.st_mode & 0777u;
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("write_file replaces whole, with the mode asked for, and leaves no temporary file") {
  Folder folder;
  const auto file = folder.path / "report.md";
  write_file(file, "one");
  write_file(file, "two");
  CHECK(read_file(file) == "two");
  CHECK(mode_of(file) == 0644);
  write_file(folder.path / "secret", "x", Overwrite::no, Privacy::owner_only);
  CHECK(mode_of(folder.path / "secret") == 0600);
  CHECK(entries(folder.path) == 2);
  CHECK_THROWS_AS(write_file(file, "three", Overwrite::no), Error);
  CHECK(read_file(file) == "two");
}

TEST_CASE("write_file keeps a symbolic link and changes its target") {
  Folder folder;
  write_file(folder.path / "target", "old");
  fs::create_symlink("target", folder.path / "link");
  write_file(folder.path / "link", "new");
  CHECK(fs::is_symlink(folder.path / "link"));
  CHECK(read_file(folder.path / "target") == "new");
}

TEST_CASE("write_file says what is wrong and keeps the old bytes") {
  Folder folder;
  fs::create_directory(folder.path / "folder");
  CHECK_THROWS_WITH_AS(write_file(folder.path / "folder", "x"), doctest::Contains("it is a folder"), Error);
  CHECK_THROWS_AS(write_file(folder.path / "missing" / "file", "x"), Error);
  CHECK_THROWS_WITH_AS(write_file("/dev/full", "x"), doctest::Contains("No space left"), Error);
}

TEST_CASE("read_file names the file and the reason, and stops at its limit") {
  Folder folder;
  CHECK_THROWS_WITH_AS(read_file(folder.path / "a\nb"), doctest::Contains("a\\nb: No such file"), Error);
  write_file(folder.path / "big", std::string(100, 'x'));
  CHECK_THROWS_AS(read_file(folder.path / "big", 99), Error);
  CHECK(read_file(folder.path / "big", 100).size() == 100);
}

TEST_CASE("make_private_folder is for the owner alone, whatever the umask") {
  Folder folder;
  const auto old = ::umask(0);
  make_private_folder(folder.path / "a" / ".sitrep");
  ::umask(old);
  CHECK(mode_of(folder.path / "a" / ".sitrep") == 0700);
  CHECK_NOTHROW(make_private_folder(folder.path / "a" / ".sitrep"));
}
