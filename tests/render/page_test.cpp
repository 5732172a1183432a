#include "render/page.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <string>

#include "base/hash.hpp"
#include "render/assets.hpp"
#include "render/escape.hpp"

using namespace sitrep;
using namespace sitrep::render;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The bytes that Base64 (RFC 4648) says, in hex.
std::string from_base64(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string hex;
  unsigned bits = 0, count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(digits.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    hex += fmt::format("{:02x}", bits >> count & 0xffU);
  }
  return hex;
}

Page sample() {
  Page page;
  page.title = "Weekly & <more>";
  page.figures = {
      Sparkline{"trend", {}, {1.0, 2.0, 3.0}}, BarChart{"by week", "counts", {}, {"W1", "W2"}, {{"n", {1.0, {}}}}},
      Gantt{"dates", "", {{"GA", "Checkout", {}, Date{std::chrono::days{20000}}, {}, {}, Status::red}}, {}}};
  page.markdown = "# Weekly\n\n| program | now | trend |\n| --- | --- | --- |\n| Ledger | " +
                  badge_marker(Status::red) + " (declared green) | " + figure_marker(0) + " |\n\n" + figure_marker(1) +
                  "\n\n" + figure_marker(2) + "\n";
  page.data_json = "{\"schema\":\"sitrep.report/1\"}";
  page.footer = "made by <sitrep>";
  return page;
}

}  // namespace

TEST_CASE("render::to_markdown turns markers into their text forms") {
  const auto markdown = to_markdown(sample());
  CHECK(has(markdown, "| Ledger | 🔴 red (declared green) | ▁▅█ |"));
  CHECK(has(markdown, "**by week**\n\n| | n |\n| --- | ---: |\n| W1 | 1 |\n| W2 | no data |\n"));
  CHECK(has(markdown, "| 🔴 red Checkout: GA | 2024-10-04 |"));
  CHECK_FALSE(has(markdown, "\xEE\x80"));
}

TEST_CASE("render::to_html is one file that loads nothing and runs nothing but its own script") {
  const auto html = to_html(sample());
  CHECK(has(html, "<title>Weekly &amp; &lt;more&gt;</title>"));
  CHECK(has(html, "default-src 'none'; style-src 'sha256-"));
  CHECK(has(html, "<span class=\"badge red\">red</span>"));
  CHECK(has(html, "<figure><figcaption><b>by week</b> · counts</figcaption><svg "));
  CHECK(has(html, "made by &lt;sitrep&gt;"));
  for (const char* absent : {"http://", "https://", "@import", "url(http", "style=\"", "onclick", "\xEE\x80"}) {
    CAPTURE(absent);
    CHECK_FALSE(has(html, absent));
  }
}

TEST_CASE("render: figures on neighbouring lines, and beside text, are figures of their own") {
  auto page = sample();
  page.markdown = "before\n" + figure_marker(1) + "\n" + figure_marker(2) + "\nbehind " + figure_marker(0) + "\n";
  const auto html = to_html(page);
  CHECK(has(html, "<p>before</p>\n<figure>"));
  CHECK(has(html, "</figure>\n<figure>"));
  CHECK(has(html, "</figure>\n<p>behind <svg"));
  const auto markdown = to_markdown(page);
  CHECK(has(markdown, "before\n\n**by week**"));
  CHECK(has(markdown, "| W2 | no data |\n\n**dates**"));
  CHECK(has(markdown, "|  |\n\nbehind ▁▅█"));
}

TEST_CASE("render::to_html names its style and script by their real hashes") {
  const auto html = to_html(sample());
  const auto between = [&](const std::string& before, const std::string& after) {
    const auto start = html.find(before) + before.size();
    return html.substr(start, html.find(after, start) - start);
  };
  CHECK(between("<script>", "</script>") == page_script());
  CHECK(from_base64(between("script-src 'sha256-", "'")) == sha256_hex(between("<script>", "</script>")));
  CHECK(from_base64(between("style-src 'sha256-", "'")) == sha256_hex(between("<style>", "</style>")));
}

TEST_CASE("render::to_text is plain text within the width") {
  const auto text = to_text(sample(), 60);
  CHECK(has(text, "Ledger   RED (declared green)  ▁▅█"));
  CHECK_FALSE(has(text, "\xEE\x80"));
}

TEST_CASE("render::to_csv gives every table with its section") {
  CHECK(to_csv(sample()).starts_with("Weekly\r\nprogram,now,trend\r\nLedger,red (declared green),▁▅█\r\n\r\n"));
  Page hostile;
  hostile.title = "t";
  hostile.markdown = "| a |\n| --- |\n| " + escape_markdown("=cmd|'x'!A1") + " |\n";
  CHECK(to_csv(hostile) == "t\r\na\r\n\"'=cmd|'x'!A1\"\r\n");
}

TEST_CASE("render: the same page is the same bytes in every format") {
  CHECK(to_markdown(sample()) == to_markdown(sample()));
  CHECK(to_html(sample()) == to_html(sample()));
  CHECK(to_text(sample(), 80) == to_text(sample(), 80));
  CHECK(to_json(sample()) == "{\"schema\":\"sitrep.report/1\"}\n");
}

TEST_CASE("render: an empty page is an empty page") {
  CHECK(to_markdown({}) == "\n");
  CHECK(to_text({}, 80).empty());
  CHECK(to_csv({}).empty());
  CHECK(has(to_html({}), "<main>"));
}
