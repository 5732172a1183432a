#include "render/terminal.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/text.hpp"
#include "render/escape.hpp"
#include "render/wrap.hpp"

using namespace sitrep;
using namespace sitrep::render;

namespace {

std::string text(const std::string& markdown, int width = 60) { return terminal_text(parse_markdown(markdown), width); }

std::size_t widest(const std::string& lines) {
  std::size_t columns = 0;
  for (const auto line : split_views(lines, '\n')) columns = std::max(columns, display_width(line));
  return columns;
}

}  // namespace

TEST_CASE("render::terminal_text lays blocks out with one empty line between them") {
  CHECK(text("# T\n\ntext\n\n- a\n- b\n  - c\n\n2. x\n3. y\n\n> q\n\n```\ncode\n```\n") ==
        "T\n═\n\ntext\n\n• a\n• b\n  • c\n\n2. x\n3. y\n\n  q\n\n  code\n");
}

TEST_CASE("render::terminal_text aligns tables by display width") {
  CHECK(text("| name | n |\n| --- | ---: |\n| 東京 | 1 |\n| Zürich | 12 |\n") ==
        "name     n\n──────  ──\n東京     1\nZürich  12\n");
}

TEST_CASE("render::terminal_text never passes the width that was asked for") {
  const std::string table =
      "| resource | what | why |\n| --- | --- | --- |\n"
      "| ledger-db-primary-disk-eu-west-1 | a sentence that goes on for quite a while without an end in sight | "
      "東京東京東京東京東京東京 |\n";
  for (const int width : {40, 60, 100}) {
    CAPTURE(width);
    CHECK(widest(text(table, width)) <= static_cast<std::size_t>(width));
    CHECK(widest(text("1. word " + std::string(300, 'x') + " and more words to wrap around the end of the line\n",
                      width)) <= static_cast<std::size_t>(width));
  }
}

TEST_CASE("render::terminal_text lets no control byte through") {
  const std::string raw =
      "a \x1b[31m b \u009b c \u202e d `\x1b]0;x\x07`\n\n```\n\x1b[2J\n```\n\n| \x07 |\n| --- |\n| \x08 |\n";
  const auto out = text(raw);
  for (const char c : out) CHECK((c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)));
  CHECK(out.find("\u202e") == std::string::npos);
  CHECK(out.find("\u009b") == std::string::npos);
  CHECK(out.find("\\x1b[31m") != std::string::npos);
}

TEST_CASE("render::wrap breaks at blanks and breaks long words anywhere") {
  CHECK(wrap("aa bb cc", 5) == std::vector<std::string>{"aa bb", "cc"});
  CHECK(wrap("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
  CHECK(wrap("東京都", 4) == std::vector<std::string>{"東京", "都"});
  CHECK(wrap("", 5) == std::vector<std::string>{""});
  CHECK(wrap("a\nb", 5) == std::vector<std::string>{"a", "b"});
}
