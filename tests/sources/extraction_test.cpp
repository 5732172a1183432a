#include "sources/extraction.hpp"

#include <doctest/doctest.h>

#include "json/writer.hpp"
#include "sources/support.hpp"

using namespace sitrep;
using namespace sitrep::sources;

namespace {

// A stream, its mapping and one page; rows are shown as text so that a case reads in one line.
struct Run {
  explicit Run(std::string_view stream_toml, std::string_view body)
      : stream(test::stream_of(stream_toml)),
        mapping(make_mapping(stream, [](std::string_view name) { return model::find_built_in(name); })),
        extractor(stream, mapping),
        result(extractor.extract(json::parse_page(document, body, extractor.data_selector(), extractor.records_in()))) {
  }

  static std::string cell_text(const model::Cell& cell) {
    if (const auto* text = std::get_if<std::string_view>(&cell)) return std::string(*text);
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
    json::Writer writer;
    return writer.value(std::get<double>(cell)).take();
  }

  static std::string show(const model::RowBatch& rows, const model::Entity& entity) {
    std::string out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = rows.row(i);
      out += std::string(row.id) + ":";
      for (std::size_t c = 0; c < row.cells.size(); ++c) {
        if (!model::is_null(row.cells[c])) out += " " + entity.columns[c].name + "=" + cell_text(row.cells[c]);
      }
      if (!row.url.empty()) out += " url=" + std::string(row.url);
      if (!row.extra.empty()) out += " " + std::string(row.extra);
      out += "\n";
    }
    return out;
  }

  std::string rows() const { return show(result.rows, *mapping.entity); }
  std::string children(std::size_t i) const { return show(result.children.at(i), *mapping.children.at(i)->entity); }
  std::string rejects() const {
    std::string out;
    for (const auto& reject : result.rejects) out += reject.where + ": " + reject.reason + ": " + reject.raw + "\n";
    return out;
  }

  json::Document document;
  config::Stream stream;
  Mapping mapping;
  Extractor extractor;
  Extraction result;
};

constexpr const char* k_incidents = R"(
entity = "incident"
data_selector = "data.items"
[source.s.stream.columns]
title = "name"
service = "service.name"
severity = { path = "sev", map = { critical = "SEV1", minor = "SEV4" } }
status = "state"
started_at = "started"
postmortem_due_date = "due"
url = "link"
region = "region"
votes = { path = "votes", type = "integer", default = "0" }
)";

}  // namespace

TEST_CASE("sources::Extractor maps a full page to rows") {
  const Run run(k_incidents, R"({"data":{"items":[
    {"id":"a1","name":"Down","service":{"name":"api"},"sev":"critical","state":"Resolved","started":"2026-11-16T08:00:00.250-08:00",
     "due":"2026-11-30","link":"https://x/1","region":{"z":1,"a":[2]},"votes":"7"},
    {"id":2,"name":"Slow","sev":"minor","state":"open","started":1795232995,"due":null,"service":null}]}})");
  CHECK(run.rows() ==
        "a1: title=Down service=api severity=SEV1 status=resolved started_at=1794844800 postmortem_due_date=2026-11-30 "
        "url=https://x/1 {\"region\":{\"a\":[2],\"z\":1},\"votes\":7}\n"
        "2: title=Slow severity=SEV4 status=open started_at=1795232995 {\"votes\":0}\n");
  CHECK(run.result.records == 2);
  CHECK(run.result.rejects.empty());
  CHECK(run.result.odd.empty());
}

TEST_CASE("sources::Extractor keeps what does not fit a column in extra, with its reason, and counts it") {
  const Run run(k_incidents, R"({"data":{"items":[
    {"id":"1","name":["a"],"sev":"catastrophic","state":"open","started":"2026-02-30T00:00:00Z","due":"soon","votes":1.5},
    {"id":"2","name":{"x":1},"sev":"catastrophic","started":true}]}})");
  CHECK(run.rows() == R"(1: status=open {"$odd":{"title":{"value":["a"],"reason":"a list"},)"
                      R"("severity":{"value":"catastrophic","reason":"not a value of this column"},)"
                      R"("started_at":{"value":"2026-02-30T00:00:00Z","reason":"not a time"},)"
                      R"("postmortem_due_date":{"value":"soon","reason":"not a date"},)"
                      R"("votes":{"value":1.5,"reason":"not an integer"}}})"
                      "\n"
                      R"(2: {"votes":0,"$odd":{"title":{"value":{"x":1},"reason":"an object"},)"
                      R"("severity":{"value":"catastrophic","reason":"not a value of this column"},)"
                      R"("started_at":{"value":true,"reason":"not a time"}}})"
                      "\n");
  CHECK(run.result.odd.at({"severity", "not a value of this column"}) == 2);
  CHECK(run.result.odd.at({"votes", "not an integer"}) == 1);
}

TEST_CASE("sources::Extractor rejects records without a usable id and goes on") {
  const Run run("entity = \"incident\"\n[source.s.stream.columns]\ntitle = \"t\"\n",
                R"([{"id":null,"t":1},{"t":2},{"id":"","t":3},{"id":{"a":1}},{"id":[1]},{"id":true},"text",null,7,[1],
                    {"id":1.0,"t":"kept"},{"id":18446744073709551615},{"id":9007199254740993},{"id":9007199254740992}])");
  CHECK(run.rows() == "1: title=kept\n18446744073709551615:\n9007199254740993:\n9007199254740992:\n");
  CHECK(run.rejects() ==
        "record 1: the id (id) is null: {\"id\":null,\"t\":1}\n"
        "record 2: the id (id) is missing: {\"t\":2}\n"
        "record 3: the id (id) is empty: {\"id\":\"\",\"t\":3}\n"
        "record 4: the id (id) is an object: {\"id\":{\"a\":1}}\n"
        "record 5: the id (id) is a list: {\"id\":[1]}\n"
        "record 6: the id (id) is a boolean: {\"id\":true}\n"
        "record 7: the record is a text, not an object: \"text\"\n"
        "record 8: the record is null, not an object: null\n"
        "record 9: the record is a number, not an object: 7\n"
        "record 10: the record is a list, not an object: [1]\n");
  CHECK(run.result.records == 14);
}

TEST_CASE("sources::Extractor rejects only the record that holds a number out of range") {
  const Run run("entity = \"incident\"\ndata_selector = \"d\"\n", R"({"d":[{"id":1},{"id":2,"n":1e400},{"id":3}]})");
  CHECK(run.rows() == "1:\n3:\n");
  CHECK(run.rejects() == "record 2: number 1e400 is out of range: {\"id\":2,\"n\":1e400}\n");
}

TEST_CASE("sources::Extractor makes composite ids from columns and paths") {
  const Run run(R"(
entity = "milestone"
primary_key = ["project", "iid"]
[source.s.stream.columns]
program_id = "project"
)",
                R"([{"project":"led\"ger","iid":7},{"project":"x","iid":"7"},{"project":"x"}])");
  CHECK(run.rows() == "[\"led\\\"ger\",\"7\"]: program_id=led\"ger\n[\"x\",\"7\"]: program_id=x\n");
  CHECK(run.result.rejects.size() == 1);
}

TEST_CASE("sources::Extractor expands a list inside a record and sees the parent") {
  const Run run(R"(
entity = "measure"
data_selector = "data.result"
expand = "values"
primary_key = ["labels", "at"]
[source.s.stream.columns]
name = { default = "up" }
labels = { path = "^.metric", type = "json" }
at = { path = "[0]", format = "epoch" }
value = { path = "[1]" }
)",
                R"({"data":{"resultType":"matrix","result":[
      {"metric":{"job":"b","instance":"a"},"values":[[1795232995,"1"],[1795233055.123,"NaN"],[1795233115,"+Inf"]]},
      {"metric":{},"values":[[1795232995,"1e+301"]]},{"metric":{"job":"none"}}]}})");
  CHECK(run.rows() ==
        "[\"{\\\"instance\\\":\\\"a\\\",\\\"job\\\":\\\"b\\\"}\",\"1795232995\"]: name=up at=1795232995 value=1 "
        "labels={\"instance\":\"a\",\"job\":\"b\"}\n"
        "[\"{\\\"instance\\\":\\\"a\\\",\\\"job\\\":\\\"b\\\"}\",\"1795233055.123\"]: name=up at=1795233055 "
        "labels={\"instance\":\"a\",\"job\":\"b\"}\n"
        "[\"{\\\"instance\\\":\\\"a\\\",\\\"job\\\":\\\"b\\\"}\",\"1795233115\"]: name=up at=1795233115 "
        "labels={\"instance\":\"a\",\"job\":\"b\"}\n"
        "[\"{}\",\"1795232995\"]: name=up at=1795232995 value=1e+301 labels={}\n");
  CHECK(run.result.records == 3);
  CHECK(run.result.odd.at({"value", "not a finite number"}) == 2);
}

TEST_CASE("sources::Extractor puts nested lists into a child table") {
  const Run run(
      R"(
entity = "launch_review"
[source.s.stream.columns]
title = "name"
gates = { path = "gates", list = "rows", entity = "launch_approval", parent_key = "launch_id", columns = { area = "kind", status = "state", who = "by.email" } }
updates = { path = "log", list = "rows", entity = "launch_approval", parent_key = "launch_id", primary_key = ["n"], columns = { area = "n" } }
)",
      R"([{"id":"L1","name":"Wallets","gates":[{"kind":"sre","state":"approved","by":{"email":"a@x"}},{"kind":"legal","id":9}],"log":[{"n":1},{}]},
                    {"id":"L2","gates":[]},{"id":"L3","gates":null},{"id":"L4","gates":"none"},{"gates":[{"kind":"lost with its parent"}]}])");
  CHECK(run.rows() == "L1: title=Wallets\nL2:\nL3:\nL4:\n");
  CHECK(run.mapping.children[0]->stream == "things.gates");
  CHECK(run.children(0) ==
        "[\"L1\",\"0\"]: launch_id=L1 area=sre status=approved {\"who\":\"a@x\"}\n9: launch_id=L1 area=legal\n");
  CHECK(run.children(1) == "[\"L1\",\"1\"]: launch_id=L1 area=1\n");
  CHECK(run.rejects() ==
        "record 1, updates 2: the id (n) is missing: {}\n"
        "record 4, gates: 'gates' is a text, not a list: \"none\"\n"
        "record 5: the id (id) is missing: {\"gates\":[{\"kind\":\"lost with its parent\"}]}\n");
  CHECK(run.result.rejects[0].child == 1);
  CHECK(run.result.rejects[1].child == 0);
  CHECK_FALSE(run.result.rejects[2].child.has_value());
}

TEST_CASE("sources::Extractor reads maps, scalars and single objects as records") {
  CHECK(Run(R"(
entity = "measure"
data_selector = "data"
record_shape = "map"
primary_key = ["$key"]
[source.s.stream.columns]
name = "$key"
help = "[0].help"
)",
            R"({"data":{"up":[{"help":"h1"}],"go_info":[{}]}})")
            .rows() == "up: name=up {\"help\":\"h1\"}\ngo_info: name=go_info\n");
  CHECK(Run("entity = \"service\"\nrecord_shape = \"scalar\"\ndata_selector = \"repositories\"\nprimary_key = [\"$\"]\n"
            "[source.s.stream.columns]\nname = \"$\"\n",
            R"({"repositories":["a/b","c"]})")
            .rows() == "a/b: name=a/b\nc: name=c\n");
  CHECK(Run("entity = \"service\"\nrecord_shape = \"object\"\ndata_selector = \"metric\"\n", R"({"metric":{"id":5}})")
            .rows() == "5:\n");
}

TEST_CASE("sources::Extractor reads lists inside a record as the column says") {
  const Run run(
      R"(
entity = "service"
[source.s.stream.columns]
name = { path = "names", list = "first" }
owner = { path = "names", list = "last" }
team = { path = "names", list = "join" }
aliases = { path = "names", list = "json" }
tier = { path = "names", list = "count" }
program = { path = "fields[id=7].value" }
depends_on = { path = "fields[*].value", list = "json" }
)",
      R"([{"id":1,"names":["a","b",3],"fields":[{"id":6,"value":"no"},{"id":7,"value":"yes"}]},{"id":2,"names":[]}])");
  CHECK(run.rows() ==
        "1: name=a aliases=[\"a\",\"b\",3] team=a, b, 3 owner=3 program=yes tier=3 depends_on=[\"no\",\"yes\"]\n2: "
        "aliases=[] tier=0 depends_on=[]\n");
}

TEST_CASE("sources::Extractor reads times exactly or not at all") {
  struct Case {
    const char* json;
    const char* expected;  // the cell; "odd", "null"
  };
  const Case cases[] = {
      {R"("2026-11-16T08:00:00Z")", "1794816000"},
      {R"("2026-11-16T08:00:00.999999999Z")", "1794816000"},
      {R"("2026-11-16T08:00:00+0200")", "1794808800"},
      {R"("2026-11-16 08:00:00")", "1794844800"},
      {R"("2026-11-16T08:00")", "1794844800"},
      {R"("2026-11-16")", "1794816000"},
      {"1795232995", "1795232995"},
      {"1795232995.7", "1795232995"},
      {"1795232995123", "1795232995"},
      {R"("1795232995")", "1795232995"},
      {R"("2026-03-08T02:30:00")", "odd"},
      {R"("2026-02-30T00:00:00Z")", "odd"},
      {R"("2026-11-16T24:00:00Z")", "odd"},
      {R"("2026-11-16T25:00:00Z")", "odd"},
      {R"("10000-01-01T00:00:00Z")", "odd"},
      {R"("16.11.2026")", "odd"},
      {R"("yesterday")", "odd"},
      {"0", "odd"},
      {"-1", "odd"},
      {"20261116", "odd"},
      {"1e18", "odd"},
      {"{}", "odd"},
      {"false", "odd"},
      {R"("")", "null"},
      {"null", "null"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.json);
    const Run run(
        "entity = \"incident\"\ntimezone = \"America/Los_Angeles\"\n[source.s.stream.columns]\nstarted_at = \"at\"\n",
        "[{\"id\":1,\"at\":" + std::string(c.json) + "}]");
    const auto cell = run.result.rows.row(0).cells[7];
    const std::string got = !model::is_null(cell) ? Run::cell_text(cell) : run.result.odd.empty() ? "null" : "odd";
    // A bare date in a timestamp column is the first moment of that day in the stream's zone.
    CHECK(got == (std::string(c.json) == "\"2026-11-16\"" ? "1794816000" : c.expected));
  }
}

TEST_CASE("sources::Extractor obeys on_error, null_values and nan") {
  const std::string columns =
      "entity = \"capacity_sample\"\nprimary_key = [\"r\", \"at\"]\nnan = "
      "\"NAN\"\n[source.s.stream.columns]\nresource_id = \"r\"\n"
      "at = { path = \"at\", on_error = \"ERROR\", null_values = [\"never\"] }\nused = \"v\"\n";
  const auto run = [&](const char* nan, const char* on_error, const char* record) {
    std::string toml = columns;
    toml.replace(toml.find("NAN"), 3, nan);
    toml.replace(toml.find("ERROR"), 5, on_error);
    const Run made(toml, "[" + std::string(record) + "]");
    return made.rows() + made.rejects();
  };
  CHECK(run("null", "null", R"({"r":"d","at":"x","v":1})") == "[\"d\",\"x\"]: resource_id=d used=1\n");
  CHECK(run("null", "reject", R"({"r":"d","at":"x","v":1})") ==
        "record 1: at: not a time: {\"r\":\"d\",\"at\":\"x\",\"v\":1}\n");
  CHECK(run("null", "odd", R"({"r":"d","at":"never","v":"NaN"})") == "[\"d\",\"never\"]: resource_id=d\n");
  CHECK(run("text", "odd", R"({"r":"d","at":"never","v":"-Inf"})") ==
        "[\"d\",\"never\"]: resource_id=d {\"$odd\":{\"used\":{\"value\":\"-Inf\",\"reason\":\"not a finite "
        "number\"}}}\n");
  CHECK(run("error", "odd", R"({"r":"d","at":"never","v":"NaN"})") ==
        "record 1: used: not a finite number: {\"r\":\"d\",\"at\":\"never\",\"v\":\"NaN\"}\n");
}

TEST_CASE("sources::Extractor says where the records are not") {
  const auto message = [](const char* toml, const char* body) { return test::error_of([&] { Run(toml, body); }); };
  const char* data = "entity = \"incident\"\ndata_selector = \"data\"\n";
  CHECK(message(data, R"({"error":"nope","code":1})").find("the keys error, code") != std::string::npos);
  CHECK(message(data, R"({"data":null})").find("it is null") != std::string::npos);
  CHECK(message(data, R"({"data":{"x":1}})").find("needs a list") != std::string::npos);
  CHECK(message(data, R"({"data":"none"})").find("is a text") != std::string::npos);
  CHECK(message(data, R"([])").find("the body is a list") != std::string::npos);
  const char* tolerant = "entity = \"incident\"\ndata_selector = \"data\"\nallow_empty = true\n";
  CHECK(message(tolerant, R"({"total":0})") == "");
  CHECK(message(tolerant, R"({"data":null})") == "");
  CHECK(Run(data, R"({"data":[]})").result.records == 0);
}

TEST_CASE("sources::Extractor ranks rows by the cursor and gives the newest") {
  const Run run("entity = \"incident\"\nincremental = { cursor_path = \"updated\", start_param = \"since\" }\n",
                R"([{"id":1,"updated":"2026-11-16T08:00:00Z"},{"id":2,"updated":"2026-11-15T08:00:00Z"},{"id":3}])");
  CHECK(run.result.rows.row(0).rank == 1794816000);
  CHECK(run.result.rows.row(1).rank == 1794729600);
  CHECK(run.result.rows.row(2).rank == 0);
  CHECK(unix_seconds(*run.result.newest) == 1794816000);
}

TEST_CASE("sources::Extraction::ids tells pages apart by their ids in order") {
  const auto ids = [](const char* body) { return Run("entity = \"incident\"\n", body).result.ids; };
  CHECK(ids(R"([{"id":1},{"id":2}])") == ids(R"([{"id":"1","x":5},{"id":2}])"));
  CHECK_FALSE(ids(R"([{"id":1},{"id":2}])") == ids(R"([{"id":2},{"id":1}])"));
  CHECK_FALSE(ids(R"([{"id":12}])") == ids(R"([{"id":1},{"id":2}])"));
}

TEST_CASE("sources::make_mapping refuses what a store could not take and names the place") {
  const auto message = [](const char* columns) {
    return test::error_of([&] {
      const auto stream = test::stream_of("entity = \"incident\"\n[source.s.stream.columns]\n" + std::string(columns));
      make_mapping(stream, [](std::string_view name) { return model::find_built_in(name); });
    });
  };
  CHECK(message("title = \"a..b\"").find("sitrep.toml:7:") != std::string::npos);
  CHECK(message("started_at = { path = \"a\", type = \"text\" }").find("does not fit") != std::string::npos);
  CHECK(message("started_at = { path = \"a\", list = \"count\" }").find("does not fit") != std::string::npos);
  CHECK(message("started_at = { path = \"a\", format = \"%Q\" }").find("%Q") != std::string::npos);
  CHECK(message("u = { path = \"a\", list = \"rows\", entity = \"incident_update\", parent_key = \"no\", columns = { "
                "body = \"b\" } }")
            .find("parent_key 'no'") != std::string::npos);
  CHECK(message("title = \"a\"") == "");
}

TEST_CASE("sources::Extractor says why a record of a map without a name is rejected") {
  const Run run(
      "entity = \"service\"\nrecord_shape = \"map\"\nprimary_key = [\"name\"]\ncolumns = { name = \"$key\" }\n",
      R"({"checkout": {}, "": {}})");
  CHECK(run.rows() == "checkout: name=checkout\n");
  CHECK(run.rejects() == "record 2: the id ($key) is empty: {}\n");
}

TEST_CASE("sources::Extractor: a selector from the end, with a number out of range, rejects that record alone") {
  const Run run("entity = \"incident\"\ndata_selector = \"pages[-1].rows\"\n[source.s.stream.columns]\ntitle = \"t\"\n",
                R"({"pages":[{"rows":[{"id":"old"}]},{"rows":[{"id":"a","t":"x"},{"id":"b","n":1e400},{"id":"c"}]}]})");
  CHECK(run.rows() == "a: title=x\nc:\n");
  CHECK(run.rejects() == "record 2: number 1e400 is out of range: {\"id\":\"b\",\"n\":1e400}\n");
}

TEST_CASE(
    "sources::Extractor leaves out what skip_when says, counts it, and its time of change moves the bookmark on") {
  const Run run(R"(
entity = "incident"
skip_when = { path = "pull" }
incremental = { cursor_path = "at", start_param = "since" }
)",
                R"([{"id":1,"at":"2026-11-01T00:00:00Z"},{"id":2,"pull":{"u":1},"at":"2026-11-02T00:00:00Z"},
                    {"id":3,"pull":null},{"id":4,"pull":false},{"pull":true}])");
  CHECK(run.rows() == "1:\n3:\n4:\n");
  CHECK(run.result.skipped == 2);
  CHECK(run.result.records == 5);
  CHECK(run.result.rejects.empty());
  CHECK(run.result.newest == parse_rfc3339("2026-11-02T00:00:00Z"));
  const Run named("entity = \"incident\"\nskip_when = { path = \"kind\", equals = \"bot\" }\n",
                  R"([{"id":1,"kind":"bot"},{"id":2,"kind":"person"},{"id":3}])");
  CHECK(named.rows() == "2:\n3:\n");
}

TEST_CASE("sources::Extractor expands an object to a row for each member; quantities, parts and $now") {
  const auto toml = std::string(R"(
entity = "capacity_sample"
data_selector = "items"
expand = "used"
primary_key = ["^.uid", "$key", "at"]
[source.s.stream.columns]
resource_id = { parts = ["^.uid", "$key"] }
at = "$now"
used = { path = "$", format = "quantity" }
label = { parts = ["^.uid", "^.missing", "$key"], separator = " / " }
unit = { path = "$key", type = "text", map = { cpu = "cores" } }
whole = { parts = ["^.missing", "$key"], default = "none" }
)");
  const Run run(toml, R"({"items":[{"uid":"u1","used":{"cpu":"500m","pods":7}},{"uid":"u2","used":null}]})");
  CHECK(run.rows() ==
        "[\"u1\",\"cpu\",\"0\"]: resource_id=[\"u1\",\"cpu\"] at=0 used=0.5 "
        "{\"label\":\"u1 / cpu\",\"unit\":\"cores\",\"whole\":\"none\"}\n"
        "[\"u1\",\"pods\",\"0\"]: resource_id=[\"u1\",\"pods\"] at=0 used=7 "
        "{\"label\":\"u1 / pods\",\"unit\":\"pods\",\"whole\":\"none\"}\n");
  CHECK(Run(toml, R"({"items":[{"uid":"u","used":"7"}]})").rejects().find("not a list or an object") !=
        std::string::npos);
}

TEST_CASE("sources::make_mapping refuses $now, quantity and parts where they make no sense") {
  const auto refusal = [](const std::string& column) {
    return test::error_of([&] {
      const auto stream = test::stream_of("entity = \"incident\"\n" + column + "\n");
      make_mapping(stream, [](std::string_view name) { return model::find_built_in(name); });
    });
  };
  CHECK(refusal("columns = { title = \"$now\" }").find("$now is a time") != std::string::npos);
  CHECK(refusal("columns = { title = { path = \"t\", format = \"quantity\" } }").find("of type real") !=
        std::string::npos);
  CHECK(refusal("primary_key = [\"x\"]\ncolumns = { x = { parts = [\"a\", \"b\"] } }").find("name those parts") !=
        std::string::npos);
  CHECK(refusal("columns = { x = { path = \"a\", separator = \"-\" } }").find("goes with 'parts'") !=
        std::string::npos);
  CHECK(refusal("columns = { x = { parts = [\"a\"], path = \"a\" } }").find("one makes sense") != std::string::npos);
}
