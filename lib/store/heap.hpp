#pragma once

#include <cstdint>

namespace sitrep::store {

/// While it lives, SQLite gets no more than `bytes` beyond what it held for this thread: what needs more fails with
/// SQLITE_NOMEM. Other threads are not concerned. One inside another holds until it ends.
///
/// SQLite's own limit is the whole process's, and to keep its book every allocation of every thread waits for one lock:
/// a tenth of the time of a report that reads from several.
class HeapLimit {
 public:
  explicit HeapLimit(std::int64_t bytes);
  ~HeapLimit();
  HeapLimit(const HeapLimit&) = delete;
  HeapLimit& operator=(const HeapLimit&) = delete;

 private:
  std::int64_t before_;
};

}  // namespace sitrep::store
