#include "store_fill.hpp"

#include <fmt/format.h>

#include <fstream>

#include "store/incident_pack.hpp"
#include "store/sample_days.hpp"
#include "store/schema.hpp"
#include "store/store.hpp"

namespace sitrep::bench {
namespace {

// Rows 0 … :n - 1. `r` is a hash of i and a salt: scattered, the same on every run.
constexpr const char* k_numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT {})";
constexpr std::int64_t k_year = 365 * 86'400, k_start = k_bench_now - k_year;

/// Each product stays below 2^63: beyond it SQLite computes with reals, and all rows would be alike.
std::string hash(const char* salt) {
  return fmt::format("((i + {}) * 2654435761 % 4294967291 * 40503 % 4294967291)", salt);
}

void run(store::Database& db, const std::string& sql) { db.execute(sql); }

std::string numbers(std::int64_t n) { return fmt::format(fmt::runtime(k_numbers), n); }

void fill_names(store::Database& db) {
  run(db, "INSERT INTO source_name VALUES (1, 'pager'), (2, 'launches'), (3, 'metrics'), (4, 'planning')");
  run(db,
      "INSERT INTO stream_state (id, source_id, name, entity, bookmark, last_observed_at) VALUES (1, 1, 'incidents', "
      "'incident', '{}', 0), (2, 2, 'reviews', 'launch_review', '{}', 0), (3, 3, 'capacity', 'capacity_sample', '{}', "
      "0), "
      "(4, 4, 'milestones', 'milestone', '{}', 0), (5, 2, 'gates', 'launch_approval', '{}', 0), (6, 4, 'programs', "
      "'program', '{}', 0), (7, 4, 'services', 'service', '{}', 0), (8, 3, 'resources', 'capacity_resource', '{}', 0), "
      "(9, 1, 'actions', 'action_item', '{}', 0)");
  run(db,
      numbers(9 * 365) +
          fmt::format(" INSERT INTO sync_run_log (stream_id, pass, observed_at, started_at, finished_at, requests, "
                      "added, changed, unchanged, row_count) SELECT i % 9 + 1, CASE i / 9 % 7 WHEN 0 THEN 'full' ELSE "
                      "'partial' END, {0} + i / 9 * 86400, {0} + i / 9 * 86400, {0} + i / 9 * 86400 + 60, 5, 10, 20, "
                      "1000, 1000 FROM n",
                      k_start + 86'400));
  run(db,
      numbers(20) + fmt::format(" INSERT INTO program_current (source_id, id, stream_id, name, owner, status, "
                                "target_date, observed_at, hash) SELECT 4, 'P' || i, 6, 'Program ' || i, 'owner' || i, "
                                "'green', '2027-01-01', {}, zeroblob(16) FROM n",
                                k_start));
  run(db,
      numbers(200) + fmt::format(" INSERT INTO service_current (source_id, id, stream_id, name, team, program, tier, "
                                 "observed_at, hash) SELECT 4, 'S' || i, 7, 'service-' || i, 'team-' || (i % 40), "
                                 "'Program ' || (i % 20), i % 4 + 1, {}, zeroblob(16) FROM n",
                                 k_start));
}

void fill_incidents(store::Database& db, const StoreSize& size) {
  const auto r = hash("1"), q = hash("77");
  // Started over the year; resolved within two days, but for one in 5,000.
  const auto columns =
      "source_id, id, stream_id, title, service, severity, status, kind, started_at, detected_at, "
      "acknowledged_at, mitigated_at, resolved_at, observed_at, hash";
  const auto at = fmt::format("{} + i * {} / {}", k_start, k_year, size.incidents());
  run(db,
      numbers(size.incidents()) +
          fmt::format(
              " INSERT INTO incident_current ({}) SELECT 1, printf('INC-%08x', {}), 1, 'Errors on checkout path ' || "
              "i, 'service-' || ({} % 200), 'SEV' || ({} % 5 + 1), iif(i % 5000 = 7, 'open', 'resolved'), "
              "iif(i % 100 = 3, 'drill', 'incident'), s, s + 60 + {} % 900, s + 300 + {} % 1800, s + 1800 + {} "
              "% 7200, iif(i % 5000 = 7, NULL, s + 7200 + {} % 160000), s + 90000, "
              "CAST(printf('%016d', i) AS BLOB) FROM (SELECT i, {} AS s FROM n)",
              columns, "i * 2654435761 % 4294967296", r, q, r, q, r, q, at));
  for (int h = 0; h < size.history; ++h)
    run(db, fmt::format(
                "INSERT INTO incident_past ({0}, superseded_at) SELECT source_id, id, stream_id, title, service, "
                "severity, 'open', kind, started_at, detected_at, NULL, NULL, NULL, started_at + {1}, hash, "
                "iif({2}, observed_at, started_at + {3}) FROM incident_current",
                columns, 90'000 / size.history * h, h + 1 == size.history ? 1 : 0, 90'000 / size.history * (h + 1)));
  run(db, numbers(size.incidents() / 50) +
              fmt::format(
                  " INSERT INTO action_item_current (source_id, id, stream_id, incident_id, title, owner, status, "
                  "created_at, due_date, completed_at, observed_at, hash) SELECT 1, 'A' || i, 9, "
                  "printf('INC-%08x', i * 50 * 2654435761 % 4294967296), 'Fix it', 'owner', iif(i % 20 = 0, 'open', "
                  "'done'), s, date(s + 30 * 86400, 'unixepoch'), iif(i % 20 = 0, NULL, s + 20 * 86400), s, "
                  "zeroblob(16) FROM (SELECT i, {} + i * {} / {} AS s FROM n)",
                  k_start, k_year, size.incidents() / 50));
}

void fill_launches(store::Database& db, const StoreSize& size) {
  const auto columns =
      "source_id, id, stream_id, title, service, program, tier, phase, status, target_date, submitted_at, "
      "decided_at, launched_at, observed_at, hash";
  run(db, numbers(size.launches()) +
              fmt::format(
                  " INSERT INTO launch_review_current ({}) SELECT 2, 'LR-' || i, 2, 'Launch ' || i, 'service-' || ({} "
                  "% 200), 'Program ' || (i % 20), i % 4 + 1, 'ga', CASE WHEN s > {} THEN 'in review' ELSE 'launched' "
                  "END, date(s + 20 * 86400, 'unixepoch'), s, iif(s > {}, NULL, s + 5 * 86400), iif(s > {}, NULL, s + "
                  "9 * 86400), s + 86400, zeroblob(16) FROM (SELECT i, {} + i * {} / {} AS s FROM n)",
                  columns, hash("5"), k_bench_now - 7 * 86'400, k_bench_now - 7 * 86'400, k_bench_now - 7 * 86'400,
                  k_start, k_year, size.launches()));
  for (int h = 0; h < size.history; ++h)
    run(db, fmt::format(
                "INSERT INTO launch_review_past ({0}, superseded_at) SELECT source_id, id, stream_id, title, service, "
                "program, tier, phase, 'submitted', date(submitted_at + {1} * 86400, 'unixepoch'), submitted_at, NULL, "
                "NULL, submitted_at + {2}, hash, submitted_at + {3} FROM launch_review_current",
                columns, 10 + h, 86'400 / size.history * h,
                h + 1 == size.history ? 86'400 : 86'400 / size.history * (h + 1)));
  run(db, numbers(size.launches() * 3) +
              fmt::format(
                  " INSERT INTO launch_approval_current (source_id, id, stream_id, launch_id, area, approver, status, "
                  "requested_at, observed_at, hash) SELECT 2, 'G' || i, 5, 'LR-' || (i / 3), CASE i % 3 WHEN 0 THEN "
                  "'security' WHEN 1 THEN 'sre' ELSE 'legal' END, 'owner', iif(i / 3 > {} * 0.98, 'pending', "
                  "'approved'), {}, {}, zeroblob(16) FROM n",
                  size.launches(), k_start, k_start));
  run(db, numbers(1000) +
              fmt::format(
                  " INSERT INTO milestone_current (source_id, id, stream_id, program_id, title, owner, status, "
                  "due_date, observed_at, hash) SELECT 4, 'M' || i, 4, 'P' || (i % 20), 'Milestone ' || i, 'owner', "
                  "iif(i % 3, 'done', 'open'), date({0} + i * 31536, 'unixepoch'), {0} + 100 * 86400, zeroblob(16) "
                  "FROM n",
                  k_start));
  for (int h = 0; h < size.history; ++h)
    run(db, fmt::format(
                "INSERT INTO milestone_past (source_id, id, stream_id, program_id, title, owner, status, due_date, "
                "observed_at, hash, superseded_at) SELECT source_id, id, stream_id, program_id, title, owner, 'open', "
                "date(due_date, '-{0} days'), {1} + 100 * 86400 / {2} * {3}, hash, {1} + iif({3} + 1 = {2}, 100 * "
                "86400, 100 * 86400 / {2} * ({3} + 1)) FROM milestone_current",
                5 * (size.history - h), k_start, size.history, h));
}

void fill_capacity(store::Database& db, const StoreSize& size) {
  run(db,
      numbers(size.resources()) +
          fmt::format(" INSERT INTO capacity_resource_current (source_id, id, stream_id, name, kind, unit, service, "
                      "capacity_limit, lead_time_days, observed_at, hash) SELECT 3, 'R' || i, 8, 'disk ' || i, 'disk', "
                      "'GB', 'service-' || i, 1000.0, 30.0, {}, zeroblob(16) FROM n",
                      k_start));
  run(db, numbers(size.resources()) +
              " INSERT INTO capacity_sample_series (key, source_id, stream_id, series_text, resource_id) "
              "SELECT i + 1, 3, 3, json_array('R' || i), 'R' || i FROM n");
  for (std::int64_t resource = 0; resource < size.resources(); ++resource)
    run(db,
        numbers(size.samples_each()) +
            fmt::format(" INSERT INTO capacity_sample_value (series, at, observed_at, used) SELECT {}, s, s + 60, {} + "
                        "(i * 1.0 / {}) * {} + ({} % 200) / 10.0 FROM (SELECT i, {} + i * {} / {} AS s FROM n)",
                        resource + 1, 200 + resource, size.samples_each(), 100 + resource * 4, hash("9"), k_start,
                        k_year, size.samples_each()));
}

}  // namespace

void fill_store(const std::filesystem::path& folder, const StoreSize& size) {
  std::filesystem::create_directories(folder / ".sitrep");
  std::ofstream(folder / "sitrep.toml") << "[workspace]\nname = \"Bench\"\n";
  store::Options options;
  options.access = store::Access::read_write;
  options.now = unix_time(k_bench_now);
  auto store = store::Store::open(folder / ".sitrep/store.db", options);
  auto& db = store.db();
  std::vector<const model::Entity*> versioned;
  for (const auto& entity : store.entities())
    if (entity.keeping == model::Keeping::versions) versioned.push_back(&entity);
  db.execute("PRAGMA synchronous = OFF");
  store::Transaction transaction(db);
  for (const auto* entity : versioned) store::drop_indexes(db, *entity);
  fill_names(db);
  fill_incidents(db, size);
  fill_launches(db, size);
  fill_capacity(db, size);
  store::rebuild_sample_days(db);
  store::rebuild_incident_packs(db);
  for (const auto* entity : versioned) {
    store::ensure_indexes(db, *entity);
    store::ensure_seen_index(db, *entity);
  }
  transaction.commit();
}

}  // namespace sitrep::bench
