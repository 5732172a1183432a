#include "render/format.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "render/figure.hpp"

using namespace sitrep;
using namespace sitrep::render;

TEST_CASE("render numbers: what is absent or not finite is never a number") {
  for (const auto& value :
       {std::optional<double>(), std::optional(std::nan("")), std::optional(std::numeric_limits<double>::infinity())}) {
    CHECK(percent(value) == "n/a");
    CHECK(number(value) == "n/a");
    CHECK(with_unit(value, "TB") == "n/a");
    CHECK(interval(value, 1.0, "TB").empty());
    CHECK(interval(1.0, value, "seconds").empty());
  }
  CHECK(write_value(std::nan(""), {}) == "no data");
  CHECK(too_few(3, 6) == "n/a (n = 3, need 6)");
}

TEST_CASE("render numbers carry their unit and drop empty decimals") {
  CHECK(percent(0.8312) == "83\u00a0%");
  CHECK(percent(0.0312, 1) == "3.1\u00a0%");
  CHECK(percent(-0.0001) == "-0.01\u00a0%");
  CHECK(percent(-0.0001, 0) == "0\u00a0%");
  CHECK(percent(0.999) == "99.9\u00a0%");
  CHECK(percent(0.99996) == "99.996\u00a0%");
  CHECK(percent(1 - 1e-12) == "100\u00a0%");
  CHECK(percent(0.004) == "0.4\u00a0%");
  CHECK(percent(1) == "100\u00a0%");
  CHECK(percent(0) == "0\u00a0%");
  CHECK(percent(1e-12) == "0\u00a0%");
  CHECK(number(1234.5) == "1,234.5");
  CHECK(number(-0.001) == "0");
  CHECK(with_unit(12.34, "TB") == "12.3\u00a0TB");
  CHECK(with_unit(1234.5, "cores") == "1,234\u00a0cores");
  CHECK(sample_size(1214) == "n = 1,214");
}

TEST_CASE("render::interval names a unit once when both ends share it") {
  CHECK(interval(1080, 2520, "seconds") == "18–42 min");
  CHECK(interval(0.25, 0.5, "ratio") == "25–50\u00a0%");
  CHECK(interval(0.5, 3.1, "") == "0.5–3.1");
  CHECK(interval(45, 4000, "seconds").find("–") != std::string::npos);
}

TEST_CASE("render::write_value scales large numbers") {
  CHECK(write_value(0, {}) == "0");
  CHECK(write_value(1214, {}) == "1,214");
  CHECK(write_value(2500000, {false, "req"}) == "2.5 M req");
  CHECK(write_value(0.25, {true, ""}) == "25 %");
  CHECK(write_value(0.25, {}) == "0.25");
}
