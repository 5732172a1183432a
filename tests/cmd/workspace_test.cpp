#include "base/file.hpp"
#include "base/text.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <regex>

using namespace sitrep;

namespace {

namespace fs = std::filesystem;

test::RunOptions in(const fs::path& folder) { return {.folder = folder, .environment = {}, .input = {}}; }

}  // namespace

TEST_CASE("sitrep init writes a workspace that is valid, and overwrites nothing") {
  const test::TempDir folder;
  const auto made =
      test::run_sitrep({"init", "ws", "--name", "A \"b\" \\ c", "--timezone", "Europe/Berlin"}, in(folder.path()));
  CHECK(made.exit_code == 0);
  CHECK(made.out.empty());
  CHECK(fs::is_directory(folder / "ws/templates"));
  const auto check =
      test::run_sitrep({"config", "check", "--format", "csv", "--fields", "workspace,timezone"}, in(folder / "ws"));
  CHECK(check.out == "workspace,timezone\n\"A \"\"b\"\" \\ c\",Europe/Berlin\n");
  const auto text = read_file(folder / "ws/sitrep.toml");
  CHECK(test::run_sitrep({"init", "ws"}, in(folder.path())).exit_code == 3);
  CHECK(read_file(folder / "ws/sitrep.toml") == text);
}

TEST_CASE("sitrep init writes nothing when an answer is wrong") {
  const test::TempDir folder;
  CHECK(test::run_sitrep({"init", "ws", "--timezone", "Mars/Olympus"}, in(folder.path())).exit_code == 3);
  CHECK(test::run_sitrep({"init", "ws", "--preset", "nosuch"}, in(folder.path())).exit_code == 2);
  CHECK_FALSE(fs::exists(folder / "ws"));
}

TEST_CASE("sitrep init --preset writes a valid source for every preset") {
  const test::TempDir folder;
  const auto names = test::run_sitrep({"complete", "preset"}, in(folder.path())).out;
  const auto presets = split_views(trim_view(names), '\n');
  REQUIRE(presets.size() > 3);
  for (const auto preset : presets) {
    const std::string name(preset);
    CAPTURE(name);
    REQUIRE(test::run_sitrep({"init", name, "--preset", name}, in(folder.path())).exit_code == 0);
    const auto text = read_file(folder / name / "sitrep.toml");
    CHECK(text.find("preset = \"" + name + "\"") != std::string::npos);
    CHECK(text.find("needs more") == std::string::npos);
    CHECK(test::run_sitrep({"config", "check"}, in(folder / name)).exit_code == 0);
  }
}

TEST_CASE("the lines that sitrep init comments out are valid once the # is gone") {
  const test::TempDir folder;
  test::run_sitrep({"init", "."}, in(folder.path()));
  const auto written = read_file(folder / "sitrep.toml");
  std::string text;
  for (const auto line : split_views(written, '\n')) {
    // Prose starts with a capital letter and is left out; what is left is TOML.
    static const std::regex prose(R"(^# [A-Z].*$)");
    const std::string whole(line);
    if (std::regex_match(whole, prose)) continue;
    if (whole.find("preset = ") != std::string::npos)
      text += "base_url = \"https://pager.example.com\"\n";
    else
      text += (whole.starts_with("# ") ? whole.substr(2) : whole == "#" ? "" : whole) + "\n";
  }
  folder.write("sitrep.toml", text);
  const auto check =
      test::run_sitrep({"config", "check", "--fields", "sources,streams,rules", "--format", "csv"}, in(folder.path()));
  CHECK(check.err == "");
  CHECK(check.out == "sources,streams,rules\n2,1,1\n");
}

TEST_CASE("sitrep doctor names what is missing, with the remedy, and exits 1") {
  const test::TempDir folder;
  folder.write("sitrep.toml",
               "[source.pager]\nbase_url = \"http://127.0.0.1:9\"\nauth.token = { env = \"PAGER_TOKEN\" }\n"
               "[source.desk]\nbase_url = \"http://127.0.0.1:9\"\nauth.token = { file = \"desk.token\" }\n"
               "[source.tracker]\nbase_url = \"http://127.0.0.1:9\"\nauth.token = { command = [\"pass\", \"t\"] }\n");
  folder.write("desk.token", "x");
  fs::permissions(folder / "desk.token", fs::perms(0644));
  auto options = in(folder.path());
  const auto bad =
      test::run_sitrep({"doctor", "--offline", "--format", "csv", "--fields", "check,state,remedy"}, options);
  CHECK(bad.exit_code == 1);
  CHECK(bad.out.find("pager token,failed,export PAGER_TOKEN=…\n") != std::string::npos);
  CHECK(bad.out.find("desk token,failed,chmod 600 ") != std::string::npos);
  CHECK(bad.out.find("tracker token,failed,sitrep trust\n") != std::string::npos);
  CHECK(bad.out.find("store,warning,sitrep sync\n") != std::string::npos);
  options.environment["PAGER_TOKEN"] = "t";
  fs::permissions(folder / "desk.token", fs::perms(0600));
  const auto hash = test::run_program("/usr/bin/sha256sum", {"sitrep.toml"}, options).out.substr(0, 64);
  CHECK(test::run_sitrep({"trust", "--accept", hash}, options).exit_code == 0);
  CHECK(test::run_sitrep({"doctor", "--offline"}, options).exit_code == 0);
  const auto unreachable = test::run_sitrep({"doctor", "--format", "csv"}, options);
  CHECK(unreachable.exit_code == 1);
  CHECK(unreachable.out.find("pager reach,failed") != std::string::npos);
}

TEST_CASE("sitrep doctor outside a workspace says how to make one") {
  const test::TempDir folder;
  const auto result =
      test::run_sitrep({"doctor", "--format", "csv", "--fields", "check,state,remedy"}, in(folder.path()));
  CHECK(result.exit_code == 1);
  CHECK(result.out.find("config,failed,sitrep init\n") != std::string::npos);
}

TEST_CASE("sitrep trust refuses another hash, asks nobody without a terminal, and ends with a change") {
  const test::TempDir folder;
  folder.write("sitrep.toml", "[workspace]\nname = \"t\"\n");
  const auto options = in(folder.path());
  CHECK(test::run_sitrep({"trust", "--accept", std::string(64, '0')}, options).exit_code == 3);
  const auto asked = test::run_sitrep({"trust"}, options);
  CHECK(asked.exit_code == 2);
  CHECK(asked.err.find("sitrep trust --accept ") != std::string::npos);
  CHECK_FALSE(fs::exists(folder / ".local/state/sitrep/trusted"));
  const auto hash = asked.err.substr(asked.err.rfind(' ') + 1, 64);
  CHECK(test::run_sitrep({"trust", "--accept", hash}, options).exit_code == 0);
  CHECK(test::run_sitrep({"trust"}, options).exit_code == 0);
  folder.write("sitrep.toml", "[workspace]\nname = \"u\"\n");
  CHECK(test::run_sitrep({"trust"}, options).exit_code == 2);
}

TEST_CASE("sitrep config schema knows every key that the configuration reads") {
  const test::TempDir folder;
  const auto schema = test::run_sitrep({"config", "schema"}, in(folder.path()));
  REQUIRE(schema.exit_code == 0);
  const std::regex read(
      R"re((?:text|integer|real|boolean|duration|texts|integers|date|pairs|table|tables|named_tables|node|choice(?:<[A-Za-z:]+>)?|read_secret|read_threshold|read_zone|read_columns|take)\((?:in, |tls, )?"([a-z_]+)")re");
  std::size_t keys = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(SITREP_SOURCE_DIR) / "lib/config")) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() != ".cpp" || name == "template_header.cpp" || name == "preset.cpp") continue;
    const auto source = read_file(entry.path());
    for (std::sregex_iterator it(source.begin(), source.end(), read), end; it != end; ++it) {
      const auto key = (*it)[1].str();
      CAPTURE(name);
      CHECK_MESSAGE(schema.out.find("\"" + key + "\":") != std::string::npos, "the schema lacks '" << key << "'");
      ++keys;
    }
  }
  CHECK(keys > 80);
}
