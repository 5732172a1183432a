#include "base/business_days.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sitrep;

namespace {

Date november(unsigned day) {
  return std::chrono::year{2026} / std::chrono::November / std::chrono::day{day};  // the 16th is a Monday
}

}  // namespace

TEST_CASE("business_days counts the weekdays after the first day, the last one included") {
  struct Case {
    std::string name;
    unsigned from, to;
    std::int64_t expected;
  };
  const Case cases[] = {{"the same day", 16, 16, 0},     {"Monday to the next", 16, 23, 5},
                        {"Friday to Monday", 20, 23, 1}, {"Saturday to Monday", 21, 23, 1},
                        {"Friday to Sunday", 20, 22, 0}, {"Sunday to Monday", 22, 23, 1},
                        {"backwards", 23, 20, -1},       {"two weeks", 2, 16, 10}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(business_days(november(c.from), november(c.to), {}) == c.expected);
  }
}

TEST_CASE("business_days leaves out holidays, but for those on a weekend") {
  std::set<Date> holidays;
  add_holiday(holidays, november(26), november(28));
  CHECK(business_days(november(23), november(30), holidays) == 3);
  CHECK_FALSE(is_business_day(november(26), holidays));
  CHECK(is_business_day(november(25), holidays));
}

TEST_CASE("business_days agrees with counting day by day, also before 1970") {
  const Date start{std::chrono::days{-1000}};
  for (int length = 0; length < 1500; ++length) {
    std::int64_t counted = 0;
    for (Date day = start + std::chrono::days{1}; day <= start + std::chrono::days{length}; day += std::chrono::days{1})
      counted += is_business_day(day, {}) ? 1 : 0;
    REQUIRE(business_days(start, start + std::chrono::days{length}, {}) == counted);
  }
}
