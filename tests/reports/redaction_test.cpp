#include <doctest/doctest.h>

#include "base/text.hpp"
#include "reports/demo_workspace.hpp"

using namespace sitrep;

namespace {

bool is_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Whether a text in lower case holds the name as a word of its own.
bool holds(const std::string& text, const std::string& name) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]))) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("redaction: no name of the demo's store is in any report or document, in any format") {
  const auto demo = test::redacted_demo();
  REQUIRE(demo.names.size() >= 10);
  REQUIRE(demo.texts.size() >= 10);
  REQUIRE(demo.reports.size() >= 11);
  REQUIRE(demo.documents.size() >= 16);
  std::map<std::string, std::string> outputs;
  for (const auto& [name, page] : demo.reports) {
    outputs[name + ".md"] = render::to_markdown(page);
    outputs[name + ".html"] = render::to_html(page);
    outputs[name + ".json"] = render::to_json(page);
    outputs[name + ".txt"] = render::to_text(page, 80);
    outputs[name + ".csv"] = render::to_csv(page);
    outputs[name + " for Slack"] = render::to_slack(page);
    const auto charts = render::to_markdown_with_charts(page, name);
    outputs[name + " with charts"] = charts.markdown;
    for (const auto& chart : charts.charts) outputs[chart.name] = chart.svg;
  }
  for (const auto& [name, text] : demo.documents) outputs[name] = text;
  std::size_t with_pseudonym = 0;
  for (const auto& [output, text] : outputs) {
    CAPTURE(output);
    const auto lower = lower_ascii(text);
    for (const auto& name : demo.names) CHECK_MESSAGE(!holds(lower, lower_ascii(name)), name);
    for (const auto& words : demo.texts) CHECK_MESSAGE(lower.find(lower_ascii(words)) == std::string::npos, words);
    with_pseudonym += lower.find("person ") != std::string::npos ? 1 : 0;
  }
  CHECK(with_pseudonym > 20);  // there was something to hide
  for (const auto& [name, text] : demo.documents) {
    CAPTURE(name);
    CHECK(text.starts_with("---\n"));
  }
}
