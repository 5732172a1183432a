#include "forecast/conformal.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

TEST_CASE("forecast::conformal_rank gives the ranks of the recipe and refuses too few errors") {
  struct Case {
    std::size_t n;
    double level;
    std::size_t rank;
  };
  const Case cases[] = {{52, 0.8, 43},  {52, 0.9, 48}, {52, 0.95, 51}, {20, 0.8, 17}, {20, 0.9, 19}, {20, 0.95, 20},
                        {19, 0.95, 19}, {18, 0.95, 0}, {4, 0.8, 4},    {3, 0.8, 0},   {0, 0.8, 0}};
  for (const auto& c : cases) {
    CAPTURE(c.n);
    CAPTURE(c.level);
    CHECK(forecast::conformal_rank(c.n, c.level) == c.rank);
  }
  std::vector<double> errors{5, 1, 4, 2};
  CHECK(forecast::conformal_half_width(errors, 0.8) == 5);
  CHECK_FALSE(forecast::conformal_half_width(errors, 0.95));
}
