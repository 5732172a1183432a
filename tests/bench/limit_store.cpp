#include "limit_store.hpp"

#include <xxhash.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <vector>

namespace bench {
namespace {

constexpr std::int64_t k_batch_rows = 10'000;

std::uint64_t content_hash(const Row& row) {
  static XXH3_state_t* const state = XXH3_createState();
  XXH3_64bits_reset(state);
  for (std::size_t c = 1; c < k_columns; ++c) {
    if (k_is_time[c]) {
      XXH3_64bits_update(state, &row.time[c], sizeof row.time[c]);
    } else {
      const auto size = row.text[c].size();
      XXH3_64bits_update(state, &size, sizeof size);
      XXH3_64bits_update(state, row.text[c].data(), size);
    }
  }
  return XXH3_64bits_digest(state);
}

}  // namespace

Store::Store(const std::string& file) {
  if (sqlite3_open(file.c_str(), &db_) != SQLITE_OK) throw std::runtime_error("cannot open " + file);
  run("pragma journal_mode=wal; pragma synchronous=normal; pragma cache_size=-65536; pragma wal_autocheckpoint=25000;"
      "create table if not exists incident(key integer primary key, id text, title text, service text, team text,"
      " severity text, status text, kind text, started_at integer, detected_at integer, mitigated_at integer,"
      " resolved_at integer, cause text, hash integer, observed_at integer) strict;");
}

void Store::begin() {
  load_known();
  first_ = known_.empty();
  if (first_) known_.reserve(1 << 20);
  insert_ = prepare(
      "insert into incident(id, title, service, team, severity, status, kind, started_at, detected_at,"
      " mitigated_at, resolved_at, cause, hash, observed_at) values(?,?,?,?,?,?,?,?,?,?,?,?,?,1)");
}

Store::~Store() {
  insert_.reset();
  sqlite3_close(db_);
}

void Store::run(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
}

Store::Statement Store::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  return Statement(statement);
}

void Store::load_known() {
  const auto all = prepare("select id, hash from incident order by key");
  while (sqlite3_step(all.get()) == SQLITE_ROW) {
    const auto* id = reinterpret_cast<const char*>(sqlite3_column_text(all.get(), 0));
    known_.emplace(std::string(id, static_cast<std::size_t>(sqlite3_column_bytes(all.get(), 0))),
                   static_cast<std::uint64_t>(sqlite3_column_int64(all.get(), 1)));
  }
}

void Store::put(const Row& row) {
  const std::uint64_t hash = content_hash(row);
  const auto [known, fresh] = known_.try_emplace(std::string(row.text[0]), hash);
  if (!fresh && known->second == hash) {
    ++unchanged_;
    return;
  }
  known->second = hash;
  if (in_batch_ == 0) run("begin immediate");
  for (std::size_t c = 0; c < k_columns; ++c) {
    const int at = static_cast<int>(c) + 1;
    if (k_is_time[c])
      sqlite3_bind_int64(insert_.get(), at, row.time[c]);
    else
      sqlite3_bind_text(insert_.get(), at, row.text[c].data(), static_cast<int>(row.text[c].size()), SQLITE_STATIC);
  }
  sqlite3_bind_int64(insert_.get(), static_cast<int>(k_columns) + 1, static_cast<std::int64_t>(hash));
  if (sqlite3_step(insert_.get()) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db_));
  sqlite3_reset(insert_.get());
  ++added_;
  if (++in_batch_ == k_batch_rows) {
    run("commit");
    in_batch_ = 0;
  }
}

void Store::finish() {
  if (in_batch_ > 0) run("commit");
  in_batch_ = 0;
  if (first_) {
    run("create unique index incident_id on incident(id);"
        "create index incident_report on incident(started_at, severity, service, status, resolved_at);");
  }
  run("pragma wal_checkpoint(truncate)");
}

std::int64_t Store::report() {
  const auto all = prepare("select started_at, mitigated_at, severity from incident");
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> counts;
  std::map<std::int64_t, std::vector<std::int64_t>> durations;
  std::int64_t sum = 0;
  while (sqlite3_step(all.get()) == SQLITE_ROW) {
    const auto started = sqlite3_column_int64(all.get(), 0);
    const auto week = started / (7 * 86400);
    ++counts[{week, reinterpret_cast<const char*>(sqlite3_column_text(all.get(), 2))}];
    durations[week].push_back(sqlite3_column_int64(all.get(), 1) - started);
  }
  for (auto& [week, values] : durations) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    sum += *middle;
  }
  for (const auto& [key, count] : counts) sum += count;
  return sum;
}

}  // namespace bench
