#include "policy/outline.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

TEST_CASE("policy::outline_of: sections, headings and links of text alone, with their lines") {
  const auto outline = policy::outline_of(
      "# Title\n\n## First ##\ntext <!-- [no](comment.md) -->\n<!-- ## not\nthis -->\n```\n## nor this "
      "[x](code.md)\n```\n"
      "## Second\nSee [a](x%20y.md#part \"t\"), `[no](c.md)` and ![i](<pic one.png>).\n\n[ref]: ../up.md\n",
      10);
  REQUIRE(outline.sections.size() == 2);
  CHECK(outline.sections[0].title == "First");
  CHECK(outline.sections[0].line == 12);
  CHECK(outline.sections[0].lines.front() == std::pair<std::size_t, std::string>{13, "text"});
  CHECK(outline.find("second") == &outline.sections[1]);
  CHECK(outline.find("third") == nullptr);
  REQUIRE(outline.headings.size() == 3);
  CHECK(outline.headings[0].level == 1);
  REQUIRE(outline.links.size() == 3);
  CHECK(outline.links[0].target == "x%20y.md#part");
  CHECK(outline.links[0].line == 20);
  CHECK(outline.links[1].target == "pic one.png");
  CHECK(outline.links[2].target == "../up.md");
}

TEST_CASE("policy::outline_of: links with parentheses, escapes and broken ends") {
  const auto target = [](const std::string& line) {
    const auto outline = policy::outline_of(line, 1);
    return outline.links.empty() ? std::string("none") : outline.links.front().target;
  };
  CHECK(target("[x](a_(b).md)") == "a_(b).md");
  CHECK(target("[x](a\\).md)") == "a).md");
  CHECK(target("[x](a.md") == "a.md");
  CHECK(target("[x](") == "");
  CHECK(target("``[x](a.md)``") == "none");
  CHECK(target("` [x](a.md)") == "a.md");
}

TEST_CASE("policy::placeholder_in finds words, not parts of words") {
  CHECK(policy::placeholder_in("is TBD.") == "TBD");
  CHECK(policy::placeholder_in("???") == "???");
  CHECK_FALSE(policy::placeholder_in("TODOS and aTBD"));
}
