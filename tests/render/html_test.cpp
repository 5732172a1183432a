#include "render/html.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sitrep;
using namespace sitrep::render;

namespace {

std::string body(const std::string& markdown) { return html_body(parse_markdown(markdown), {}); }
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("render::html_body prints every kind of node") {
  struct Case {
    const char *markdown, *html;
  };
  const Case cases[] = {
      {"plain *em* **strong** ~~del~~ `co<de`",
       "<p>plain <em>em</em> <strong>strong</strong> <del>del</del> <code>co&lt;de</code></p>\n"},
      {"a  \nb\nc", "<p>a<br>\nb\nc</p>\n"},
      {"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
      {"3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
      {"> q", "<blockquote>\n<p>q</p>\n</blockquote>\n"},
      {"```\na <b>\n```", "<pre><code>a &lt;b&gt;\n</code></pre>\n"},
      {"---", "<hr>\n"},
      {"| a | b |\n| --- | ---: |\n| 1 | 2 |",
       "<div class=\"table\"><table>\n<thead><tr><th scope=\"col\">a</th><th scope=\"col\" "
       "class=\"r\">b</th></tr></thead>\n"
       "<tbody>\n<tr><td data-sort=\"1\">1</td><td class=\"r\" data-sort=\"2\">2</td></tr>\n</tbody></table></div>\n"},
      {"[t](https://a.example \"title\")", "<p><a href=\"https://a.example\" rel=\"noopener noreferrer\">t</a></p>\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.markdown);
    CHECK(body(c.markdown) == c.html);
  }
}

TEST_CASE("render::html_body never passes raw HTML, unsafe links or pictures") {
  struct Case {
    const char *markdown, *absent, *present;
  };
  const Case cases[] = {{"<script>alert(1)</script>", "<script", "&lt;script&gt;"},
                        {"a <img src=x onerror=y> b", "<img", "&lt;img"},
                        {"<!-- generated: call --> <b>x</b>", "generated", "&lt;b&gt;"},
                        {"[x](javascript:alert(1))", "javascript", "x"},
                        {"[x](data:text/html,1)", "data:", "x"},
                        {"![alt](https://tracker.example/p.png)", "<img", "alt"},
                        {"[x](https://a.example/\"onclick=y)", "\"onclick", "x"}};
  for (const auto& c : cases) {
    CAPTURE(c.markdown);
    const auto html = body(c.markdown);
    CHECK_FALSE(has(html, c.absent));
    CHECK(has(html, c.present));
  }
}

TEST_CASE("render::html_body gives headings unique ids and a navigation of three sections or more") {
  const auto html = body("# Title\n\n## Same\n\n## Same\n\n## Same 2\n\n## Größe <b>\n");
  CHECK(has(html, "<h2 id=\"same\">"));
  CHECK(has(html, "<h2 id=\"same-2\">"));
  CHECK(has(html, "<h2 id=\"same-2-2\">"));
  CHECK(has(html, "<nav aria-label=\"Sections\"><a href=\"#same\">"));
  CHECK_FALSE(has(body("# T\n\n## One\n\n## Two\n"), "<nav"));
}

TEST_CASE("render::parse_markdown survives nesting without end") {
  std::string quotes(20000, '>');
  CHECK(has(body(quotes + " deep"), "deep"));
  std::string lists;
  for (int i = 0; i < 300; ++i) lists += std::string(static_cast<std::size_t>(i) * 2, ' ') + "- x\n";
  CHECK(has(body(lists), "<li>"));
  std::string emphasis;
  for (int i = 0; i < 5000; ++i) emphasis += "*a **b ";
  CHECK(has(body(emphasis), "a"));
}

TEST_CASE("render::html_body drops markers of figures that are not there") {
  const auto html = body("x " + figure_marker(7) + " y\n\n" + figure_marker(8) + "\n");
  CHECK(has(html, "x  y"));
  CHECK_FALSE(has(html, "\uE000"));
  CHECK_FALSE(has(html, "<figure"));
}
