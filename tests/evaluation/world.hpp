#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "evaluation/evaluator.hpp"
#include "model/rows.hpp"
#include "store/store.hpp"
#include "store/stream_writer.hpp"

namespace sitrep::test {

/// Monday 2026-11-16 08:00 UTC: the last complete week is the one of 2026-11-09.
inline const UnixTime k_now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 16} + std::chrono::hours{8};
inline const UnixTime k_week = std::chrono::sys_days{std::chrono::year{2026} / 11 / 9};

inline std::int64_t at(int days_into_week, int hours = 0) {
  return unix_seconds(k_week + std::chrono::days{days_into_week} + std::chrono::hours{hours});
}

/// A store in memory that is filled by entity, record by record.
class World {
 public:
  using Cells = std::vector<std::pair<std::string_view, model::Cell>>;

  World() : store_(store::Store::memory(options())) {}
  explicit World(const std::filesystem::path& file) : store_(store::Store::open(file, options())) {}

  /// One run of the entity's stream: adds and changes.
  void put(std::string_view entity, const std::vector<std::pair<std::string, Cells>>& rows,
           UnixTime observed_at = k_now - std::chrono::hours{1}, std::string_view source = "src") {
    const auto& e = *model::find_built_in(entity);
    model::RowBatch batch(e.columns.size());
    for (const auto& [id, cells] : rows) {
      batch.begin_row(id);
      for (const auto& [column, cell] : cells) batch.set(static_cast<std::size_t>(e.index_of(column)), cell);
    }
    store::StreamWriter writer(store_, std::string(source), std::string(entity) + "s", e, store::Pass::partial,
                               observed_at);
    store::RunFacts facts;
    facts.started_at = facts.finished_at = observed_at;
    writer.set_facts(facts);
    writer.put(batch);
    writer.finish("{}", store::Shrink::allow);
  }

  store::Store& store() { return store_; }

  evaluation::Evaluator evaluator(std::string_view own = {}) {
    evaluation::Evaluator::Options o;
    o.now = k_now;
    if (!own.empty()) o.own = config::parse_metrics(own, "sitrep.toml");
    return evaluation::Evaluator(store_, std::move(o));
  }
  evaluation::Window week() { return evaluation::last_complete_window(k_now, PeriodLength::week, Calendar{}); }

 private:
  static store::Options options() {
    store::Options o;
    o.access = store::Access::read_write;
    o.now = k_now;
    return o;
  }
  store::Store store_;
};

}  // namespace sitrep::test
