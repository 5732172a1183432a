#include "render/escape.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/text.hpp"
#include "render/figure.hpp"
#include "render/html.hpp"
#include "render/markdown.hpp"

using namespace sitrep;
using namespace sitrep::render;

namespace {

/// What hostile records hold, and how people should see it: on one line, control bytes visible.
struct Hostile {
  std::string text, seen;
};

const std::vector<Hostile>& hostile() {
  static const std::vector<Hostile> texts{
      {"<script>alert(1)</script>", "<script>alert(1)</script>"},
      {"<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"},
      {"[click](javascript:alert(1))", "[click](javascript:alert(1))"},
      {"![x](https://tracker.example/p.png)", "![x](https://tracker.example/p.png)"},
      {"a | b ` c", "a | b ` c"},
      {"``` fence", "``` fence"},
      {"# not a heading", "# not a heading"},
      {"- not a list", "- not a list"},
      {"+ not a list", "+ not a list"},
      {"3. not a list", "3. not a list"},
      {"3) not a list", "3) not a list"},
      {"> not a quote", "> not a quote"},
      {"---", "---"},
      {"===", "==="},
      {"*stars* and **more** and _lines_ and __more__ and ~~struck~~",
       "*stars* and **more** and _lines_ and __more__ and ~~struck~~"},
      {"checkout_api_v2", "checkout_api_v2"},
      {"&lt; &amp; &#60; & x", "&lt; &amp; &#60; & x"},
      {"back\\slash \\| \\", "back\\slash \\| \\"},
      {"two\nlines\r\n\r\n# three", "two lines # three"},
      {"    indented", "indented"},
      {" - not a list", "- not a list"},
      {" 3. not a list", "3. not a list"},
      {"]]> --> <!-- x", "]]> --> <!-- x"},
      {"\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07"},
      {"bidi \u202e evil", "bidi \\u202e evil"},
      {"marker \uE0000\uE002 gone", "marker \uFFFD0\uFFFD gone"},
      {"<https://auto.example>", "<https://auto.example>"},
      {"[ref]: https://x.example", "[ref]: https://x.example"},
      {"Zürich 東京 \U0001F600", "Zürich 東京 \U0001F600"},
  };
  return texts;
}

}  // namespace

TEST_CASE("markdown_link leaves nothing for a viewer to decode in the target") {
  CHECK(markdown_link("x", "javascript&colon;alert").find("javascript&colon;") == std::string::npos);
  CHECK(markdown_link("x", "https://a.example/?a=1&copy;=2") == "[x](https://a.example/?a=1&amp;copy;=2)");
}

TEST_CASE("render::escape_markdown gives Markdown that reads as exactly the text, wherever it stands") {
  struct Place {
    const char *name, *before, *after;
  };
  const Place places[] = {{"a paragraph", "", "\n"},
                          {"a list item", "- ", "\n"},
                          {"a table cell", "| h |\n| --- |\n| ", " |\n"},
                          {"a heading", "## ", "\n"},
                          {"a link's text", "[", "](https://ok.example)\n"}};
  for (const auto& place : places) {
    for (const auto& [text, seen] : hostile()) {
      CAPTURE(place.name);
      CAPTURE(text);
      const auto tree = parse_markdown(place.before + escape_markdown(text) + place.after);
      const auto plain = plain_text(tree);
      CHECK(trim_view(plain) == (std::string_view(place.name) == "a table cell" ? "h" + seen : seen));
    }
  }
}

TEST_CASE("render::escape_markdown leaves ordinary words readable") {
  for (const char* text :
       {"checkout_api", "INC-1911 (SEV2, 19 h)", "C++ & Go", "10 % of 3.5", "a -> b", "2026-11-09", "-3"}) {
    CAPTURE(text);
    CHECK(escape_markdown(text) == text);
  }
}

TEST_CASE("render::escape_markdown keeps one blank at either end") {
  CHECK(escape_markdown("  (GA) \n") == " (GA) ");
  CHECK(escape_markdown(" ") == " ");
  CHECK(escape_markdown("").empty());
}

TEST_CASE("render::escape_html leaves no character that acts") {
  for (const auto& [text, seen] : hostile()) {
    CAPTURE(text);
    const auto escaped = escape_html(text);
    CHECK(escaped.find_first_of("<>\"'\x1b\x07") == std::string::npos);
  }
  CHECK(escape_html("a & \"b\" <c>") == "a &amp; &quot;b&quot; &lt;c&gt;");
}

TEST_CASE("render::safe_url lets web, mail and relative addresses through and nothing else") {
  const char* safe[] = {"https://a.example/x?y=1&z=2#f",
                        "http://a.example",
                        "mailto:a@b.example",
                        "docs/x.md",
                        "/x",
                        "#part",
                        "?q=a:b",
                        "HTTPS://A"};
  for (const auto* url : safe) {
    CAPTURE(url);
    CHECK(safe_url(url) == url);
  }
  const char* unsafe[] = {"javascript:alert(1)",
                          " JaVaScRiPt:alert(1)",
                          "java\tscript:alert(1)",
                          "data:text/html,x",
                          "file:///etc/passwd",
                          "vbscript:x",
                          "//evil.example",
                          "\\\\evil.example",
                          "/\\evil.example",
                          "",
                          "ftp://x",
                          "https://a\nb"};
  for (const auto* url : unsafe) {
    CAPTURE(url);
    CHECK_FALSE(safe_url(url));
  }
  CHECK(safe_url("https://a.example/a b(c)\"<'|") == "https://a.example/a%20b%28c%29%22%3C%27%7C");
}

TEST_CASE("render::markdown_link cannot be closed from inside") {
  CHECK(markdown_link("a](x", "https://a.example/)") == "[a\\](x](https://a.example/%29)");
  CHECK(markdown_link("a [b]", "javascript:x") == "a \\[b\\]");
}

TEST_CASE("render::csv_field quotes what needs it and disarms what a spreadsheet would run") {
  struct Case {
    const char *text, *field;
  };
  const Case cases[] = {{"plain", "plain"},
                        {"a,b", "\"a,b\""},
                        {"say \"hi\"", "\"say \"\"hi\"\"\""},
                        {"\"", "\"\"\"\""},
                        {"two\r\nlines", "\"two\r\nlines\""},
                        {"=1+1", "\"'=1+1\""},
                        {"\t=1", "\"'\t=1\""},
                        {"-2+3", "\"'-2+3\""},
                        {"-2", "-2"},
                        {"-2.5e3", "-2.5e3"},
                        {"@SUM(A1)", "\"'@SUM(A1)\""},
                        {"-inf", "\"'-inf\""},
                        {"", ""}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(csv_field(c.text) == c.field);
  }
}
