#include "demo/workspace.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "config/config.hpp"
#include "demo/sample.hpp"

namespace sitrep::demo {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("sitrep-demo-test-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

unsigned mode_of(const fs::path& path) {
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

const Mark k_mark{k_default_seed, k_test_now, 43117};

TEST_CASE("demo: the workspace's sitrep.toml is valid and shows every kind of paginator") {
  const auto config = config::parse(workspace_toml(k_mark), "sitrep.toml", {}, {});
  CHECK(config.name == "Payments infrastructure");
  CHECK(config.timezone == "America/Los_Angeles");
  CHECK(config.sources.size() == 6);
  std::set<config::Paginator::Type> types;
  std::set<std::string> entities;
  for (const auto& source : config.sources) {
    CHECK(source.base_url.starts_with("http://127.0.0.1:43117"));
    CHECK(source.auth.token.from == config::Secret::From::file);
    for (const auto& stream : source.streams) {
      types.insert(stream.paginator.type);
      entities.insert(stream.entity);
    }
  }
  CHECK(types.size() == 7);
  CHECK(entities.size() == 15);
  CHECK(config.metrics.size() == 1);
  CHECK(config.rules.size() == 2);
  CHECK(config.queries.size() == 1);
  CHECK(config.exemptions.size() == 1);
  CHECK(config.launch.source == "launches");
}

TEST_CASE("demo::write_workspace writes a private token and a mark, and runs again over its own folder") {
  Folder folder;
  write_workspace(folder.path(), k_mark, "t0p-canary");
  CHECK(mode_of(folder.path() / ".sitrep/demo-token") == 0600);
  CHECK(mode_of(folder.path() / ".sitrep") == 0700);
  CHECK(read_file(folder.path() / ".gitignore") == ".sitrep/\n");
  CHECK(fs::is_directory(folder.path() / "launches"));
  CHECK(read_file(folder.path() / "sitrep.toml").find("t0p-canary") == std::string::npos);
  REQUIRE(read_mark(folder.path()));
  CHECK(read_mark(folder.path())->port == 43117);
  CHECK(read_mark(folder.path())->now == k_test_now);

  write_file(folder.path() / ".sitrep/store.db", "old");
  write_workspace(folder.path(), k_mark, "other");
  CHECK_FALSE(fs::exists(folder.path() / ".sitrep/store.db"));
  CHECK_FALSE(fs::exists(folder.path() / "sitrep.toml.old"));
}

TEST_CASE("demo::write_workspace keeps a sitrep.toml that a person edited") {
  Folder folder;
  write_workspace(folder.path(), k_mark, "t0p-canary");
  write_file(folder.path() / "sitrep.toml", "# mine\n");
  write_workspace(folder.path(), k_mark, "secret");
  CHECK(read_file(folder.path() / "sitrep.toml.old") == "# mine\n");
  CHECK(read_file(folder.path() / "sitrep.toml") == workspace_toml(k_mark));
}

TEST_CASE("demo::check_folder refuses what holds other people's files") {
  Folder folder;
  CHECK_NOTHROW(check_folder(folder.path()));
  fs::create_directories(folder.path());
  CHECK_NOTHROW(check_folder(folder.path()));
  write_file(folder.path() / "thesis.txt", "mine");
  CHECK_THROWS_AS(check_folder(folder.path()), Error);
  CHECK_THROWS_AS(write_workspace(folder.path(), k_mark, "secret"), Error);
  CHECK_FALSE(fs::exists(folder.path() / "sitrep.toml"));
  CHECK_THROWS_AS(check_folder(folder.path() / "thesis.txt"), Error);
  fs::create_directories(folder.path() / ".sitrep");
  write_file(folder.path() / ".sitrep/demo.json", R"({"schema":"other"})");
  CHECK_THROWS_AS(check_folder(folder.path()), Error);
}

TEST_CASE("demo::new_token is 32 hex digits and never the same") {
  const auto token = new_token();
  CHECK(token.size() == 32);
  CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(token != new_token());
}

}  // namespace
}  // namespace sitrep::demo
