#include "store/heap.hpp"

#include <malloc.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace sitrep::store {
namespace {

// What is given back by another thread than the one that took it counts there: a limit holds for what is taken while it
// lives, which one thread does.
thread_local std::int64_t t_held = 0;
thread_local std::int64_t t_most = std::numeric_limits<std::int64_t>::max();

std::int64_t size_of(void* block) { return static_cast<std::int64_t>(malloc_usable_size(block)); }

void* take(int bytes) {
  if (t_held > t_most - bytes) return nullptr;
  void* block = std::malloc(static_cast<std::size_t>(bytes));
  if (block != nullptr) t_held += size_of(block);
  return block;
}

void give_back(void* block) {
  t_held -= size_of(block);
  std::free(block);
}

void* resize(void* block, int bytes) {
  const auto before = size_of(block);
  if (t_held - before > t_most - bytes) return nullptr;
  void* resized = std::realloc(block, static_cast<std::size_t>(bytes));
  if (resized != nullptr) t_held += size_of(resized) - before;
  return resized;
}

int size(void* block) { return static_cast<int>(size_of(block)); }
int round_up(int bytes) { return (bytes + 7) & ~7; }
int start(void*) { return SQLITE_OK; }
void stop(void*) {}

/// SQLite takes this no more once it is in use.
const bool k_installed = [] {
  static const sqlite3_mem_methods k_methods = {take, give_back, resize, size, round_up, start, stop, nullptr};
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &k_methods) == SQLITE_OK &&
         sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
}();

}  // namespace

HeapLimit::HeapLimit(std::int64_t bytes) : before_(t_most) {
  if (k_installed) t_most = std::min(before_, t_held + bytes);
}

HeapLimit::~HeapLimit() { t_most = before_; }

}  // namespace sitrep::store
