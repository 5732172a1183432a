#include "cli/visible_stream.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace sitrep;

TEST_CASE("cli::VisibleStream shows what would steer a terminal, however the bytes come in pieces") {
  struct Case {
    std::string text, shown;
  };
  const Case cases[] = {
      {"id,title\r\n1,\tdisk – 日本 😀\n", "id,title\r\n1,\tdisk – 日本 😀\n"},
      {"\x1b[31mred\x1b]0;t\a", "\\u001b[31mred\\u001b]0;t\\u0007"},
      {"\xc2\x9b"
       "31m",
       "\\u009b31m"},
      {"a\u202e"
       "b\u2066"
       "c",
       "a\\u202eb\\u2066c"},
      {"\x7f\b", "\\u007f\\u0008"},
      {"\xff"
       "a\xc3",
       "\\xffa\\xc3"},
      {"", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.shown);
    for (const std::size_t piece : {1U, 2U, 3U, 100U}) {
      std::ostringstream terminal;
      {
        cli::VisibleStream stream(terminal);
        for (std::size_t at = 0; at < c.text.size(); at += piece) stream << c.text.substr(at, piece);
      }
      CHECK(terminal.str() == c.shown);
    }
  }
}

TEST_CASE("cli::VisibleStream hands on what is flushed, and whether it could be written") {
  std::ostringstream terminal;
  cli::VisibleStream stream(terminal);
  stream << "a" << 1 << 'b' << std::flush;
  CHECK(terminal.str() == "a1b");
  terminal.setstate(std::ios::badbit);
  CHECK_THROWS_AS(stream << "more" << std::flush, std::ios::failure);
}
