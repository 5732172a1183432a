#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bench {

constexpr std::size_t k_columns = 12;  // id first; five text columns, then times, then text
/// A record's mapped columns: text, or seconds where `is_time`.
struct Row {
  std::array<std::string_view, k_columns> text;
  std::array<std::int64_t, k_columns> time{};
};
constexpr std::array<bool, k_columns> k_is_time = {false, false, false, false, false, false,
                                                   false, true,  true,  true,  true,  false};

/// The best SQLite layout known for this job: a rowid table without indexes while it loads, batches of 10,000 rows, a
/// large cache, rare checkpoints, indexes built at the end; for a re-sync a map of id → content hash read in rowid
/// order.
class Store {
 public:
  explicit Store(const std::string& file);
  ~Store();

  /// Before the first put(): what the table holds already.
  void begin();
  void put(const Row& row);
  void finish();
  std::int64_t added() const { return added_; }
  std::int64_t unchanged() const { return unchanged_; }

  /// One pass over the table: counts by week and severity, median time to mitigate. The sum of all, so that no compiler
  /// drops the work.
  std::int64_t report();

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
  void run(const char* sql);
  Statement prepare(const char* sql);
  void load_known();

  sqlite3* db_ = nullptr;
  Statement insert_;
  bool first_ = false;  // the table was empty
  std::unordered_map<std::string, std::uint64_t> known_;
  std::int64_t in_batch_ = 0, added_ = 0, unchanged_ = 0;
};

}  // namespace bench
