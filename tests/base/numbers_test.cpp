#include "base/numbers.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>

using namespace sitrep;

TEST_CASE("numbers are read whole or not at all") {
  CHECK(parse_integer("-42") == -42);
  CHECK(parse_integer("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  for (const char* wrong : {"", " 1", "1 ", "1.0", "+1", "0x10", "9223372036854775808"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_integer(wrong).has_value());
  }
  CHECK(parse_real("1e3") == 1000.0);
  for (const char* wrong : {"", "NaN", "inf", "1e400", "1,5", "1 "}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_real(wrong).has_value());
  }
}

TEST_CASE("numbers are printed the same everywhere") {
  CHECK(format_real(0.1) == "0.1");
  CHECK(format_real(3.0) == "3");
  CHECK(format_real(-0.0) == "0");
  CHECK(format_real(1e300) == "1e+300");
  CHECK(format_fixed(12345.678, 1) == "12,345.7");
  CHECK(format_fixed(-0.04, 1) == "0.0");
  CHECK(format_fixed(-1234.5, 0) == "-1,234");
  CHECK(format_fixed(999, 2) == "999.00");
}

TEST_CASE("compensated_sum keeps what a plain sum loses") {
  const std::array<double, 4> values = {1.0, 1e100, 1.0, -1e100};  // Neumaier's example: plain 0, Kahan 0
  CHECK(compensated_sum(values) == 2.0);
}

TEST_CASE("format_amount: three digits, whole from 100 on, never in powers of ten where people read it") {
  const struct {
    double value;
    const char* text;
  } cases[] = {{0, "0"},           {1, "1"},          {1.5, "1.5"},           {9.25, "9.25"},
               {9.999, "10"},      {12.34, "12.3"},   {99.96, "100"},         {100.4, "100"},
               {12288, "12,288"},  {40000, "40,000"}, {1e9, "1,000,000,000"}, {-1234.5, "-1,234"},
               {0.0031, "0.0031"}, {0.25, "0.25"},    {1e-7, "1e-07"},        {-0.5, "-0.5"}};
  for (const auto& c : cases) {
    CAPTURE(c.value);
    CHECK(format_amount(c.value) == c.text);
  }
}
