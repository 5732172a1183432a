#include "store/heap.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <future>

using namespace sitrep;

namespace {

bool can_get(int bytes) {
  void* block = sqlite3_malloc(bytes);
  sqlite3_free(block);
  return block != nullptr;
}

constexpr int k_mega = 1 << 20;

}  // namespace

TEST_CASE("store::HeapLimit bounds what its thread takes while it lives") {
  sqlite3_initialize();
  CHECK(can_get(8 * k_mega));
  {
    const store::HeapLimit limit(2 * k_mega);
    CHECK(can_get(k_mega));
    CHECK(can_get(k_mega));  // the first one was given back
    CHECK_FALSE(can_get(8 * k_mega));
    CHECK(std::async(std::launch::async, [] { return can_get(8 * k_mega); }).get());
    void* held = sqlite3_malloc(k_mega);
    REQUIRE(held != nullptr);
    CHECK_FALSE(can_get(2 * k_mega));
    CHECK(sqlite3_realloc(held, 4 * k_mega) == nullptr);
    {
      const store::HeapLimit wider(64 * k_mega);  // one inside holds no more than the one around it
      CHECK_FALSE(can_get(8 * k_mega));
    }
    {
      const store::HeapLimit narrower(1024);
      CHECK_FALSE(can_get(k_mega / 2));
    }
    CHECK(can_get(k_mega / 2));
    sqlite3_free(held);
  }
  CHECK(can_get(8 * k_mega));
}
