// Programs in place of an API: lines 94 and 95, NDJSON and Singer messages; the canary in recordings and reports.
#include "fixture.hpp"

#include <sys/stat.h>

#include <fstream>
#include <sstream>

using namespace sitrep::test;

namespace {

std::string file_text(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// A workspace whose source is a shell script.
class ProgramWorkspace {
 public:
  /// `command` is the inside of the table: "messages = \"singer\"".
  void write(const std::string& script, const std::string& command = "", const std::string& stream = "") {
    folder_.write("tap.sh", "#!/bin/sh\n" + script);
    ::chmod((folder_ / "tap.sh").c_str(), 0755);
    folder_.write("sitrep.toml", "[source.tap]\ncommand = { argv = [\"./tap.sh\"]" + command +
                                     " }\n[[source.tap.stream]]\nname = \"orders\"\nentity = \"ticket\"\n" + stream +
                                     "columns = { subject = \"t\" }\n");
  }
  void trust(const std::string& file) {
    const auto sum = run_program("/usr/bin/sha256sum", {file}, options()).out;
    REQUIRE(run({"trust", "--accept", sum.substr(0, 64), file}).exit_code == 0);
  }
  void trust() {
    trust("sitrep.toml");
    trust("tap.sh");
  }
  RunResult run(const std::vector<std::string>& args) { return run_sitrep(args, options()); }
  RunResult sync(const std::vector<std::string>& more = {}) {
    now_ += 1;
    std::vector<std::string> args = {"sync"};
    args.insert(args.end(), more.begin(), more.end());
    return run(args);
  }
  std::string query(const std::string& sql) {
    const auto out = run({"query", sql, "--format", "csv"}).out;
    const auto line = out.substr(out.find('\n') + 1);
    return line.substr(0, line.find_first_of("\r\n"));
  }
  const TempDir& folder() const { return folder_; }

 private:
  RunOptions options() const {
    RunOptions options;
    options.folder = folder_.path();
    options.environment = {{"SITREP_NOW", "2026-11-16T10:" + std::to_string(10 + now_) + ":00Z"},
                           {"SECRET_OF_OTHERS", k_canary},
                           {"ORDERS_TOKEN", "mine"}};
    options.timeout = std::chrono::seconds{60};
    return options;
  }
  TempDir folder_;
  int now_ = 0;
};

}  // namespace

TEST_CASE("95: a program named in a checkout runs only once it is trusted, and a change of it asks again") {
  ProgramWorkspace workspace;
  workspace.write("touch ran; echo '{\"id\":1,\"t\":\"a\"}'\n");
  const auto refused = workspace.sync();
  CHECK(refused.exit_code == 3);
  CHECK(contains(refused.out + refused.err, "sitrep trust"));
  workspace.trust("sitrep.toml");
  const auto half = workspace.sync();
  CHECK(half.exit_code == 3);
  CHECK(contains(half.out + half.err, "tap.sh is not trusted yet"));
  CHECK_FALSE(std::filesystem::exists(workspace.folder() / "ran"));
  workspace.trust("tap.sh");
  CHECK(workspace.sync().exit_code == 0);
  CHECK(workspace.query("select subject from ticket") == "a");
  std::filesystem::remove(workspace.folder() / "ran");
  workspace.write("touch ran; curl evil.example\n");
  CHECK(workspace.sync().exit_code == 3);
  CHECK_FALSE(std::filesystem::exists(workspace.folder() / "ran"));
  const auto asked = workspace.run({"trust"});
  CHECK(contains(asked.err, "[source.tap] runs: ./tap.sh"));
}

TEST_CASE("95: a program that delivers a secret is held to the same") {
  ProgramWorkspace workspace;
  workspace.folder().write("token.sh", "#!/bin/sh\ntouch ran; echo t\n");
  ::chmod((workspace.folder() / "token.sh").c_str(), 0755);
  workspace.folder().write("sitrep.toml",
                           "[source.api]\nbase_url = \"http://127.0.0.1:9\"\nretry = { max = 0 }\n"
                           "auth.token = { command = [\"./token.sh\"] }\n"
                           "[[source.api.stream]]\nname = \"x\"\nentity = \"ticket\"\n");
  workspace.trust("sitrep.toml");
  CHECK(workspace.sync().exit_code == 3);
  CHECK_FALSE(std::filesystem::exists(workspace.folder() / "ran"));
  workspace.trust("token.sh");
  CHECK(workspace.sync().exit_code == 4);  // nobody listens there
  CHECK(std::filesystem::exists(workspace.folder() / "ran"));
}

TEST_CASE("94: NDJSON records; a line that is none is rejected, not lost; the environment is a short list") {
  ProgramWorkspace workspace;
  workspace.write(
      "echo '{\"id\":1,\"t\":\"'\"$SITREP_STREAM $ORDERS_TOKEN $SECRET_OF_OTHERS\"'\"}'\necho 'rubbish'\n"
      "echo\nprintf '{\"id\":2,\"t\"'\n",
      ", environment = [\"ORDERS_TOKEN\"]");
  workspace.trust();
  const auto result = workspace.sync();
  INFO(result.out << result.err);
  CHECK(result.exit_code == 0);
  CHECK(workspace.query("select subject from ticket") == "\"orders mine \"");
  CHECK(workspace.query("select count(*) from reject") == "2");
  CHECK_FALSE(contains(file_text(workspace.folder() / ".sitrep/store.db"), k_canary));
}

TEST_CASE("94: a program that hangs, floods, fails, dies or says nothing but errors; what is stored stays") {
  ProgramWorkspace workspace;
  workspace.write("echo '{\"id\":1,\"t\":\"a\"}'\n");
  workspace.trust();
  REQUIRE(workspace.sync().exit_code == 0);
  struct Case {
    std::string name, script, command, says;
  };
  const Case cases[] = {
      {"hangs and ignores SIGTERM", "trap '' TERM\nsleep 60 & sleep 60\n", ", timeout = \"300ms\"",
       "did not finish within 0.3 s"},
      {"floods", "while :; do echo '{\"id\":1}'; done\n", ", output_bytes = 100000", "printed more than 100,000 bytes"},
      {"forks a child that stays", "(sleep 60; touch late) &\necho '{\"id\":'; exit 3\n", "", "exited with status 3"},
      {"dies by a signal", "kill -SEGV $$\n", "", "was killed by signal 11"},
      {"writes to standard error only", "printf 'no \\033[31mtoken\\n' >&2\n", "",
       "printed nothing but errors: no \\x1b[31mtoken"},
      {"eats memory", "exec head -c 900000000 /dev/zero | tail\n", ", memory_bytes = 100000000", "'./tap.sh'"},
  };
  for (const auto& c : cases) {
    INFO(c.name);
    workspace.write(c.script, c.command);
    workspace.trust();
    const auto start = std::chrono::steady_clock::now();
    const auto result = workspace.sync();
    INFO(result.out << result.err);
    CHECK(result.exit_code == 4);
    CHECK(contains(result.out + result.err, c.says));
    CHECK(workspace.query("select subject from ticket") == "a");
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{20});
  }
  CHECK_FALSE(std::filesystem::exists(workspace.folder() / "late"));
}

TEST_CASE("94: Singer messages: records by stream, the key that the tap names, no message is an error") {
  ProgramWorkspace workspace;
  workspace.write(
      "cat <<'END'\n"
      "{\"type\":\"SCHEMA\",\"stream\":\"orders\",\"schema\":{\"properties\":{}},\"key_properties\":[\"nr\"]}\n"
      "{\"type\":\"RECORD\",\"stream\":\"orders\",\"record\":{\"id\":1,\"t\":\"a\"}}\n"
      "{\"type\":\"RECORD\",\"stream\":\"others\",\"record\":{\"id\":9}}\n"
      "{\"type\":\"ACTIVATE_VERSION\",\"stream\":\"orders\",\"version\":1}\n"
      "{\"type\":\"STATE\",\"value\":{\"bookmarks\":{\"orders\":\"2026-11-16\"}}}\n"
      "{\"type\":\"RECORD\",\"stream\":\"orders\",\"record\":{\"id\":2,\"t\":\"b\"}}\nEND\n",
      ", messages = \"singer\"");
  workspace.trust();
  const auto result = workspace.sync();
  INFO(result.out << result.err);
  CHECK(result.exit_code == 0);
  CHECK(workspace.query("select count(*) from ticket") == "2");
  CHECK(contains(result.out + result.err, "the program says that the key of 'orders' is nr"));
  workspace.write("echo '{\"type\":\"RECORD\",\"stream\":\"orders\",\"record\":{\"id\":3}}'\necho 'INFO starting'\n",
                  ", messages = \"singer\"");
  workspace.trust();
  const auto rubbish = workspace.sync();
  CHECK(rubbish.exit_code == 4);
  CHECK(contains(rubbish.out + rubbish.err, "no Singer message, line 2 is no JSON: INFO starting"));
  CHECK(workspace.query("select count(*) from ticket") == "2");
}

TEST_CASE("94: Singer's STATE is kept and handed back at the next run; --full starts from nothing") {
  ProgramWorkspace workspace;
  // A tap that counts: its state is the last number that it gave.
  workspace.write(
      "from=0\n[ \"$1\" = --state ] && from=$(sed 's/[^0-9]//g' \"$2\") && cp \"$2\" seen.json\n"
      "echo '{\"type\":\"SCHEMA\",\"stream\":\"orders\",\"schema\":{},\"key_properties\":[\"id\"]}'\n"
      "to=$((from + 2))\nwhile [ $from -lt $to ]; do from=$((from + 1))\n"
      "echo "
      "\"{\\\"type\\\":\\\"RECORD\\\",\\\"stream\\\":\\\"orders\\\",\\\"record\\\":{\\\"id\\\":$from,\\\"t\\\":\\\"n$"
      "from\\\"}}\"\ndone\n"
      "echo \"{\\\"type\\\":\\\"STATE\\\",\\\"value\\\":{\\\"last\\\":$from}}\"\n",
      ", messages = \"singer\"");
  workspace.trust();
  const auto first = workspace.sync();
  INFO(first.out << first.err);
  REQUIRE(first.exit_code == 0);
  CHECK(workspace.query("select group_concat(id) from (select id from ticket order by id)") == "\"1,2\"");
  CHECK_FALSE(std::filesystem::exists(workspace.folder() / "seen.json"));
  REQUIRE(workspace.sync().exit_code == 0);
  CHECK(file_text(workspace.folder() / "seen.json") == "{\"last\":2}");
  CHECK(workspace.query("select group_concat(id) from (select id from ticket order by id)") == "\"1,2,3,4\"");
  REQUIRE(workspace.sync().exit_code == 0);
  CHECK(workspace.query("select count(*) from ticket") == "6");
  // A run that fails keeps the state of the last good one.
  workspace.write("echo '{\"type\":\"STATE\",\"value\":{\"last\":99}}'\nexit 1\n", ", messages = \"singer\"");
  workspace.trust();
  CHECK(workspace.sync().exit_code == 4);
  workspace.write("cp \"$2\" seen.json\n", ", messages = \"singer\"");
  workspace.trust();
  workspace.sync();
  CHECK(file_text(workspace.folder() / "seen.json") == "{\"last\":6}");
  std::filesystem::remove(workspace.folder() / "seen.json");
  workspace.sync({"--full"});
  CHECK_FALSE(std::filesystem::exists(workspace.folder() / "seen.json"));
}

TEST_CASE("70: no secret in recordings, in what is replayed from them, nor in reports") {
  FaultWorkspace workspace;
  workspace.serve([](const Received& request) {
    const auto said = request.header("Authorization");
    return Reply::json(request.query("cursor").empty() ? "{\"incidents\":[{\"id\":\"a\",\"name\":\"fine\",\"echo\":\"" +
                                                             said + "\"}],\"next\":\"2\"}"
                                                       : page({"b"}),
                       {{"X-Echo", said}, {"Set-Cookie", "session=" + said}});
  });
  workspace.sync();
  const auto recorded = workspace.run({"source", "record", "api", "recordings"});
  INFO(recorded.said);
  REQUIRE(recorded.exit_code == 0);
  const auto first = file_text(workspace.folder() / "recordings/api/0001.http");
  CHECK(contains(first, "Bearer ***"));
  CHECK(contains(first, "\"name\":\"fine\""));
  CHECK_FALSE(contains(first, "Cookie"));
  const auto requests = workspace.server().requests().size();
  workspace.environment.clear();  // neither token nor network
  const auto replayed = workspace.run({"sync", "--replay", "recordings", "--store", "other.db"});
  INFO(replayed.said);
  CHECK(replayed.exit_code == 0);
  CHECK(workspace.server().requests().size() == requests);
  const auto ids = workspace.run({"query", "select group_concat(id) from incident", "--store", "other.db"});
  CHECK(contains(ids.out, "a,b"));
  workspace.run({"source", "test", "api", "-v"});
  workspace.run({"report", "weekly-health", "-o", "report.html", "-o", "report.json"});
  workspace.run({"doctor"});
  for (const auto& entry : std::filesystem::recursive_directory_iterator(workspace.folder().path())) {
    if (!entry.is_regular_file()) continue;
    INFO(entry.path());
    CHECK_FALSE(contains(file_text(entry.path()), k_canary));
  }
}

TEST_CASE("a replay of recordings that lack a page says so, and one of nothing is refused") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(page({"a"}))});
  workspace.sync();
  CHECK(workspace.run({"sync", "--replay", "nowhere"}).exit_code == 2);
  REQUIRE(workspace.run({"source", "record", "api", "recordings"}).exit_code == 0);
  std::filesystem::remove(workspace.folder() / "recordings/api/0001.http");
  const auto result = workspace.run({"sync", "--replay", "recordings"});
  CHECK(result.exit_code == 4);
  CHECK(contains(result.said, "no recording of this request is left"));
}
