#include "docs/refresh.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/document.hpp"
#include "docs/sample.hpp"

using namespace sitrep;
using test::SampleStore;
using What = docs::BlockChange::What;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Desk {
  SampleStore sample;
  store::Store store = sample.open();
  docs::Inputs inputs = sample.inputs(store);
  docs::Catalog catalog{std::nullopt};
  docs::Engine engine{inputs, catalog};
  docs::Refresher refresher{engine};

  std::string postmortem() { return docs::make_document(engine, "postmortem", {{"incident", "INC-100"}}).text; }
};

const docs::Block& block_of(const std::vector<docs::Block>& blocks, const std::string& name) {
  for (const auto& block : blocks)
    if (block.name == name) return block;
  FAIL("no block " << name);
  return blocks.front();
}

What outcome(const docs::Refreshed& refreshed, const std::string& name) {
  for (const auto& change : refreshed.blocks)
    if (change.name == name) return change.what;
  FAIL("no block " << name);
  return What::failed;
}

/// What stands outside of the blocks.
std::string human_part(const std::string& text) {
  std::string rest;
  std::size_t at = 0;
  for (const auto& block : docs::find_blocks(text, "d.md")) {
    rest += text.substr(at, block.begin - at) + "|";
    at = block.end;
  }
  return rest + text.substr(at);
}

}  // namespace

TEST_CASE("docs::Refresher rewrites untouched blocks, shows and keeps edited ones, and keeps all other bytes") {
  Desk desk;
  const auto text = desk.postmortem();
  const auto same = desk.refresher.refresh(text, "p.md");
  CHECK(same.text == text);
  for (const auto& block : same.blocks) CHECK(block.what == What::unchanged);

  // A block that was generated when the store knew less, one that a person edited, and words of every kind around.
  const auto blocks = docs::find_blocks(text, "p.md");
  const auto& facts = block_of(blocks, "incident_facts");
  auto changed = text.substr(0, facts.begin) + docs::write_block(facts.name, facts.arguments_json, "| old |") +
                 text.substr(facts.end);
  changed.replace(changed.find("Impact began"), 12, "Impact began, we think");
  changed += "\nA person's words. \t\r\n\xff\xfe \n\n\n";
  const auto refreshed = desk.refresher.refresh(changed, "p.md");
  CHECK(outcome(refreshed, "incident_facts") == What::rewritten);
  CHECK(outcome(refreshed, "incident_timeline") == What::conflict);
  CHECK(outcome(refreshed, "incident_actions") == What::unchanged);
  CHECK(has(refreshed.text, "Impact began, we think"));
  CHECK_FALSE(has(refreshed.text, "| old |"));
  CHECK(human_part(refreshed.text) == human_part(changed));
  for (const auto& change : refreshed.blocks) {
    if (change.what == What::conflict) {
      CHECK(has(change.difference, "Impact began, we think"));
    }
  }

  const auto discarded = desk.refresher.refresh(changed, "p.md", docs::Edited::discard);
  CHECK(outcome(discarded, "incident_timeline") == What::rewritten);
  CHECK_FALSE(has(discarded.text, "we think"));
}

TEST_CASE("docs::Refresher fills comments that a person wrote, and leaves words between them alone") {
  Desk desk;
  const std::string begin = "<!-- sitrep:begin incident_facts {\"id\":\"INC-100\"} -->\n";
  const std::string end = "<!-- sitrep:end -->\n";
  const auto filled = desk.refresher.refresh("x\n" + begin + end + "y\n", "p.md");
  CHECK(outcome(filled, "incident_facts") == What::rewritten);
  CHECK(has(filled.text, "SEV1"));
  CHECK(filled.text.starts_with("x\n<!-- sitrep:begin incident_facts"));
  CHECK(filled.text.ends_with("<!-- sitrep:end -->\ny\n"));
  CHECK(desk.refresher.refresh(filled.text, "p.md").text == filled.text);
  const auto words = begin + "mine\n" + end;
  CHECK(desk.refresher.refresh(words, "p.md").text == words);
}

TEST_CASE("docs::Refresher keeps line ends of Windows in the blocks of a file that has them") {
  Desk desk;
  const auto text = replace_all(desk.postmortem(), "\n", "\r\n");
  CHECK(desk.refresher.refresh(text, "p.md").text == text);
  const auto stale = replace_all(text, "| severity | SEV1 |", "| severity | SEV9 |");
  const auto again = desk.refresher.refresh(stale, "p.md", docs::Edited::discard);
  CHECK(again.text == text);
}

TEST_CASE("docs::Refresher: a block that fails stays, with its reason, and the others are done") {
  Desk desk;
  const std::string text =
      "<!-- sitrep:begin no_such_block {} -->\n<!-- sitrep:end -->\n"
      "<!-- sitrep:begin incident_facts {\"nonsense\":1} -->\n<!-- sitrep:end -->\n"
      "<!-- sitrep:begin review_times {} -->\n<!-- sitrep:end -->\n";
  const auto refreshed = desk.refresher.refresh(text, "p.md");
  CHECK(outcome(refreshed, "no_such_block") == What::failed);
  CHECK(outcome(refreshed, "incident_facts") == What::failed);
  CHECK(outcome(refreshed, "review_times") == What::rewritten);
  CHECK(has(refreshed.blocks[0].difference, "no_such_block"));
  CHECK_THROWS_AS(desk.refresher.refresh("<!-- sitrep:begin x {} -->\n", "p.md"), Error);
}
