#include "evaluation/slo.hpp"

#include <doctest/doctest.h>

#include "world.hpp"

using namespace sitrep;
using doctest::Approx;
using evaluation::Slo;
using test::World;

namespace {

std::int64_t utc(std::string_view text) { return unix_seconds(parse_rfc3339(text).value()); }

void put_slo(World& world, double objective, std::string_view window) {
  world.put("service", {{"S1", {{"name", "ledger-api"}, {"program", "P1"}}}});
  world.put(
      "slo",
      {{"A", {{"service", "ledger-api"}, {"name", "availability"}, {"objective", objective}, {"window", window}}}});
}

World::Cells bucket(std::int64_t when, std::int64_t good, std::int64_t total) {
  return {{"slo_id", "A"}, {"at", when}, {"good", good}, {"total", total}};
}

Slo read(World& world, Calendar calendar = {}, UnixTime now = test::k_now) {
  evaluation::SloOptions options;
  options.now = now;
  options.calendar = std::move(calendar);
  auto all = evaluation::slos(world.store(), evaluation::Directory(world.store()), options);
  REQUIRE(all.size() == 1);
  return all.front();
}

/// Hourly buckets of the last days before now; the last `bad_hours` of them with errors.
void put_hours(World& world, int days, int bad_hours, std::int64_t total, std::int64_t bad) {
  std::vector<std::pair<std::string, World::Cells>> rows;
  for (int h = 1; h <= days * 24; ++h) {
    const auto when = unix_seconds(test::k_now) - h * std::int64_t{3600};
    rows.push_back({"", bucket(when, h <= bad_hours ? total - bad : total, total)});
  }
  world.put("slo_sample", rows);
}

}  // namespace

TEST_CASE("evaluation::slos is exact at 10^12 events and six nines") {
  World world;
  put_slo(world, 0.999999, "30d");
  // 29 buckets of 10^12: one bad event more than the budget of 29,000,000 misses it.
  std::vector<std::pair<std::string, World::Cells>> rows;
  for (int day = 1; day < 30; ++day) {
    const std::int64_t total = 1'000'000'000'000;
    rows.push_back({"", bucket(unix_seconds(test::k_now) - day * std::int64_t{86'400}, total - 1'000'000, total)});
  }
  world.put("slo_sample", rows);
  auto slo = read(world);
  REQUIRE(slo.current.budget);
  CHECK(slo.current.budget->counts.bad() == 29'000'000);
  CHECK(slo.current.budget->met);
  CHECK(slo.current.budget->used == 1);
  CHECK(*slo.current.nines() == Approx(6));
  world.put("slo_sample",
            {{"", bucket(unix_seconds(test::k_now) - 86'400, 1'000'000'000'000 - 1'000'001, 1'000'000'000'000)}});
  slo = read(world);
  CHECK_FALSE(slo.current.budget->met);
  CHECK(slo.current.budget->counts.bad() == 29'000'001);
}

TEST_CASE("evaluation::slos: months are the calendar's, in the workspace's zone over a change of clocks") {
  World world;
  put_slo(world, 0.99, "month");
  // New York left daylight time on 2026-11-01: October ends at 04:00 UTC, November at 05:00.
  world.put("slo_sample", {{"", bucket(utc("2026-10-01T03:59:59Z"), 0, 1)},  // still September there
                           {"", bucket(utc("2026-10-01T04:00:00Z"), 5, 10)},
                           {"", bucket(utc("2026-11-01T03:59:59Z"), 7, 20)},
                           {"", bucket(utc("2026-11-01T04:00:00Z"), 100, 100)}});
  Calendar calendar;
  calendar.zone = Zone::load("America/New_York");
  const auto slo = read(world, calendar);
  CHECK(slo.last_month.label == "October 2026");
  CHECK(slo.last_month.span.length() == std::chrono::days{31});
  CHECK(slo.last_quarter.label == "2026 Q3");
  CHECK(slo.current.label == "November 2026 so far");
  CHECK(slo.current.span.from == unix_time(utc("2026-11-01T04:00:00Z")));
  const auto november = read(world, calendar, unix_time(utc("2026-12-02T00:00:00Z")));
  CHECK(november.last_month.span.length() == std::chrono::days{30} + std::chrono::hours{1});
}

TEST_CASE("evaluation::slos: an alert needs both windows, and enough events") {
  World world;
  put_slo(world, 0.999, "30d");
  put_hours(world, 35, 72, 1000, 2);  // twice the budget over three days
  auto slo = read(world);
  REQUIRE(slo.burns.size() == 3);
  CHECK(slo.burns[0].not_reportable == "samples are 1 h apart, the short window is 5 min");
  CHECK(slo.burns[2].not_reportable.empty());
  CHECK(*slo.burns[2].long_burn == Approx(2));
  CHECK(slo.burns[2].fires);
  CHECK(slo.exhausted_in);
  World past;
  put_slo(past, 0.999, "30d");
  put_hours(past, 35, 72, 1000, 2);
  std::vector<std::pair<std::string, World::Cells>> mended;
  for (int h = 1; h <= 6; ++h)
    mended.push_back({"", bucket(unix_seconds(test::k_now) - h * std::int64_t{3600}, 1000, 1000)});
  past.put("slo_sample", mended);
  slo = read(past);
  CHECK(*slo.burns[2].long_burn > 1);
  CHECK(*slo.burns[2].short_burn == 0);
  CHECK_FALSE(slo.fires());  // it is over
  World quiet;
  put_slo(quiet, 0.999, "30d");
  put_hours(quiet, 35, 72, 1, 1);
  slo = read(quiet);
  CHECK(slo.burns[2].not_reportable == "72 events in the long window, needs 100");
  CHECK_FALSE(slo.fires());
  REQUIRE_FALSE(slo.notes.empty());
  CHECK(slo.notes.front().starts_with("low traffic: one failure among"));
}

TEST_CASE("evaluation::slos: missing buckets are unknown, impossible samples are left out, old ones say nothing") {
  World world;
  put_slo(world, 0.999, "10d");
  std::vector<std::pair<std::string, World::Cells>> rows;
  for (int h = 1; h <= 30 * 24; ++h) {
    if (h % 2 == 0 && h < 20 * 24 && h > 8) continue;  // half of the last days is missing
    rows.push_back({"", bucket(unix_seconds(test::k_now) - h * std::int64_t{3600}, 10, 10)});
  }
  world.put("slo_sample", rows);
  auto slo = read(world);
  CHECK_FALSE(slo.current.budget);
  CHECK(slo.current.not_reportable.ends_with("% of its buckets are there, needs 80 %"));
  World odd;
  put_slo(odd, 0.999, "30d");
  put_hours(odd, 35, 0, 1000, 0);
  odd.put("slo_sample", {{"", bucket(unix_seconds(test::k_now) - 3600, 2000, 1000)}});
  slo = read(odd);
  CHECK(slo.current.budget->counts.bad() == 0);
  CHECK(slo.notes.front().ends_with("1 sample left out: good is not between 0 and total"));
  slo = read(odd, {}, test::k_now + std::chrono::days{5});
  CHECK(slo.current.not_reportable == "no samples since 2026-11-16");
  World wrong;
  put_slo(wrong, 99.9, "30d");
  slo = read(wrong);
  CHECK(slo.current.not_reportable == "the objective cannot be read");
}

TEST_CASE("evaluation::slos: without samples the time of incidents that customers noticed counts, overlaps once") {
  World world;
  put_slo(world, 0.999, "10d");
  const auto incident = [](std::string_view from, std::string_view to, std::string_view impact,
                           std::string_view kind = "incident") {
    return World::Cells{{"title", "x"},
                        {"service", "ledger-api"},
                        {"started_at", utc(from)},
                        {"mitigated_at", utc(to)},
                        {"customer_impact", impact},
                        {"kind", kind}};
  };
  world.put("incident", {{"1", incident("2026-11-10T10:00:00Z", "2026-11-10T10:10:00Z", "errors")},
                         {"2", incident("2026-11-10T10:05:00Z", "2026-11-10T10:20:00Z", "errors")},
                         {"3", incident("2026-11-11T10:00:00Z", "2026-11-11T10:30:00Z", "none")},
                         {"4", incident("2026-11-12T10:00:00Z", "2026-11-12T10:30:00Z", "errors", "drill")}});
  const auto slo = read(world);
  CHECK(slo.basis == Slo::Basis::customer_impact);
  REQUIRE(slo.current.budget);
  CHECK(slo.current.budget->counts.bad() == 20 * 60);
  CHECK(slo.current.budget->counts.total == 10 * 86'400);
  CHECK_FALSE(slo.current.budget->met);
}
