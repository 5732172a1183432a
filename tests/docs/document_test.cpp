#include "docs/document.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/front_matter.hpp"
#include "docs/sample.hpp"

using namespace sitrep;
using test::SampleStore;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// An engine over the sample store.
struct Desk {
  SampleStore sample;
  store::Store store = sample.open();
  docs::Inputs inputs = sample.inputs(store);
  docs::Catalog catalog{std::nullopt};
  docs::Engine engine{inputs, catalog};
};

}  // namespace

TEST_CASE("docs::make_document fills a postmortem from its incident") {
  Desk desk;
  const auto document = docs::make_document(desk.engine, "postmortem", {{"incident", "INC-100"}, {"owner", "ravi"}});
  CAPTURE(document.text);
  CHECK(document.file_name == "docs/postmortems/2026-11-14-errors-at-the-edge-case-0.md");
  const auto matter = docs::parse_front_matter(document.text, "p.md");
  CHECK(matter.text("type") == "postmortem");
  CHECK(matter.text("incident") == "INC-100");
  CHECK(matter.text("owner") == "ravi");
  CHECK(matter.text("severity") == "SEV1");
  CHECK(has(matter.body, "# Postmortem: Errors at the edge, case 0"));
  CHECK(has(matter.body, "Rolled back"));
  CHECK(has(matter.body, "Alert on queue age"));
  const auto blocks = docs::find_blocks(document.text, "p.md");
  REQUIRE(blocks.size() == 3);
  for (const auto& block : blocks) CHECK_FALSE(block.edited());
  const auto file = desk.catalog.find("postmortem");
  for (const auto& section : file.source.header.required_sections) CHECK(has(document.text, "\n## " + section + "\n"));
}

TEST_CASE("docs::make_document: a postmortem of nothing known is an empty form") {
  Desk desk;
  const auto document = docs::make_document(desk.engine, "postmortem", {{"title", "Checkout: down?"}});
  CHECK(document.file_name == "docs/postmortems/2026-11-16-checkout-down.md");
  CHECK(docs::parse_front_matter(document.text, "p.md").text("title") == "Checkout: down?");
  CHECK(docs::find_blocks(document.text, "p.md").empty());
}

TEST_CASE("docs::make_document fills a launch review with its service's context") {
  Desk desk;
  const auto document = docs::make_document(
      desk.engine, "launch-review", {{"title", "Bulk export"}, {"service", "ledger"}, {"target_date", "2026-12-10"}});
  CAPTURE(document.text);
  CHECK(document.file_name == "launches/bulk-export.md");
  const auto matter = docs::parse_front_matter(document.text, "l.md");
  CHECK(matter.text("program") == "Ledger migration");
  CHECK(matter.text("tier") == "1");
  CHECK(matter.text("target_date") == "2026-12-10");
  CHECK(has(document.text, "ledger-db disk"));
  CHECK_THROWS_AS(docs::make_document(desk.engine, "launch-review", {}), Error);
  CHECK_THROWS_AS(docs::make_document(desk.engine, "launch-reviw", {}), Error);
}

TEST_CASE("docs::make_document: a hostile title leaves neither folder nor front matter") {
  Desk desk;
  const auto document = docs::make_document(desk.engine, "launch-review", {{"title", "../../etc\n---\nevil: 1"}});
  CHECK(document.file_name == "launches/etc-evil-1.md");
  CHECK_FALSE(docs::parse_front_matter(document.text, "l.md").find("evil"));
}
