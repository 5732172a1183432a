#include "sources/presets.hpp"

#include <doctest/doctest.h>

#include "sources/extraction.hpp"
#include "sources/incremental.hpp"
#include "sources/mapping.hpp"
#include "sources/support.hpp"

using namespace sitrep;
using namespace sitrep::sources;

namespace {

config::Source preset(std::string_view name) {
  return config::parse("[source.s]\npreset = \"" + std::string(name) + "\"\n", "sitrep.toml", preset_lookup,
                       [](const std::string&) { return std::nullopt; })
      .sources.at(0);
}

}  // namespace

TEST_CASE("each preset is a valid source whose columns fit their entities") {
  CHECK(preset_names().size() >= 6);
  for (const auto name : preset_names()) {
    CAPTURE(name);
    const auto source = preset(name);
    CHECK_FALSE(source.streams.empty());
    for (const auto& stream : source.streams) {
      CHECK_NOTHROW(make_mapping(stream, [](std::string_view entity) { return model::find_built_in(entity); }));
      CHECK_NOTHROW(make_plan(stream, {}, {}, unix_time(1'795'000'000)));
    }
  }
  CHECK(preset_lookup("nonsense") == std::nullopt);
}

TEST_CASE("preset statuspage maps impact, states, updates and components") {
  const auto source = preset("statuspage");
  const auto& stream = source.streams.at(0);
  const auto mapping = make_mapping(stream, [](std::string_view name) { return model::find_built_in(name); });
  Extractor extractor(stream, mapping);
  json::Document document;
  const auto result = extractor.extract(json::parse_page(document, R"({"page":{"id":"p"},"incidents":[
    {"id":"i1","name":"API errors","status":"monitoring","impact":"major","started_at":"2026-11-16T08:00:00.123-06:00",
     "monitoring_at":"2026-11-16T15:00:00.000Z","resolved_at":null,"shortlink":"https://stspg.example/1",
     "components":[{"name":"API"},{"name":"Web"}],
     "incident_updates":[{"id":"u2","status":"monitoring","body":"better","display_at":"2026-11-16T15:00:00Z"},
                         {"id":"u1","status":"investigating","body":"bad","display_at":"2026-11-16T14:00:00Z"}]}]})",
                                                         extractor.data_selector(), extractor.records_in()));
  REQUIRE(result.rows.size() == 1);
  const auto row = result.rows.row(0);
  const auto cell = [&](std::string_view column) {
    return row.cells[static_cast<std::size_t>(mapping.entity->index_of(column))];
  };
  CHECK(std::get<std::string_view>(cell("severity")) == "SEV2");
  CHECK(std::get<std::string_view>(cell("status")) == "mitigated");
  CHECK(std::get<std::string_view>(cell("kind")) == "incident");
  CHECK(std::get<std::string_view>(cell("service")) == "API");
  CHECK(std::get<std::int64_t>(cell("started_at")) == 1794837600);
  CHECK(std::get<std::int64_t>(cell("mitigated_at")) == 1794841200);
  CHECK(model::is_null(cell("resolved_at")));
  CHECK(row.url == "https://stspg.example/1");
  CHECK(row.extra == R"({"impact":"major","components":["API","Web"]})");
  CHECK(result.children.at(0).size() == 2);
  CHECK(result.odd.empty());
}
