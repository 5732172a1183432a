#include <doctest/doctest.h>

#include <cstdint>

#include <string>

#include "base/error.hpp"
#include "docs/front_matter.hpp"
#include "docs/generated.hpp"

using namespace sitrep;
using namespace std::string_literals;

TEST_CASE("docs::find_blocks reads what write_block wrote, whatever the content and arguments hold") {
  const std::string arguments = "{\"id\":\"a--> <!-- b\",\"n\":-3}";
  for (const std::string content : {"", "text", "| a |\n| --- |\n| b |", "<!-- sitrep:end -->",
                                    "<!-- sitrep:begin x {} sha256=0 -->", "a\n\n\nb"}) {
    CAPTURE(content);
    const auto document = "# Title\n\n" + docs::write_block("facts", arguments, content) + "\n\nafter\n";
    const auto blocks = docs::find_blocks(document, "d.md");
    REQUIRE(blocks.size() == 1);
    CHECK(blocks[0].name == "facts");
    CHECK(blocks[0].line == 3);
    CHECK_FALSE(blocks[0].edited());
    CHECK(document.substr(blocks[0].end) == "\n\nafter\n");
  }
}

TEST_CASE("docs::Block::edited tells a person's words from an editor's blanks") {
  auto document = docs::write_block("facts", "{}", "one\ntwo");
  CHECK_FALSE(docs::find_blocks(document, "d")[0].edited());
  auto blanks = document;
  blanks.replace(blanks.find("one\n"), 4, "one  \r\n");
  CHECK_FALSE(docs::find_blocks(blanks, "d")[0].edited());
  document.replace(document.find("two"), 3, "2");
  CHECK(docs::find_blocks(document, "d")[0].edited());
}

TEST_CASE("docs::find_blocks refuses blocks that it can't read, with their line") {
  struct Case {
    const char *document, *part;
  };
  const Case cases[] = {
      {"x\n<!-- sitrep:begin a {} sha256=0 -->\ntext\n", "d.md:2: the generated block is not closed"},
      {"<!-- sitrep:begin a {} sha256=0 -->\n<!-- sitrep:begin b {} sha256=0 -->\n<!-- sitrep:end -->",
       "d.md:1: the generated block is not closed"},
      {"<!-- sitrep:begin a sha256=0 -->\n<!-- sitrep:end -->", "no arguments"},
      {"<!-- sitrep:begin a {oops} sha256=0 -->\n<!-- sitrep:end -->", "can't be read"},
      {"<!-- sitrep:begin A.b {} sha256=0 -->\n<!-- sitrep:end -->", "its name is not one"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.document));
    try {
      docs::find_blocks(c.document, "d.md");
      FAIL("read");
    } catch (const Error& error) {
      CAPTURE(std::string(error.what()));
      CHECK(std::string(error.what()).find(c.part) != std::string::npos);
      CHECK(error.kind() == ErrorKind::data);
    }
  }
  CHECK(docs::find_blocks("no blocks\n", "d.md").empty());
}

TEST_CASE("docs::parse_front_matter reads fields in order with their lines") {
  const auto matter =
      docs::parse_front_matter("---\ntitle: \"A: b\"\nowner:\ntags: [x, y]\ndate: 2026-11-16\n---\n# Body\n", "d.md");
  REQUIRE(matter.fields.size() == 4);
  CHECK(matter.text("title") == "A: b");
  CHECK_FALSE(matter.text("owner"));
  CHECK(matter.find("tags")->values == std::vector<std::string>{"x", "y"});
  CHECK(matter.find("date")->line == 5);
  CHECK(matter.body == "# Body\n");
  CHECK(matter.body_line == 7);
  CHECK(docs::parse_front_matter("# no matter\n", "d.md").fields.empty());
}

TEST_CASE("docs::parse_front_matter refuses what front matter must not be, with its place") {
  struct Case {
    const char *document, *part;
  };
  const Case cases[] = {{"---\na: 1\n", "d.md:1:1: the front matter opened by --- is not closed"},
                        {"---\na: [\n---\n", "d.md:"},
                        {"---\n- a\n---\n", "must be a list of"},
                        {"---\na: {b: c}\n---\n", "nothing deeper"},
                        {"---\na: 1\na: 2\n---\n", "d.md:3:1: 'a' stands there twice"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.document));
    try {
      docs::parse_front_matter(c.document, "d.md");
      FAIL("read");
    } catch (const Error& error) {
      CAPTURE(std::string(error.what()));
      CHECK(std::string(error.what()).find(c.part) != std::string::npos);
    }
  }
}

TEST_CASE("docs::write_front_matter writes values that read back as themselves") {
  for (const std::string value : {"plain", "a: b", "yes", "007", "1e3", "2026-11-16", "# x", "- x", "\"quoted\"",
                                  "back\\slash", "null", "~", "a, b", "Zürich", "*x", "@x", "trailing "}) {
    CAPTURE(value);
    const auto text =
        docs::write_front_matter({{"v", {value}, false, 0}, {"l", {value, "b"}, true, 0}, {"none", {}, false, 0}});
    const auto matter = docs::parse_front_matter(text, "d");
    CHECK(matter.text("v") == value);
    CHECK(matter.find("l")->values.front() == value);
    CHECK_FALSE(matter.text("none"));
  }
}

TEST_CASE("docs::set_field changes one field and no other byte") {
  const std::string document = "---\ntitle: x  # why\nstatus: draft\n---\nbody\n";
  CHECK(docs::set_field(document, "status", "filed", "d") == "---\ntitle: x  # why\nstatus: filed\n---\nbody\n");
  CHECK(docs::set_field(document, "id", "LR-1", "d") == "---\ntitle: x  # why\nstatus: draft\nid: LR-1\n---\nbody\n");
  CHECK(docs::set_field("body\n", "id", "LR-1", "d") == "---\nid: LR-1\n---\nbody\n");
}

TEST_CASE("docs::set_field refuses front matter that it would change otherwise, and says what to write") {
  for (const std::string document :
       {"---\n{a: 1}\n---\nx\n", "---\na: &x 1\nid: *x\nb: *x\n---\n", "---\n? id\n: old\n---\n"}) {
    CAPTURE(document);
    try {
      const auto changed = docs::parse_front_matter(docs::set_field(document, "id", "LR-1", "d"), "d");
      CHECK(changed.text("id") == "LR-1");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find("by hand") != std::string::npos);
    }
  }
}

TEST_CASE("front matter and blocks, mutated: read, or refused in one line; a field that is set changes nothing else") {
  const std::string seed =
      "---\ntype: launch-review\ntitle: \"A: b\"\ntags: [x, 'y z']\nnote: >\n  folded\n  text\nid:\n---\n# T\n\n"
      "<!-- sitrep:begin a {\"id\":\"1\"} sha256=00 -->\nx\n<!-- sitrep:end -->\n";
  const std::string bytes = "-:[]{}'\"#&*!|>%@`\n\r\t ,?\x80\xff\0x"s;
  std::uint32_t state = 12345;
  const auto random = [&](std::size_t below) {
    state = state * 1664525 + 1013904223;
    return static_cast<std::size_t>(state >> 8) % below;
  };
  int set = 0;
  for (int round = 0; round < 3000; ++round) {
    auto text = seed;
    for (std::size_t n = 1 + random(4); n > 0; --n) {
      const auto at = random(text.size());
      if (random(3) == 0)
        text.erase(at, 1 + random(6));
      else if (random(2) == 0)
        text.insert(at, 1, bytes[random(bytes.size())]);
      else
        text[at] = bytes[random(bytes.size())];
    }
    CAPTURE(text);
    try {
      docs::find_blocks(text, "d");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
    }
    try {
      const auto matter = docs::parse_front_matter(text, "d");
      CHECK(text.ends_with(matter.body));
      const auto changed = docs::parse_front_matter(docs::set_field(text, "id", "LR-1", "d"), "d");
      CHECK(changed.text("id") == "LR-1");
      CHECK(changed.body == matter.body);
      ++set;
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
    }
  }
  CHECK(set > 500);
}
