#include "docs/queries_ahead.hpp"

#include <algorithm>
#include <thread>

#include "docs/sql.hpp"

namespace sitrep::docs {

using templating::Value;

QueriesAhead::QueriesAhead(store::Store& store, std::vector<NamedQuery> queries,
                           std::map<std::string, Value> parameters)
    : parameters_(std::move(parameters)) {
  // A store in memory has one connection for all.
  if (queries.empty() || store.file().empty() || std::thread::hardware_concurrency() < 2) return;
  for (auto& query : queries) entries_.emplace_back().query = std::move(query);
  worker_ = std::async(std::launch::async, [this, &store] { work(store); });
}

QueriesAhead::~QueriesAhead() {
  stopped_ = true;
  if (worker_.valid()) worker_.wait();
}

void QueriesAhead::work(store::Store& store) {
  while (auto* entry = next()) {
    try {
      if (!box_) {
        store::QueryLimits limits;
        limits.stopped = &stopped_;
        box_ = std::make_unique<store::QueryBox>(store, limits);
      }
      entry->rows = run_sql(*box_, entry->query.sql, entry->query.name, parameters_);
    } catch (...) {
      entry->failure = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    entry->progress = Progress::done;
    done_.notify_all();
  }
}

std::unique_ptr<store::QueryBox> QueriesAhead::take_box() {
  if (!worker_.valid() || worker_.wait_for(std::chrono::seconds{0}) != std::future_status::ready) return nullptr;
  return std::move(box_);
}

QueriesAhead::Entry* QueriesAhead::next() {
  const std::scoped_lock lock(mutex_);
  const auto at = std::ranges::find(entries_, Progress::waiting, &Entry::progress);
  if (stopped_ || at == entries_.end()) return nullptr;
  at->progress = Progress::running;
  return &*at;
}

std::optional<Value> QueriesAhead::take(std::string_view name) {
  std::unique_lock lock(mutex_);
  const auto at = std::ranges::find(entries_, name, [](const Entry& entry) { return entry.query.name; });
  if (at == entries_.end()) return std::nullopt;
  if (at->progress == Progress::waiting) at->progress = Progress::elsewhere;
  if (at->progress == Progress::elsewhere) return std::nullopt;
  done_.wait(lock, [&] { return at->progress == Progress::done; });
  if (at->failure) std::rethrow_exception(at->failure);
  return at->rows;
}

}  // namespace sitrep::docs
