#include "base/file.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

struct Workspace {
  test::TempDir folder;
  Workspace() {
    folder.write("sitrep.toml",
                 "[workspace]\nname = \"x\"\n[entity.migration]\nkey = [\"name\"]\nlinks = { service = \"service\" }\n"
                 "columns = { name = \"text\", service = \"text\", percent = \"real\" }\n");
  }
  test::RunResult run(const std::vector<std::string>& args, const std::string& input = {}) const {
    return test::run_sitrep(args, {.folder = folder.path(), .environment = {}, .input = input});
  }
  std::string rows(const std::string& sql) const { return run({"query", sql, "--format", "csv"}).out; }
};

}  // namespace

TEST_CASE("sitrep import reads JSON, NDJSON and CSV by the names of columns; the rest goes to extra") {
  struct Case {
    std::string name, file, text;
  };
  const Case cases[] = {
      {"a JSON list", "a.json",
       R"([{"id":7,"title":"a","started_at":"2026-11-01T00:00:00Z","zone":"eu","extra":{"k":1}},{"id":"8","title":"b"}])"},
      {"NDJSON", "a.ndjson",
       "{\"extra\":{\"k\":1},\"id\":7,\"title\":\"a\",\"started_at\":1793491200,\"zone\":\"eu\"}\n\n{\"id\":\"8\","
       "\"title\":\"b\"}\n"},
      {"our own --json", "a.json",
       R"({"schema":"sitrep.incident/1","as_of":"2026-11-01T00:00:00Z","rows":[{"source":"s","observed_at":"2026-11-01T00:00:00Z","id":"7","title":"a","started_at":"2026-11-01T00:00:00Z","extra":{"k":1,"zone":"eu"}},{"id":"8","title":"b","started_at":null}]})"},
      {"standard input", "-",
       R"([{"id":7,"title":"a","started_at":"2026-11-01T00:00:00Z","zone":"eu","extra":{"k":1}},{"id":"8","title":"b"}])"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const Workspace workspace;
    if (c.file != "-") workspace.folder.write(c.file, c.text);
    const auto result =
        workspace.run({"import", "incident", c.file, "--json", "--fields", "source,added,unchanged"}, c.text);
    CAPTURE(result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find(R"({"source":"import","added":2,"unchanged":0})") != std::string::npos);
    CHECK(workspace.rows("select id, title, started_at, extra ->> 'zone', extra ->> 'k' from incident order by id") ==
          "id,title,started_at,extra ->> 'zone',extra ->> 'k'\n7,a,1793491200,eu,1\n8,b,,,\n");
    const auto again = workspace.run({"import", "incident", c.file, "--json", "--fields", "added,unchanged"}, c.text);
    CHECK(again.out.find(R"({"added":0,"unchanged":2})") != std::string::npos);
  }
  const Workspace workspace;
  const auto csv = workspace.run(
      {"import", "incident", "-"},
      "\xEF\xBB\xBFid,title,zone,started_at\r\n7,\"a, \"\"quoted\"\"\nline\",eu,2026-11-01T00:00:00Z\r\n8,b,,\r\n");
  CHECK(csv.exit_code == 0);
  CHECK(workspace.rows("select id, title, started_at, extra from incident order by id") ==
        "id,title,started_at,extra\n7,\"a, \"\"quoted\"\"\nline\",1793491200,\"{\"\"zone\"\":\"\"eu\"\"}\"\n8,b,,\n");
}

TEST_CASE("sitrep import reads lists and objects of a CSV where the column holds them, our own CSV included") {
  const Workspace workspace;
  const auto import = [&](const std::string& entity, const std::string& text) {
    const auto result = workspace.run({"import", entity, "-", "--json", "--fields", "added,changed,unchanged"}, text);
    CAPTURE(result.err);
    CHECK(result.exit_code == 0);
    return result.out;
  };
  import("service", "id,name,aliases,team\n1,checkout,\"[\"\"co\"\",\"\"pay\"\"]\",[core]\n");
  CHECK(workspace.rows("select name, team from service_name order by name") ==
        "name,team\ncheckout,[core]\nco,[core]\npay,[core]\n");
  import("incident", R"([{"id":1,"title":"t","started_at":"2026-08-30","extra":{"k":1},"foo":2}])");
  // What stood in extra and what stood beside it are one, whichever it was.
  CHECK(import("incident", R"([{"id":1,"title":"t","started_at":"2026-08-30","foo":2,"k":1}])")
            .find(R"({"added":0,"changed":0,"unchanged":1})") != std::string::npos);
  const auto csv = workspace.run({"incident", "list", "--format", "csv"});
  CHECK(import("incident", csv.out).find(R"({"added":0,"changed":0,"unchanged":1})") != std::string::npos);
}

TEST_CASE("sitrep import keeps every key of a record that sitrep did not write, whatever it is called") {
  const Workspace workspace;
  const auto extra = [&](const std::string& text) {
    CHECK(workspace.run({"import", "incident", "-"}, text).exit_code == 0);
    return workspace.rows("select title, url, extra from incident");
  };
  CHECK(
      extra(R"([{"id":"1","title":"t","source":"datadog","deleted_at":"2026-01-01","extra":{"title":"was","k":1}}])") ==
      "title,url,extra\nt,,\"{\"\"deleted_at\"\":\"\"2026-01-01\"\",\"\"extra.title\"\":\"\"was\"\",\"\"k\"\":1,"
      "\"\"source\"\":\"\"datadog\"\"}\"\n");
  CHECK(extra(R"([{"id":"1","title":"t","extra":{"url":"https://x.test","id":"7"}}])") ==
        "title,url,extra\nt,,\"{\"\"extra.id\"\":\"\"7\"\",\"\"extra.url\"\":\"\"https://x.test\"\"}\"\n");
  CHECK(extra("id,title,\"Disk (3.5\"\")\",back\\slash\n1,t,5,6\n") ==
        "title,url,extra\nt,,\"{\"\"Disk (3.5\\\"\")\"\":\"\"5\"\",\"\"back\\\\slash\"\":\"\"6\"\"}\"\n");
}

TEST_CASE("sitrep import of a file without records is a state without records") {
  for (const std::string file : {"e.ndjson", "e.json", "e.csv"}) {
    CAPTURE(file);
    const Workspace workspace;
    workspace.folder.write(file, file == "e.json" ? "[]" : file == "e.csv" ? "id,title\n" : "");
    CHECK(workspace.run({"import", "incident", "-", "--snapshot"}, R"([{"id":"1","title":"t"}])").exit_code == 0);
    const auto changes = workspace.run({"import", "incident", file});
    CHECK(changes.exit_code == 0);
    CHECK(workspace.rows("select count(*) from incident") == "count(*)\n1\n");
    CHECK(workspace.run({"import", "incident", file, "--snapshot"}).exit_code != 0);  // a list that shrinks
    CHECK(workspace.run({"import", "incident", file, "--snapshot", "--allow-shrink"}).exit_code == 0);
    CHECK(workspace.rows("select count(*) from incident") == "count(*)\n0\n");
  }
}

TEST_CASE("sitrep import refuses a CSV in another encoding or with other separators, by line and column") {
  const Workspace workspace;
  const auto refusal = [&](const std::string& text) {
    workspace.folder.write("l.csv", text);
    const auto result = workspace.run({"import", "launch_review", "l.csv"});
    CHECK(result.exit_code == 6);
    return result.err;
  };
  CHECK(
      refusal("id,title,owner\n1,x,J\xfcrgen\n") ==
      "sitrep: error: l.csv:2: column 'owner' is not UTF-8 (byte 0xFC); save the file as UTF-8 and import it again\n");
  CHECK(
      refusal("id,gr\xf6sse\n1,x\n") ==
      "sitrep: error: l.csv:1: a column's name is not UTF-8 (byte 0xF6); save the file as UTF-8 and import it again\n");
  CHECK(refusal("id;title\n1;x\n") ==
        "sitrep: error: l.csv:1: has one column, 'id;title'; the fields of a CSV file are separated by commas\n");
  CHECK(workspace.rows("select count(*) from launch_review") == "count(*)\n0\n");
}

TEST_CASE("history and diff name the source where an entity has several") {
  const Workspace workspace;
  const auto import = [&](const std::string& title, const std::string& source, const std::string& at) {
    CHECK(workspace
              .run({"import", "incident", "-", "--source", source, "--observed-at", at, "-q"},
                   R"([{"id":"1","title":")" + title + "\"}]")
              .exit_code == 0);
  };
  const auto out = [&](const std::vector<std::string>& args) { return workspace.run(args).out; };
  const std::vector<std::string> history = {"history", "incident", "1"},
                                 diff = {"diff", "--since", "2026-09-03", "--until", "2026-09-06"};
  import("A", "pager", "2026-09-01");
  import("A2", "pager", "2026-09-05");
  CHECK(out(history).find("pager") == std::string::npos);
  CHECK(out(diff).find("pager") == std::string::npos);
  import("B", "desk", "2026-09-02");
  CHECK(out(history).find("desk") != std::string::npos);
  CHECK(out(history).find("pager") != std::string::npos);
  CHECK(out(diff).find("pager") != std::string::npos);
}

TEST_CASE("sitrep import takes own entities by their key and series by theirs") {
  const Workspace workspace;
  CHECK(workspace.run({"import", "migration", "-"}, "name,service,percent\nledger,api,12.5\n").exit_code == 0);
  CHECK(workspace.rows("select id, service, percent from migration") == "id,service,percent\nledger,api,12.5\n");
  // A number of the file's own beside the key tells no records apart.
  CHECK(workspace.run({"import", "migration", "-"}, "id,name,service,percent\n9,ledger,api,13\n,wallet,api,1\n")
            .exit_code == 0);
  CHECK(workspace.rows("select id, percent from migration order by id") == "id,percent\nledger,13\nwallet,1\n");
  CHECK(
      workspace.run({"import", "measure", "-"}, "name,at,value\nusers,2026-11-01,5\nusers,2026-11-02,6\n").exit_code ==
      0);
  CHECK(workspace.run({"import", "measure", "-"}, "name,at,value\nusers,2026-11-02,7\n").exit_code == 0);
  CHECK(workspace.rows("select name, value from measure order by at") == "name,value\nusers,5\nusers,7\n");
}

TEST_CASE("sitrep import refuses what it cannot read, and leaves the store as it was") {
  struct Case {
    std::string name, file, text;
    std::vector<std::string> more;
    int exit_code;
    std::string message;
  };
  const Workspace workspace;
  REQUIRE(workspace.run({"import", "incident", "-"}, R"([{"id":1},{"id":2},{"id":3},{"id":4},{"id":5},{"id":6}])")
              .exit_code == 0);
  const auto before = workspace.run({"store", "export"}).out;
  const Case cases[] = {
      {"broken JSON", "a.json", "[{\"id\":1},", {}, 6, "a.json:1:"},
      {"a broken line", "a.ndjson", "{\"id\":9}\n{\"id\":\n", {}, 6, "a.ndjson:2: is not JSON"},
      {"lines that are whole only together",
       "a.ndjson",
       "{\"id\":9},\n{\"id\":10}\n",
       {},
       6,
       "a.ndjson:1: is not JSON"},
      {"a row that is too long", "a.csv", "id,title\n9,b,c\n", {}, 6, "a.csv:2: has 3 fields and the header 2"},
      {"two columns of one name", "a.csv", "id,id\n9,b\n", {}, 6, "a.csv:1: two columns are named 'id'"},
      {"an object of lists",
       "a.json",
       R"({"as_of":1,"reviews":[{"id":9}]})",
       {},
       6,
       "--select: there are lists at reviews"},
      {"nothing but rejects", "a.json", R"([{"title":"no id"}])", {}, 6, "every record is rejected"},
      {"a snapshot that lacks most",
       "a.json",
       R"([{"id":1}])",
       {"--snapshot"},
       6,
       "import.incident would delete 5 of 6 records: the snapshot holds 1"},
      {"the future", "a.json", "[]", {"--observed-at", "2027-01-01"}, 2, "is in the future"},
      {"another entity", "a.json", "[]", {"--source", "nowhere", "--stream", "x"}, 2, "no source 'nowhere'"},
      {"no file", "none.json", "", {}, 2, "none.json"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    if (c.name != "no file") workspace.folder.write(c.file, c.text);
    std::vector<std::string> args = {"import", "incident", c.file};
    args.insert(args.end(), c.more.begin(), c.more.end());
    const auto result = workspace.run(args);
    CHECK(result.exit_code == c.exit_code);
    CAPTURE(result.err);
    CHECK(result.err.find(c.message) != std::string::npos);
    CHECK(result.out.empty());
    CHECK(workspace.run({"store", "export"}).out == before);
  }
}

TEST_CASE("sitrep store export, import and forget") {
  const Workspace workspace;
  REQUIRE(workspace.run({"import", "milestone", "-"}, R"([{"id":1,"owner":"dana","title":"ask Dana"}])").exit_code ==
          0);
  REQUIRE(workspace.run({"note", "add", "x", "mine", "--author", "dana"}).exit_code == 0);
  REQUIRE(workspace.run({"store", "export", "-o", "x.ndjson"}).exit_code == 0);
  const auto copied = workspace.run({"--store", "copy.db", "store", "import", "x.ndjson"});
  CHECK(copied.exit_code == 0);
  CHECK(copied.err == "2 streams, 2 versions, 0 samples\n");
  CHECK(workspace.run({"--store", "copy.db", "store", "export"}).out == read_file(workspace.folder / "x.ndjson"));
  CHECK(workspace.run({"store", "import", "x.ndjson"}).exit_code == 5);

  const auto looked = workspace.run({"store", "forget", "dana", "--dry-run", "--format", "csv"});
  CHECK(looked.out ==
        "where,column,values,state\nmilestone,title,1,would be removed\nmilestone,owner,1,would be removed\n"
        "note,text,1,would be removed\nnote,author,1,would be removed\n");
  CHECK(workspace.run({"store", "export"}).out == read_file(workspace.folder / "x.ndjson"));
  const auto forgot = workspace.run({"store", "forget", "dana"});
  CHECK(forgot.exit_code == 0);
  CHECK(forgot.err.find("4 values without 'dana' now") != std::string::npos);
  CHECK(workspace.run({"store", "export"}).out.find("ana") == std::string::npos);
  CHECK(workspace.run({"store", "forget", "dana"}).err == "'dana' is nowhere in the store\n");
}

TEST_CASE("an own entity whose declaration changes says what it does, once") {
  const Workspace workspace;
  REQUIRE(workspace.run({"import", "migration", "-"}, "name,percent\nledger,12.5\n").exit_code == 0);
  workspace.folder.write("sitrep.toml",
                         "[workspace]\nname = \"x\"\n[entity.migration]\nkey = [\"name\"]\n"
                         "columns = { name = \"text\", percent = \"integer\", team = \"text\" }\n");
  const auto result = workspace.run({"import", "migration", "-"}, "name,team\nother,core\n");
  CHECK(result.exit_code == 0);
  CHECK(result.err.find(
            "entity migration: column percent is integer now, was real: 1 value converted, of which 1 did not "
            "fit and is kept in extra.\"$was\"\n") != std::string::npos);
  CHECK(result.err.find("entity migration: column team is new\n") != std::string::npos);
  CHECK(workspace.rows("select id, extra from migration order by id") ==
        "id,extra\nledger,\"{\"\"$was\"\":{\"\"percent\"\":12.5}}\"\nother,\n");
  CHECK(workspace.run({"import", "migration", "-"}, "name,team\nother,core\n").err.empty());
}
