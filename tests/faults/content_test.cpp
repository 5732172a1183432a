// What a body says: lines 27 to 37, 40 and 41.
#include "fixture.hpp"

using namespace sitrep::test;

namespace {

/// Syncs one page of raw JSON into an empty store; the sync must succeed.
struct Loaded {
  FaultWorkspace workspace;
  SyncResult result;

  explicit Loaded(const std::string& body, const std::string& stream = FaultWorkspace::default_stream(),
                  const std::string& source = "") {
    workspace.stream = stream;
    workspace.source = source;
    workspace.serve({Reply::json(body)});
    result = workspace.sync();
    INFO(result.said);
    REQUIRE(result.exit_code == 0);
  }
};

}  // namespace

TEST_CASE("27: the content type is not believed, the body is read") {
  for (const auto* type : {"", "text/plain", "text/html", "application/octet-stream"}) {
    INFO(std::string(type));
    FaultWorkspace workspace;
    workspace.serve(
        {Reply::status(200, page({"a"}), type[0] == '\0' ? Reply::Headers{} : Reply::Headers{{"Content-Type", type}})});
    CHECK(workspace.sync().exit_code == 0);
    CHECK(workspace.count("select count(*) from incident") == 1);
  }
}

TEST_CASE("28: a sign-in page is a matter of credentials, not data") {
  const std::string html =
      "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form></form></body></html>";
  const Fault faults[] = {
      {"28: HTML", {Reply::status(200, html, {{"Content-Type", "text/html"}})}, 9, {"sign-in page"}, 1},
      {"28: HTML labelled JSON", {Reply::json(html)}, 9, {"sign-in page"}, 1},
      {"28: HTML behind blanks", {Reply::json("\n\n  " + html)}, 9, {"sign-in page"}, 1},
      {"28: after a redirect",
       {Reply::status(302, "", {{"Location", "/login"}}), Reply::status(200, html)},
       9,
       {"sign-in page"},
       2},
      {"28: redirect to another host",
       {Reply::status(302, "", {{"Location", "https://sso.invalid/login"}})},
       9,
       {"sign-in page"},
       1},
  };
  check_fails(faults);
}

TEST_CASE("29, 34: sync refuses every kind of invalid JSON and says where") {
  struct Case {
    std::string name;
    std::string body;
    std::string where;  ///< line:column
  };
  const Case cases[] = {
      {"nothing but a word", "ok", "line 1, column 1:"},
      {"trailing comma in an array", "{\"incidents\":[{\"id\":\"a\"},]}", "line 1, column "},
      {"trailing comma in an object", "{\"incidents\":[{\"id\":\"a\",}]}", "line 1, column "},
      {"missing comma", "{\"incidents\":[{\"id\":\"a\"}\n{\"id\":\"b\"}]}", "line 2, column 1:"},
      {"missing colon", "{\"incidents\" []}", "line 1, column "},
      {"single quotes", "{'incidents':[]}", "line 1, column 2:"},
      {"bare key", "{incidents:[]}", "line 1, column 2:"},
      {"comment", "{\"incidents\":[]}// x", "line 1, column "},
      {"two documents", "{\"incidents\":[]}{\"incidents\":[]}", "line 1, column "},
      {"unclosed string", "{\"incidents\":[{\"id\":\"a}]}", "line 1, column "},
      {"unclosed array", "{\"incidents\":[", "line 1, column "},
      {"wrong bracket", "{\"incidents\":[}}", "line 1, column "},
      {"bad escape", "{\"incidents\":[{\"id\":\"\\x\"}]}", "line 1, column "},
      {"raw line break in a string", "{\"incidents\":[{\"id\":\"a\nb\"}]}", "line 1, column "},
      {"leading zero", "{\"incidents\":[{\"id\":01}]}", "line 1, column "},
      {"plus sign", "{\"incidents\":[{\"id\":+1}]}", "line 1, column "},
      {"point without digits", "{\"incidents\":[{\"id\":1.}]}", "line 1, column "},
      {"upper-case literal", "{\"incidents\":[{\"id\":TRUE}]}", "line 1, column "},
      {"NaN", "{\"incidents\":[{\"id\":\"a\",\"x\":NaN}]}", "line 1, column "},
      {"Infinity", "{\"incidents\":[{\"id\":\"a\",\"x\":-Infinity}]}", "line 1, column "},
      {"NUL outside of a string", std::string("{\"incidents\":[]\0}", 17), "line 1, column "},
  };
  std::vector<Fault> faults;
  for (const auto& c : cases) faults.push_back({"29: " + c.name, {Reply::json(c.body)}, 4, {c.where}, 1, ""});
  check_fails(faults);
}

TEST_CASE("30: of a key that comes twice the last one wins") {
  const Loaded loaded(raw_page(R"({"id":"a","name":"first","name":"second"})"));
  CHECK(loaded.workspace.query("select title from incident") == "second");
  CHECK(loaded.workspace.query("select json_extract(notes, '$.duplicate_keys') from sync_run") == "1");
}

TEST_CASE("31: a byte order mark is skipped, UTF-16 refused") {
  const Loaded loaded("\xef\xbb\xbf" + page({"a"}));
  CHECK(loaded.workspace.query("select id from incident") == "a");
  std::string utf16 = "\xff\xfe";
  for (const char c : page({"a"})) utf16 += {c, '\0'};
  const Fault fault[] = {{"31: UTF-16", {Reply::json(utf16)}, 4, {}, 1, ""}};
  check_fails(fault);
}

TEST_CASE("32: sync survives nesting of any depth, on a small stack too") {
  const auto deep = [](const std::string& open, const std::string& close) {
    std::string body = "{\"incidents\":[{\"id\":\"a\",\"x\":";
    for (int i = 0; i < 100'000; ++i) body += open;
    for (int i = 0; i < 100'000; ++i) body += close;
    return body + "}]}";
  };
  const Fault faults[] = {
      {"32: arrays", {Reply::json(deep("[", "]"))}, 4, {"deep"}, 1},
      {"32: open arrays", {Reply::json(deep("[", ""))}, 4, {}, 1},
      {"32: objects", {Reply::json(deep("{\"a\":", "}"))}, 4, {}, 1},
      {"32: open objects", {Reply::json(deep("{\"a\":", ""))}, 4, {}, 1},
  };
  check_fails(faults);

  FaultWorkspace workspace;
  workspace.fill();
  workspace.serve({Reply::json(deep("[", "]"))});
  RunOptions options;
  options.folder = workspace.folder().path();
  options.environment = workspace.environment;
  const auto result =
      run_program("/bin/sh", {"-c", "ulimit -s 256; exec '" + sitrep_binary().native() + "' sync"}, options);
  INFO(result.err);
  CHECK(result.exit_code == 4);
}

TEST_CASE("33: integers are exact, two ids one apart stay two, what does not fit is rejected") {
  const Loaded loaded(raw_page(R"({"id":9007199254740993,"name":"a"},{"id":9007199254740992,"name":"b"},
                                  {"id":9223372036854775807,"name":"c"},{"id":18446744073709551616,"name":"d"},
                                  {"id":"e","name":"e","n":1e400},{"id":-0,"name":"f"})"));
  CHECK(loaded.workspace.query("select title from incident where id='9007199254740993'") == "a");
  CHECK(loaded.workspace.query("select title from incident where id='9007199254740992'") == "b");
  CHECK(loaded.workspace.query("select title from incident where id='9223372036854775807'") == "c");
  CHECK(loaded.workspace.count("select (select count(*) from incident) + (select count(*) from reject)") == 6);
  CHECK(loaded.workspace.count(
            "select count(*) from incident where id in ('1.8446744073709552e19','18446744073709551615')") == 0);
}

TEST_CASE("35: bytes that are not UTF-8 never reach the store as they are") {
  for (const std::string bad :
       {"\xff", "\xc0\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x80", "\\ud800", "\\udc00x"}) {
    INFO("first byte: " << int{static_cast<unsigned char>(bad.front())});
    FaultWorkspace workspace;
    workspace.fill();
    const auto before = workspace.contents();
    workspace.serve({Reply::json(raw_page("{\"id\":\"a\",\"name\":\"x" + bad + "y\"},{\"id\":\"b\"},{\"id\":\"c\"}"))});
    const auto result = workspace.sync();
    INFO(result.said);
    if (result.exit_code == 0) {
      // Repaired (visible as U+FFFD) or the record rejected and counted, never kept.
      const auto title = workspace.query("select title from incident where id='a'");
      CHECK((contains(title, "\xef\xbf\xbd") || workspace.count("select count(*) from reject") == 1));
    } else {
      CHECK(result.exit_code == 4);
      CHECK(workspace.contents() == before);
    }
  }
}

TEST_CASE("35: half a surrogate pair is U+FFFD, and counted") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(raw_page(R"({"id":"a","name":"x\ud800y"},{"id":"b","name":"\udc00"})"))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.query("select title from incident where id='a'") == "x\xef\xbf\xbdy");
  CHECK(workspace.query("select json_extract(notes, '$.lone_surrogates') from sync_run") == "2");
  CHECK(contains(workspace.run({"query", "select title from incident where id='b'"}).out, "\xef\xbf\xbd"));
}

TEST_CASE("36: control characters are stored whole and shown escaped") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(raw_page(R"({"id":"a","name":"x\u0000y\u001b[2Jz\u009b\u202e"})"))});
  const auto result = workspace.sync();
  INFO(result.said);
  REQUIRE(result.exit_code == 0);
  CHECK(workspace.query("select hex(title) from incident") == "7800791B5B324A7AC29BE280AE");
  const auto shown = workspace.run({"incident", "show", "a"});
  CHECK(shown.exit_code == 0);
  CHECK_FALSE(contains(shown.out, "\xe2\x80\xae"));
}

TEST_CASE("37: a page of 200,000 records, a record of 5,000 fields and a string of 64 MiB pass whole") {
  const std::string patient = "timeouts = { idle = \"60s\", total = \"120s\" }\n";
  std::string records;
  for (int i = 0; i < 200'000; ++i) records += (i > 0 ? "," : "") + std::string("{\"id\":") + std::to_string(i) + "}";
  const Loaded many(raw_page(records), FaultWorkspace::default_stream(), patient);
  CHECK(many.workspace.count("select count(*) from incident") == 200'000);

  std::string wide = "{\"id\":\"a\"";
  for (int i = 0; i < 5'000; ++i) wide += ",\"f" + std::to_string(i) + "\":" + std::to_string(i);
  const Loaded fields(raw_page(wide + "}"));
  CHECK(fields.workspace.count("select count(*) from incident") == 1);

  constexpr std::size_t k_long = std::size_t{64} << 20;
  const Loaded text(raw_page("{\"id\":\"a\",\"name\":\"" + std::string(k_long, 'x') + "\"}"),
                    FaultWorkspace::default_stream(), patient);
  CHECK(text.workspace.count("select length(title) from incident") == k_long);
}

TEST_CASE("37: what is larger than the limit is refused by its name") {
  const Fault fault[] = {{"37: a string above the limit",
                          {Reply::json(raw_page("{\"id\":\"a\",\"name\":\"" + std::string(3'000'000, 'x') + "\"}"))},
                          4,
                          {"max_bytes"},
                          1,
                          ""}};
  check_fails(fault);
}

TEST_CASE("40: a field that changes its type keeps its value") {
  FaultWorkspace workspace;
  workspace.serve(
      {Reply::json(R"({"incidents":[{"id":"a","name":"text"}],"next":"2"})"),
       Reply::json(R"({"incidents":[{"id":"b","name":5},{"id":"c","name":{"deep":1}},{"id":"d","name":[1,2]}]})")});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.query("select title from incident where id='b'") == "5");
  for (const std::string id : {"c", "d"}) {
    const auto kept =
        workspace.query("select coalesce(title,'')||coalesce(extra,'') from incident where id='" + id + "'");
    CHECK((contains(kept, "deep") || contains(kept, "1,2") || contains(kept, "[1")));
  }
}

TEST_CASE("40: fields that are new, gone or of another type are told once and kept in sync_run") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(raw_page(R"({"id":"a","name":"x","old":1})"))});
  CHECK(workspace.sync().exit_code == 0);
  workspace.serve({Reply::json(raw_page(R"({"id":"a","name":{"en":"x"},"sla":5})"))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(contains(result.said, "field 'name' is object, was string"));
  CHECK(contains(result.said, "field 'old' is gone (was number)"));
  CHECK(contains(result.said, "new field 'sla' (number)"));
  CHECK(workspace.query("select json_array_length(notes, '$.fields') from sync_run order by started_at desc") == "3");
  CHECK_FALSE(contains(workspace.sync().said, "new field"));
}

TEST_CASE("41: odd keys break nothing and mapped ones are found") {
  const std::string stream = R"(
[source.api.stream.columns]
title = '"a.b"'
service = "select"
team = "Name"
owner_name = "name"
)";
  const Loaded loaded(
      raw_page(
          R"({"id":"a","":1,"select":"s","a\"b":2,"a.b":"dotted","Name":"N","name":"n","x'; drop table incident;--":3,")" +
          std::string(10'000, 'k') + R"(":4})"),
      stream);
  const auto& workspace = loaded.workspace;
  CHECK(workspace.query("select title from incident") == "dotted");
  CHECK(workspace.query("select service from incident") == "s");
  CHECK(workspace.query("select team from incident") == "N");
  CHECK(workspace.query("select extra->>'owner_name' from incident") == "n");
}
