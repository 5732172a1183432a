#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/query.hpp"
#include "store/store.hpp"
#include "templating/value.hpp"

namespace sitrep::docs {

struct NamedQuery {
  std::string name, sql;
};

/// Queries that a template is going to ask for, run by another processor from the beginning on, in order, by a
/// connection of its own. What nobody asks for is stopped at the end, and its errors are nobody's.
class QueriesAhead {
 public:
  /// The store is borrowed. `parameters` is what the SQL may name.
  QueriesAhead(store::Store& store, std::vector<NamedQuery> queries,
               std::map<std::string, templating::Value> parameters);
  ~QueriesAhead();
  QueriesAhead(const QueriesAhead&) = delete;
  QueriesAhead& operator=(const QueriesAhead&) = delete;

  /// The rows of a query that was begun here, once they are there; Error of what it met. nullopt: it was not, and will
  /// not be: whoever asks runs it.
  std::optional<templating::Value> take(std::string_view name);
  /// Where the queries ran, once all of them did; null before, and again. It is of no use when this object is gone.
  std::unique_ptr<store::QueryBox> take_box();

 private:
  enum class Progress { waiting, running, done, elsewhere };
  struct Entry {
    NamedQuery query;
    Progress progress = Progress::waiting;
    templating::Value rows;
    std::exception_ptr failure;
  };
  void work(store::Store& store);
  /// The next one to run; null: none is left.
  Entry* next();

  std::unique_ptr<store::QueryBox> box_;  // of the worker
  std::vector<Entry> entries_;
  std::map<std::string, templating::Value> parameters_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;  // of progress
  std::condition_variable done_;
  std::future<void> worker_;
};

}  // namespace sitrep::docs
