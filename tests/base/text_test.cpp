#include "base/text.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace sitrep;

TEST_CASE("closest finds typing errors and leaves strangers alone") {
  constexpr std::array<std::string_view, 4> k_names = {"interval", "incidents", "launches", "id"};
  CHECK(closest("intervall", k_names) == "interval");
  CHECK(closest("incidnets", k_names) == "incidents");  // two neighbours swapped
  CHECK(closest("LAUNCHES", k_names) == "launches");
  CHECK_FALSE(closest("capacity", k_names).has_value());
  CHECK_FALSE(closest("x", std::span<const std::string_view>{}).has_value());
  CHECK(did_you_mean("intervall", k_names) == "; did you mean 'interval'?");
  CHECK(did_you_mean("capacity", k_names).empty());
}

TEST_CASE("visible leaves no byte that a terminal would obey") {
  struct Case {
    const char* name;
    std::string_view text, expected;
  };
  using namespace std::string_view_literals;
  const Case cases[] = {
      {"plain UTF-8 stays", "Größe 東京 🙂", "Größe 東京 🙂"},
      {"escape sequence", "\x1b[31mred", "\\x1b[31mred"},
      {"line breaks and tabs", "a\nb\tc\r", "a\\nb\\tc\\r"},
      {"C1 control",
       "\xc2\x9b"
       "31m",
       "\\x9b31m"},
      {"bidi override",
       "\xe2\x80\xae"
       "evil",
       "\\u202eevil"},
      {"invalid UTF-8", "\xff\xfe", "\\xff\\xfe"},
      {"overlong slash", "\xc0\xaf", "\\xc0\\xaf"},
      {"NUL", "a\0b"sv, "a\\x00b"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(visible(c.text) == c.expected);
  }
}

TEST_CASE("repair_utf8 replaces each maximal invalid part by one U+FFFD and counts it") {
  std::size_t replaced = 0;
  CHECK(repair_utf8("a\xe2\x82z\xf0\x9f\x99", &replaced) == "a\xEF\xBF\xBDz\xEF\xBF\xBD");
  CHECK(replaced == 2);
  CHECK(is_valid_utf8("東京"));
  CHECK_FALSE(is_valid_utf8("\xed\xa0\x80"));  // a surrogate
}

TEST_CASE("display_width counts columns, not bytes") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("東京") == 4);
  CHECK(display_width("e\xcc\x81") == 1);  // e and a combining acute accent
  CHECK(display_width("\x1b") == 4);       // as visible() prints it
  CHECK(truncate_display("abcdef", 4) == "abc…");
  CHECK(truncate_display("東京都", 4) == "東…");
  CHECK(truncate_display("abc", 3) == "abc");
  CHECK(truncate_display("abc", 0).empty());
}

TEST_CASE("counts and slugs read well") {
  CHECK(count_of(1, "row") == "1 row");
  CHECK(count_of(1214, "row") == "1,214 rows");
  CHECK(count_of(0, "entry", "entries") == "0 entries");
  CHECK(group_thousands(-1234567) == "-1,234,567");
  CHECK(group_thousands(-123) == "-123");
  CHECK(slug("Checkout: Wallets & more!") == "checkout-wallets-more");
  CHECK(slug("東京") == "untitled");
  CHECK(slug(std::string(100, 'a')).size() == 60);
}

TEST_CASE("split, trim, replace") {
  CHECK(split_views("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split_views("", ',').size() == 1);
  CHECK(trim_view(" \t x y \n") == "x y");
  CHECK(trim_view("  ").empty());
  CHECK(replace_all("aXbX", "X", "--") == "a--b--");
  CHECK(equal_ignoring_case("Retry-After", "retry-after"));
  CHECK_FALSE(equal_ignoring_case("a", "ab"));
}
