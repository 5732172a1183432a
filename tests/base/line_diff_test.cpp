#include "base/line_diff.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sitrep;

TEST_CASE("show_difference shows what differs with a line around it") {
  const std::string before = "a\nb\nc\nd\ne\nf\n";
  struct Case {
    std::string name, after, shown;
  };
  const Case cases[] = {{"nothing", before, ""},
                        {"a line changed", "a\nb\nC\nd\ne\nf\n", "  b\n- c\n+ C\n  d\n"},
                        {"the first and the last", "A\nb\nc\nd\ne\nF\n", "- a\n+ A\n  b\n…\n  e\n- f\n+ F\n"},
                        {"a line more at the end", before + "g\n", "  f\n+ g\n"},
                        {"all gone", "", "- a\n- b\n- c\n- d\n- e\n- f\n"}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(show_difference(before, c.after) == c.shown);
  }
}

TEST_CASE("diff_lines keeps the longest common part, also of texts too large for the exact way") {
  std::string common, many;
  for (const auto& line : diff_lines("x\na\nb\ny\n", "a\nz\nb\n"))
    if (line.mark == ' ') common += line.text;
  CHECK(common == "ab");
  for (int i = 0; i < 3000; ++i) many += std::to_string(i) + "\n";
  const auto lines = diff_lines("same\n" + many + "end\n", "same\nother\n" + many + many + "end\n");
  CHECK(lines.front().mark == ' ');
  CHECK(lines.back().mark == ' ');
  std::size_t after = 0;
  for (const auto& line : lines) after += line.mark != '-' ? 1 : 0;
  CHECK(after == 6003);
}
