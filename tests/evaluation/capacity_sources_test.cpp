#include "evaluation/capacity.hpp"

#include <doctest/doctest.h>

#include <list>

#include "evaluation/world.hpp"

using namespace sitrep;

namespace {

/// Use that grows by a unit a day over the 60 days before now, of the resource of that name or id.
void put_samples(test::World& world, std::string_view resource, std::string_view source) {
  std::vector<std::pair<std::string, test::World::Cells>> rows;
  static std::list<std::string> names;  // cells hold views
  const std::string_view name = names.emplace_back(resource);
  for (int day = 60; day > 0; --day) {
    rows.emplace_back(
        std::string(resource) + std::to_string(day),
        test::World::Cells{
            {"resource_id", name}, {"at", unix_seconds(test::k_now - std::chrono::days{day})}, {"used", 100.0 - day}});
  }
  world.put("capacity_sample", rows, test::k_now - std::chrono::hours{1}, source);
}

std::vector<evaluation::Resource> capacity(test::World& world) {
  evaluation::CapacityOptions options;
  options.now = test::k_now;
  options.origins = 3;
  return evaluation::capacity(world.store(), evaluation::Directory(world.store()), options);
}

}  // namespace

TEST_CASE("evaluation::capacity: samples of another source belong to the one resource of that id or name") {
  test::World world;
  world.put(
      "capacity_resource",
      {{"17", {{"name", "db1:/data"}, {"service", "ledger"}, {"capacity_limit", 110.0}, {"lead_time_days", 35.0}}},
       {"18", {{"name", "db2:/data"}, {"capacity_limit", 120.0}}}},
      test::k_now - std::chrono::hours{1}, "inventory");
  put_samples(world, "db1:/data", "prometheus");
  const auto resources = capacity(world);
  REQUIRE(resources.size() == 2);
  CHECK(resources[0].name == "db1:/data");
  CHECK(resources[0].source == "inventory");
  CHECK(resources[0].runway.first);
  CHECK(resources[0].order_by);
}

TEST_CASE("evaluation::capacity: a name that two resources have, or that two sources count, is nobody's") {
  test::World world;
  world.put("capacity_resource", {{"1", {{"name", "disk"}, {"capacity_limit", 120.0}}}},
            test::k_now - std::chrono::hours{1}, "one");
  world.put("capacity_resource", {{"1", {{"name", "disk"}, {"capacity_limit", 120.0}}}},
            test::k_now - std::chrono::hours{1}, "two");
  put_samples(world, "disk", "prometheus");
  auto resources = capacity(world);
  REQUIRE(resources.size() == 3);
  for (const auto& r : resources) CHECK((r.source == "prometheus") == !r.runway.reason.starts_with("no samples"));

  test::World twice;
  twice.put("capacity_resource", {{"1", {{"name", "disk"}, {"capacity_limit", 120.0}}}},
            test::k_now - std::chrono::hours{1}, "inventory");
  put_samples(twice, "disk", "a");
  put_samples(twice, "disk", "b");
  CHECK(capacity(twice).size() == 3);
}
