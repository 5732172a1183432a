#include "base/file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

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

TEST_CASE("write_file replaces whole and leaves no temporary file") {
  Folder folder;
  const auto file = folder.path / "report.md";
  write_file(file, "one");
  write_file(file, "two");
  CHECK(read_file(file) == "two");
  CHECK(entries(folder.path) == 1);
  CHECK_THROWS_AS(write_file(file, "three", Overwrite::no), Error);
  CHECK(read_file(file) == "two");
}

TEST_CASE(
    "write_file gives a new file what the umask leaves, keeps the mode of an old one, and 0600 to a private one") {
  Folder folder;
  const auto file = folder.path / "report.md";
  const auto umask_before = ::umask(027);
  write_file(file, "one");
  CHECK(mode_of(file) == 0640);
  fs::permissions(file, fs::perms{0664});
  write_file(file, "two");
  CHECK(mode_of(file) == 0664);
  const auto secret = folder.path / "secret";
  write_file(secret, "x", Overwrite::no, Privacy::owner_only);
  CHECK(mode_of(secret) == 0600);
  fs::permissions(secret, fs::perms{0644});
  write_file(secret, "y", Overwrite::yes, Privacy::owner_only);
  CHECK(mode_of(secret) == 0600);
  ::umask(umask_before);
}

TEST_CASE("write_file passes over temporary files that a killed run of the same process number left") {
  Folder folder;
  write_file(folder.path / "a", "x");
  for (int i = 0; i < 300; ++i) {
    std::ofstream(folder.path / (".sitrep-" + std::to_string(::getpid()) + "-" + std::to_string(i) + ".tmp"));
  }
  write_file(folder.path / "a", "y");
  CHECK(read_file(folder.path / "a") == "y");
}

TEST_CASE("write_file follows links to where nothing is yet, and gives up on a circle") {
  Folder folder;
  fs::create_directory(folder.path / "out");
  fs::create_symlink("out/report.md", folder.path / "second");
  fs::create_symlink(folder.path / "second", folder.path / "first");
  write_file(folder.path / "first", "new");
  CHECK(fs::is_symlink(folder.path / "first"));
  CHECK(fs::is_symlink(folder.path / "second"));
  CHECK(read_file(folder.path / "out/report.md") == "new");
  fs::create_symlink("circle", folder.path / "circle");
  CHECK_THROWS_WITH_AS(write_file(folder.path / "circle", "x"), doctest::Contains("symbolic links"), Error);
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

TEST_CASE("StagedFile leaves the old bytes until it is put in place, and nothing behind when it is not") {
  Folder folder;
  const auto file = folder.path / "report.md";
  write_file(file, "old");
  fs::permissions(file, fs::perms{0640});
  {
    StagedFile dropped(file, "never");
    CHECK(entries(folder.path) == 2);
  }
  CHECK(entries(folder.path) == 1);
  StagedFile staged(file, "new");
  CHECK(read_file(file) == "old");
  StagedFile moved(std::move(staged));
  moved.put_in_place();
  CHECK(read_file(file) == "new");
  CHECK(mode_of(file) == 0640);
  CHECK(entries(folder.path) == 1);
  CHECK_THROWS_AS(StagedFile(folder.path / "missing" / "file", "x"), Error);
}

TEST_CASE("StagedFile that cannot take its place says so and leaves nothing behind") {
  Folder folder;
  const auto file = folder.path / "report.md";
  {
    StagedFile staged(file, "x");
    fs::create_directories(file / "in the way");
    CHECK_THROWS_WITH_AS(staged.put_in_place(), doctest::Contains("cannot write"), Error);
  }
  CHECK(entries(folder.path) == 1);
}

TEST_CASE("sync_files serves any number of files, each of which is whole afterwards") {
  Folder folder;
  for (const std::size_t count : {0U, 1U, 15U, 100U}) {
    CAPTURE(count);
    std::vector<StagedFile> staged;
    for (std::size_t i = 0; i < count; ++i)
      staged.emplace_back(folder.path / std::to_string(i), "text " + std::to_string(i));
    sync_files(staged);
    for (auto& one : staged) one.put_in_place();
    for (std::size_t i = 0; i < count; ++i)
      CHECK(read_file(folder.path / std::to_string(i)) == "text " + std::to_string(i));
    CHECK(entries(folder.path) == count);
  }
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
