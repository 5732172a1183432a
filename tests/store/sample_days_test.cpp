// Days of capacity samples and versions by how long they held are short cuts: what they find is held against the plain
// SQL on random histories, as of any moment.
#include "store/sample_days.hpp"

#include <doctest/doctest.h>

#include <random>

#include "store/care.hpp"
#include "store/gc.hpp"
#include "store/schema.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::answer;

namespace {

constexpr std::int64_t k_day = 86'400, k_start = 1'700'000'000 / k_day * k_day;
const std::string k_facts =
    "source, resource_id, day, first_at, last_at, peak, used_at, used, limit_at, capacity_limit";

/// The days by the documented view alone.
std::string plain(store::Store& store) {
  return answer(store,
                "WITH d AS (SELECT source, resource_id, at / 86400 AS day, min(at) AS first_at, max(at) AS last_at, "
                "max(used) AS peak, max(at) FILTER (WHERE used IS NOT NULL) AS used_at, max(at) FILTER (WHERE "
                "capacity_limit IS NOT NULL) AS limit_at FROM capacity_sample GROUP BY 1, 2, 3) SELECT source, "
                "resource_id, day, first_at, last_at, peak, used_at, (SELECT used FROM capacity_sample x WHERE "
                "x.resource_id = d.resource_id AND x.source = d.source AND x.at = d.used_at), limit_at, (SELECT "
                "capacity_limit FROM capacity_sample x WHERE x.resource_id = d.resource_id AND x.source = d.source AND "
                "x.at = d.limit_at) FROM d ORDER BY 1, 2, 3");
}

std::optional<std::string> moment_of(const store::Store& store) {
  if (!store.options().as_of) return std::nullopt;
  return std::to_string(unix_seconds(*store.options().as_of));
}

std::string by_day(store::Store& store) {
  return answer(
      store, fmt::format("SELECT {} FROM ({}) ORDER BY 1, 2, 3", k_facts, store::sample_days_select(moment_of(store))));
}

/// The settled days of the table, read at once, and the others summed up again.
std::string by_table(store::Store& store) {
  const auto as_of = store.options().as_of;
  store.db().execute(fmt::format("PRAGMA query_only = 0; CREATE TEMP TABLE known AS SELECT {} FROM ({}) LIMIT 0",
                                 k_facts, store::sample_days_select(moment_of(store))));
  store::Statement insert(store.db(), "INSERT INTO temp.known VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
  store::OpenDays open(store.db(), as_of);
  const auto when = [](const std::optional<double>& value, std::int64_t at) {
    return value ? std::optional(at) : std::nullopt;
  };
  for (const auto& series : store::read_sample_days(store.db())) {
    for (const auto& known : series.days) {
      const auto state = store::state_of(known, as_of);
      if (state == store::DayState::unknown) continue;
      const auto day = state == store::DayState::settled ? known : open.sum_up(series, known.day);
      if (!day.has_samples) continue;
      insert
          .bind(series.source, series.resource, day.day, day.first_at, day.last_at, day.peak,
                when(day.used, day.used_at), day.used, when(day.limit, day.limit_at), day.limit)
          .run();
    }
  }
  const auto all = answer(store, fmt::format("SELECT {} FROM temp.known ORDER BY 1, 2, 3", k_facts));
  store.db().execute("DROP TABLE temp.known");
  return all;
}

model::RowBatch some_samples(std::mt19937& random, std::int64_t moment) {
  const auto& e = test::entity("capacity_sample");
  model::RowBatch rows(e.columns.size());
  const auto set = [&](const char* column, model::Cell cell) {
    rows.set(static_cast<std::size_t>(e.index_of(column)), cell);
  };
  for (int i = 0; i < 25; ++i) {
    rows.begin_row("");
    set("resource_id", std::string_view(random() % 2 == 0 ? "R1" : "R2"));
    // Of the last four days, so that runs correct and complete each other's days.
    set("at", moment - static_cast<std::int64_t>(random() % 16) * 21'600);
    if (random() % 5 != 0) set("used", static_cast<double>(random() % 7));
    if (random() % 3 == 0) set("capacity_limit", static_cast<double>(10 + random() % 3));
  }
  return rows;
}

void put_samples(store::Store& store, std::mt19937& random, std::int64_t moment, store::Moment how) {
  store::StreamWriter writer(store, "src", how == store::Moment::exact ? "import" : "s",
                             test::entity("capacity_sample"), store::Pass::partial, unix_time(moment), how);
  writer.put(some_samples(random, moment));
  writer.commit("1");
  writer.put(some_samples(random, moment));
  writer.finish("{}", store::Shrink::allow);
}

}  // namespace

TEST_CASE(
    "store::sample_days_select: days say what their samples say, as of every moment, corrections and late imports "
    "included") {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const test::TempDir folder;
    const auto file = folder / "s.db";
    std::vector<std::int64_t> moments;
    {
      auto store = store::Store::open(file, test::writing(k_start + 40 * k_day));
      for (int i = 0; i < 12; ++i) {
        const auto moment = k_start + static_cast<std::int64_t>(i) * 54'000 + 7;
        put_samples(store, random, moment, store::Moment::after_last);
        moments.push_back(moment);
      }
      for (int i = 0; i < 3; ++i) put_samples(store, random, moments[random() % 12] + 3'000, store::Moment::exact);
      CHECK(store::check(store).empty());
      CHECK(by_day(store) == plain(store));
    }
    for (const auto moment : moments) {
      CAPTURE(moment);
      for (const std::int64_t as_of : {moment - 1, moment, moment + 3'600}) {
        auto past = store::Store::open(file, test::reading(as_of, k_start + 40 * k_day));
        CHECK(by_day(past) == plain(past));
        CHECK(by_table(past) == plain(past));
      }
    }
  }
}

TEST_CASE("store::SampleDays: a day that a writer left marked is summed up by whoever reads, and by the next writer") {
  auto store = store::Store::memory(test::writing(k_start + 40 * k_day));
  std::mt19937 random(5);
  put_samples(store, random, k_start, store::Moment::after_last);
  const auto expected = plain(store);
  REQUIRE(!expected.empty());
  store.db().execute("UPDATE main.capacity_sample_day SET known_from = NULL, settled_at = NULL, peak = 99, used = 99");
  CHECK(by_day(store) == expected);
  CHECK(by_table(store) == expected);
  CHECK(store::check(store).empty());
  put_samples(store, random, k_start + 20 * k_day, store::Moment::after_last);
  CHECK(answer(store, "SELECT count(*) FROM main.capacity_sample_day WHERE settled_at IS NULL OR used = 99") == "0");
  CHECK(by_day(store) == plain(store));
  store.db().execute("UPDATE main.capacity_sample_day SET peak = 99 WHERE peak = 6");
  CHECK(store::check(store).size() == 1);
}

TEST_CASE("store::ensure_sample_days sums up a store of an earlier schema when it is opened for writing") {
  const test::TempDir folder;
  const auto file = folder / "s.db";
  std::string expected;
  {
    auto store = store::Store::open(file, test::writing(k_start + 40 * k_day));
    std::mt19937 random(6);
    put_samples(store, random, k_start, store::Moment::after_last);
    expected = plain(store);
    store.db().execute("DROP TABLE main.capacity_sample_day; DROP TABLE main.incident_pack; PRAGMA user_version = 4");
  }
  auto store = store::Store::open(file, test::reading());
  CHECK(by_day(store) == expected);
  CHECK(store::check(store).empty());
}

TEST_CASE("store::collect_garbage takes days away with their samples") {
  auto store = store::Store::memory(test::writing(k_start + 400 * k_day));
  std::mt19937 random(7);
  for (int i = 0; i < 5; ++i)
    put_samples(store, random, k_start + static_cast<std::int64_t>(i) * 70 * k_day, store::Moment::after_last);
  const auto before = by_day(store);
  store::collect_garbage(store, {{"capacity_sample", std::chrono::days{200}}}, store::DryRun::no);
  CHECK(by_day(store) != before);
  CHECK(by_day(store) == plain(store));
  CHECK(store::check(store).empty());
}

TEST_CASE("store::held_at finds the versions that held at a moment, however long they did") {
  const test::TempDir folder;
  const auto file = folder / "s.db";
  {
    auto store = store::Store::open(file, test::writing());
    std::mt19937 random(8);
    store::Statement insert(store.db(),
                            "INSERT INTO risk_past (source_id, id, stream_id, title, observed_at, superseded_at, hash) "
                            "VALUES (1, ?1, 1, ?1, ?2, ?3, zeroblob(16))");
    for (int i = 0; i < 3'000; ++i) {
      const auto from = static_cast<std::int64_t>(random() % 20'000'000);
      // From seconds to more than the longest class, whose bounds are hit often.
      const std::int64_t spans[] = {3'600, 28'800, 172'800, 604'800, 2'592'000, 10'368'000};
      const auto length = i % 3 == 0 ? spans[random() % 6] + static_cast<std::int64_t>(random() % 3) - 1
                                     : std::int64_t{1} << (random() % 25);
      insert.bind(std::to_string(i), from, from + length).run();
    }
  }
  for (std::int64_t t = 0; t < 21'000'000; t += 1'234'567) {
    CAPTURE(t);
    auto store = store::Store::open(file, test::reading(t));
    CHECK(answer(store,
                 fmt::format("SELECT group_concat(id) FROM (SELECT id FROM main.risk_past p WHERE {} ORDER BY key)",
                             store::held_at("p", unix_time(t)))) ==
          answer(store,
                 fmt::format("SELECT group_concat(id) FROM (SELECT id FROM main.risk_past WHERE observed_at <= {0} AND "
                             "superseded_at > {0} ORDER BY key)",
                             t)));
    CHECK(answer(store, fmt::format("EXPLAIN QUERY PLAN SELECT id FROM main.risk_past p WHERE {}",
                                    store::held_at("p", unix_time(t))))
              .find("risk_past_held") != std::string::npos);
    CHECK(answer(store, fmt::format(
                            "SELECT group_concat(id) FROM (SELECT id FROM ({}) ORDER BY key)",
                            store::select_held("p.id, p.key", "main.risk_past", std::to_string(t), "p.key % 3 > 0"))) ==
          answer(store, fmt::format("SELECT group_concat(id) FROM (SELECT id FROM main.risk_past p WHERE {} AND p.key "
                                    "% 3 > 0 ORDER BY key)",
                                    store::held_at("p", unix_time(t)))));
  }
}
