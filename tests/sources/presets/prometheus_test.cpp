#include "sources/presets/preset_world.hpp"

#include <algorithm>

using namespace sitrep;
using namespace sitrep::test;

namespace {

constexpr auto k_matrix = R"({"status":"success","data":{"resultType":"matrix","result":[
  {"metric":{"__name__":"up","job":"api"},"values":[[1794844200,"1"],[1794844500.5,"NaN"],[1794844800,"+Inf"]]},
  {"metric":{"job":"db"},"values":[[1794844200,"9007199254740993"],[1794844500,"1e+301"]]}]},
  "warnings":["query touched a replica that is behind"]})";
constexpr auto k_none = R"({"status":"success","data":{"resultType":"matrix","result":[]}})";

/// As many empty answers as the first span has windows.
std::deque<Served> windows(std::size_t count, const char* body = k_none) { return {count, Served{body}}; }

}  // namespace

TEST_CASE("preset prometheus: one row for each sample; a number that is none is counted, not stored as 0") {
  const auto walked = walk("prometheus", "measures", {{k_matrix}});
  CAPTURE(walked.error);
  REQUIRE(walked.rows.size() == 5);
  CHECK(walked.at(0, "name") == "up");
  CHECK(walked.at(0, "labels") == R"({"__name__":"up","job":"api"})");
  CHECK(walked.at(0, "at") == "1794844200");
  CHECK(walked.at(0, "value") == "1");
  CHECK(walked.at(1, "value").empty());
  CHECK(walked.at(2, "value").empty());
  CHECK(walked.at(3, "name") == "query");
  CHECK(walked.at(3, "value") == "9007199254740992");
  CHECK(walked.at(4, "value") == "1e+301");
  CHECK(walked.at(0, "id") != walked.at(3, "id"));
  CHECK(walked.odd == std::vector<std::string>{"value: not a finite number"});
  CHECK(walked.warnings == std::vector<std::string>{"query touched a replica that is behind"});
  CHECK(walked.requests.front().starts_with("GET /api/v1/query_range?query=sum by (service)"));
  CHECK(walked.requests.front().find("&step=300&start=1794240000&end=1794844800") != std::string::npos);
}

TEST_CASE(
    "preset prometheus: a span of more than 11,000 samples is asked for in windows that neither overlap nor gap") {
  auto source = preset_source("prometheus");
  source.streams[0].params = {{"query", "up"}, {"step", "15"}};  // 7 days are 40,320 samples
  const auto walked = walk(source, "measures", windows(4));
  CHECK(walked.error.empty());
  REQUIRE(walked.requests.size() == 4);
  std::int64_t expected_start = 1'794'240'000;
  for (const auto& request : walked.requests) {
    CAPTURE(request);
    const auto number = [&](const std::string& name) {
      return std::stoll(request.substr(request.find(name + "=") + name.size() + 1));
    };
    CHECK((number("&end") - number("&start")) / 15 < 11'000);
    CHECK(number("&start") <= expected_start + 14);
    CHECK(number("&start") >= expected_start);
    expected_start = number("&end") + 1;
  }
  CHECK(expected_start > 1'794'844'800);
}

TEST_CASE("preset prometheus: an empty answer is no data, an answer without a result is refused") {
  const auto empty = walk("prometheus", "measures", {{k_none}});
  CHECK(empty.error.empty());
  CHECK(empty.rows.empty());
  const auto scalar = walk("prometheus", "measures",
                           {{R"({"status":"success","data":{"resultType":"scalar","result":[1794844800,"1"]}})"}});
  CHECK(scalar.rejects.size() == 2);  // a scalar's pair is no list of series
  CHECK(scalar.rows.empty());
  check_strange_pages("prometheus", "measures");
}

TEST_CASE("preset prometheus: every error shape of the API says what it is about") {
  check_errors(
      "prometheus", "measures",
      {{"bad query",
        {R"({"status":"error","errorType":"bad_data","error":"1:4: parse error: unexpected end"})", 400},
        "400 Bad Request: 1:4: parse error: unexpected end"},
       {"too many points",
        {R"({"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points"})", 400},
        "exceeded maximum resolution"},
       {"many to many",
        {R"({"status":"error","errorType":"execution","error":"found duplicate series"})", 422},
        "found duplicate series"},
       {"timeout",
        {R"({"status":"error","errorType":"timeout","error":"query timed out"})", 503},
        "503 Service Unavailable: query timed out"},
       {"unknown path", {"404 page not found\n", 404}, "404 Not Found: 404 page not found"},
       {"an error with status 200", {R"({"status":"error","error":"out of memory"})"}, "out of memory"},
       {"a proxy's refusal", {"Unauthorized", 401}, "Unauthorized", ErrorKind::credentials}});
}

TEST_CASE("preset prometheus-capacity: limits from an instant query, use from a range query, joined by `resource`") {
  const auto resources = walk(
      "prometheus-capacity", "resources",
      {{R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"resource":"db1:/data","service":"db"},
            "value":[1794844800.123,"1000000000"]}]}})"}});
  REQUIRE(resources.rows.size() == 1);
  CHECK(resources.at(0, "id") == "db1:/data");
  CHECK(resources.at(0, "service") == "db");
  CHECK(resources.at(0, "unit") == "bytes");
  CHECK(resources.at(0, "capacity_limit") == "1000000000");
  const auto samples =
      walk("prometheus-capacity", "samples",
           {{R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"resource":"db1:/data"},
            "values":[[1794841200,"10"],[1794844800,"20"]]}]}})"}});
  REQUIRE(samples.rows.size() == 2);
  CHECK(samples.at(1, "resource_id") == "db1:/data");
  CHECK(samples.at(1, "used") == "20");
}

TEST_CASE("preset prometheus-capacity: kind and unit as the series say, else disks in bytes") {
  const auto resources =
      walk("prometheus-capacity", "resources", {{R"({"status":"success","data":{"resultType":"vector","result":[
            {"metric":{"resource":"prometheus:localhost:9090","kind":"file descriptors","unit":"files"},"value":[1794844800,"1024"]},
            {"metric":{"resource":"db1:/"},"value":[1794844800,"5"]}]}})"}});
  CHECK(resources.at(0, "kind") == "file descriptors");
  CHECK(resources.at(0, "unit") == "files");
  CHECK(resources.at(1, "kind") == "disk");
  CHECK(resources.at(1, "unit") == "bytes");
}
