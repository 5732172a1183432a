#include "sources/secret.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using config::Secret;

namespace {

struct Fixture {
  test::TempDir folder;
  sources::SecretContext context;

  Fixture() {
    context.environment = [](const std::string& name) -> std::optional<std::string> {
      if (name == "TOKEN") return "t0ken";
      if (name == "PATH") return "/usr/bin:/bin";
      return std::nullopt;
    };
    context.folder = folder.path();
  }
  std::string read(Secret::From from, std::string text, std::vector<std::string> command = {}) {
    Secret secret;
    secret.from = from;
    secret.text = std::move(text);
    secret.command = std::move(command);
    secret.where = {"sitrep.toml", 14, 3};
    return sources::read_secret(secret, "auth.token of source 'pager'", context);
  }
  /// The message of the failure, which names the place and never the value.
  std::string error(ErrorKind kind, Secret::From from, std::string text, std::vector<std::string> command = {}) {
    try {
      read(from, std::move(text), std::move(command));
    } catch (const Error& e) {
      CHECK(e.kind() == kind);
      const std::string message = e.what();
      CHECK(message.starts_with("sitrep.toml:14:3: auth.token of source 'pager': "));
      CHECK(message.find("s3cr3t") == std::string::npos);
      return message;
    }
    FAIL("accepted");
    return {};
  }
  std::string file(std::string_view text, mode_t mode = 0600) {
    const auto path = folder.write("token", text);
    ::chmod(path.c_str(), mode);
    return "token";
  }
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("70: a process that holds a secret writes no core dump") {
  rlimit cores{};
  REQUIRE(::getrlimit(RLIMIT_CORE, &cores) == 0);
  if (cores.rlim_max == 0) {
    MESSAGE("SKIPPED: this machine allows no core dumps at all");
    return;
  }
  cores.rlim_cur = cores.rlim_max;
  REQUIRE(::setrlimit(RLIMIT_CORE, &cores) == 0);
  CHECK(Fixture().read(Secret::From::env, "TOKEN") == "t0ken");
  REQUIRE(::getrlimit(RLIMIT_CORE, &cores) == 0);
  CHECK(cores.rlim_cur == 0);
}

TEST_CASE("sources::read_secret reads a variable, a file and a trusted command") {
  Fixture f;
  CHECK(f.read(Secret::From::env, "TOKEN") == "t0ken");
  CHECK(f.read(Secret::From::file, f.file("s3cr3t\n")) == "s3cr3t");
  CHECK(f.read(Secret::From::file, f.file("s3cr3t\r\n", 0400)) == "s3cr3t");
  CHECK(f.read(Secret::From::file, (f.folder / "token").native()) == "s3cr3t");
  f.context.is_trusted = [](const Secret&) { return true; };
  CHECK(f.read(Secret::From::command, "", {"echo", "s3cr3t"}) == "s3cr3t");
}

TEST_CASE("sources::read_secret names the variable that is not set") {
  Fixture f;
  CHECK(contains(f.error(ErrorKind::credentials, Secret::From::env, "NO_TOKEN"), "$NO_TOKEN is not set"));
}

TEST_CASE("sources::read_secret refuses values that do not fit a header") {
  Fixture f;
  struct Case {
    std::string name;
    std::string value;
    std::string says;
  };
  const Case cases[] = {
      {"empty", "", "empty"},
      {"only a line break", "\n", "empty"},
      {"two lines", "s3cr3t\nX-Evil: 1", "line break"},
      {"two line breaks at the end", "s3cr3t\n\n", "line break"},
      {"carriage return", "s3cr3t\rx", "line break"},
      {"blank inside", "s3cr3t x", "blank"},
      {"blank in front", " s3cr3t", "blank"},
      {"NUL", std::string("s3cr3t\0x", 8), "control"},
      {"escape", "s3cr3t\x1b[2J", "control"},
      {"no-break space from a web page", "s3cr3t\xc2\xa0", "ASCII"},
      {"8 KiB and one byte", std::string(8193, 's'), "8 KiB"},
      {"1 MB", std::string(1'000'000, 's'), "8 KiB"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(contains(f.error(ErrorKind::credentials, Secret::From::file, f.file(c.value)), c.says));
    CHECK(contains(f.error(ErrorKind::credentials, Secret::From::literal, c.value), c.says));
  }
  CHECK(f.read(Secret::From::file, f.file(std::string(8192, 's') + "\r\n")).size() == 8192);
}

TEST_CASE("sources::read_secret refuses a file that others can read, and gives the chmod line") {
  Fixture f;
  for (const mode_t mode : {0644U, 0640U, 0604U, 0620U, 0601U}) {
    CAPTURE(mode);
    const auto message = f.error(ErrorKind::credentials, Secret::From::file, f.file("s3cr3t", mode));
    CHECK(contains(message, "run: chmod 600 " + (f.folder / "token").native()));
  }
}

TEST_CASE("sources::read_secret refuses what is not a regular file of our own") {
  Fixture f;
  f.file("s3cr3t");
  std::filesystem::create_symlink("token", f.folder / "link");
  std::filesystem::create_directory(f.folder / "dir");
  REQUIRE(::mkfifo((f.folder / "fifo").c_str(), 0600) == 0);
  CHECK(contains(f.error(ErrorKind::credentials, Secret::From::file, "link"), "symbolic link"));
  CHECK(contains(f.error(ErrorKind::credentials, Secret::From::file, "dir"), "not a regular file"));
  CHECK(contains(f.error(ErrorKind::credentials, Secret::From::file, "fifo"), "not a regular file"));
  CHECK(contains(f.error(ErrorKind::credentials, Secret::From::file, "absent"), "No such file"));
  if (::geteuid() == 0) {  // only root can give a file away
    REQUIRE(::chown((f.folder / "token").c_str(), 65534, 65534) == 0);
    CHECK(
        contains(f.error(ErrorKind::credentials, Secret::From::file, "token"), "belongs to another user; run: chown"));
  }
}

TEST_CASE("sources::read_secret runs no command before it is trusted") {
  Fixture f;
  const auto mark = (f.folder / "ran").native();
  CHECK(contains(f.error(ErrorKind::config, Secret::From::command, "", {"touch", mark}), "sitrep trust"));
  f.context.is_trusted = [](const Secret&) { return false; };
  CHECK(contains(f.error(ErrorKind::config, Secret::From::command, "", {"touch", mark}), "sitrep trust"));
  CHECK_FALSE(std::filesystem::exists(mark));
}

TEST_CASE("sources::read_secret tells how a command failed, without what it printed") {
  Fixture f;
  f.context.is_trusted = [](const Secret&) { return true; };
  const auto failed = f.error(ErrorKind::credentials, Secret::From::command, "",
                              {"sh", "-c", "echo s3cr3t; echo 'no \033key' >&2; exit 2"});
  CHECK(contains(failed, "exited with status 2: no \\x1bkey"));
  CHECK(contains(f.error(ErrorKind::credentials, Secret::From::command, "", {"yes", "s3cr3t"}), "printed more than"));
  CHECK(contains(f.error(ErrorKind::config, Secret::From::command, "", {"no-such-program-here"}), "not found"));
}

TEST_CASE("sources::read_secret gives a command no other secret of the environment") {
  Fixture f;
  f.context.is_trusted = [](const Secret&) { return true; };
  CHECK(f.read(Secret::From::command, "", {"sh", "-c", "echo \"[$TOKEN]\""}) == "[]");
}
