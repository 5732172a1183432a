#include "docs/document.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/doc_check.hpp"
#include "docs/front_matter.hpp"
#include "docs/redaction.hpp"
#include "docs/refresh.hpp"
#include "docs/report.hpp"
#include "docs/sample.hpp"
#include "docs/template_check.hpp"

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
  REQUIRE(blocks.size() == 6);
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

TEST_CASE("docs::make_document: every type fills in, fits its own rules and can be refreshed") {
  Desk desk;
  const test::TempDir folder;
  desk.inputs.folder = folder.path();
  const docs::DocumentTypes types(desk.catalog);
  const auto names = types.names();
  CHECK(names.size() == 17);
  const std::map<std::string, std::string> known = {{"title", "A title: with | things"},
                                                    {"owner", "dana"},
                                                    {"program", "Ledger migration"},
                                                    {"service", "ledger-api"},
                                                    {"incident", "INC-100"},
                                                    {"resource", "ledger-db disk"},
                                                    {"team", "ledger"},
                                                    {"next", "ravi"},
                                                    {"reviewer", "ines"},
                                                    {"sponsor", "marco"},
                                                    {"amount", "4 TB"},
                                                    {"needed_date", "2026-12-10"},
                                                    {"target_date", "2026-12-10"},
                                                    {"phase", "ga"}};
  for (const auto& name : names) {
    CAPTURE(name);
    const auto& type = *types.find(name);
    std::map<std::string, std::string> parameters;
    for (const auto& parameter : type.parameters)
      if (const auto found = known.find(parameter.name); found != known.end()) parameters.insert(*found);
    const auto document = docs::make_document(desk.engine, name, parameters);
    folder.write(document.file_name, document.text);
    CHECK(docs::check_template(desk.catalog.find(name), desk.catalog).empty());
    docs::DocumentCheck check(desk.catalog, {folder.path(), Date{std::chrono::year{2026} / 11 / 16}, &desk.store});
    for (const auto& f : check.check(docs::document_file(folder.path() / document.file_name, document.file_name))) {
      CAPTURE(f.code + " " + f.subject + ": " + f.reason);
      CHECK(f.level == policy::FileFinding::Level::warning);
    }
    docs::Refresher refresher(desk.engine);
    const auto refreshed = refresher.refresh(document.text, document.file_name);
    CHECK(refreshed.text == document.text);
    for (const auto& change : refreshed.blocks) {
      CAPTURE(change.name + ": " + change.difference);
      CHECK(change.what == docs::BlockChange::What::unchanged);
    }
  }
}

TEST_CASE("docs::make_document: a type without anything known is a form that a person can fill") {
  Desk desk;
  const test::TempDir folder;
  desk.inputs.folder = folder.path();
  const docs::DocumentTypes types(desk.catalog);
  for (const auto& name : types.names()) {
    CAPTURE(name);
    std::map<std::string, std::string> parameters;
    for (const auto& parameter : types.find(name)->parameters)
      if (!parameter.fallback)
        parameters[parameter.name] = parameter.entity == "service"   ? "ledger-api"
                                     : parameter.entity == "program" ? "Ledger migration"
                                                                     : "X";
    const auto document = docs::make_document(desk.engine, name, parameters);
    CHECK(docs::parse_front_matter(document.text, "d").text("type") == name);
  }
}

TEST_CASE("docs::make_document numbers files by their folder and takes from the store what was not given") {
  Desk desk;
  const test::TempDir folder;
  desk.inputs.folder = folder.path();
  const auto file_name = [&] {
    return docs::make_document(desk.engine, "decision-record", {{"title", "One queue"}}).file_name;
  };
  CHECK(file_name() == "docs/decisions/0001-one-queue.md");
  folder.write("docs/decisions/0007-other.md", "x");
  folder.write("docs/decisions/2026-01-01-dated.md", "x");
  CHECK(file_name() == "docs/decisions/0008-one-queue.md");

  const auto form = docs::document_form(desk.engine, "program-charter", {{"program", "Ledger migration"}});
  CHECK(form.parameters.at("owner") == "dana");
  REQUIRE(form.missing.size() == 1);
  CHECK(form.missing[0].name == "sponsor");
  const auto launch = docs::document_form(desk.engine, "launch-review", {{"title", "X"}, {"service", "ledger"}});
  CHECK(launch.parameters.at("tier") == "1");
  CHECK(launch.parameters.at("program") == "Ledger migration");
}

TEST_CASE("docs::make_document: a postmortem names earlier incidents that read like it, and their open actions") {
  Desk desk;
  const auto text = docs::make_document(desk.engine, "postmortem", {{"incident", "INC-100"}}).text;
  const auto at = text.find("## Have we seen this before?");
  REQUIRE(at != std::string::npos);
  CHECK(text.find("Errors at the edge, case", at) != std::string::npos);
  CHECK(text.find("INC-999", at) == std::string::npos);
}

TEST_CASE("docs::Catalog: an own type extends a built-in one, overrides a block and inherits the rest") {
  Desk desk;
  const test::TempDir folder;
  folder.write(
      "templates/documents/short-postmortem.md",
      "+++\ntitle = \"Short postmortem\"\nkind = \"document\"\nrequired_sections = [\"Summary\"]\n+++\n"
      "{% extends \"documents/postmortem.md\" %}\n{% block causes %}\n## Causes, in one line\n\nTBD\n{% endblock %}\n"
      "{% block learned %}{% endblock %}\n");
  folder.write("templates/documents/postmortem.md",
               "+++\nkind = \"document\"\n+++\n{% extends \"built-in/documents/postmortem.md\" %}\n"
               "{% block before %}\n## Seen before, here\n{% endblock %}\n");
  const docs::Catalog catalog(folder / "templates");
  docs::Engine engine(desk.inputs, catalog);
  const auto document = docs::make_document(engine, "short-postmortem", {{"incident", "INC-100"}});
  CHECK(has(document.text, "## Causes, in one line"));
  CHECK(has(document.text, "## Seen before, here"));
  CHECK(has(document.text, "sitrep:begin incident_facts"));
  CHECK_FALSE(has(document.text, "## What went well"));
  const auto header = catalog.find("short-postmortem").source.header;
  CHECK(header.title == "Short postmortem");
  CHECK(header.required_sections == std::vector<std::string>{"Summary"});
  CHECK(header.field("incident") != nullptr);
}

TEST_CASE("docs::Redactor: nothing of a person, and nothing that people wrote, is left in a report") {
  Desk desk;
  auto page = docs::make_report(
      desk.engine,
      {"weekly-health", docs::last_complete(PeriodLength::week, desk.inputs.now, desk.inputs.calendar), {}, {}});
  REQUIRE(has(page.markdown, "dana"));
  config::Redaction profile;
  profile.patterns = {"INC-[0-9]+"};
  const docs::Redactor redactor(desk.store, profile);
  redactor.redact(page);
  const auto all = render::to_markdown(page) + render::to_html(page) + render::to_json(page) + render::to_csv(page);
  for (const std::string name : {"dana", "marco", "ravi", "Vendor confirmed", "INC-100"}) {
    CAPTURE(name);
    CHECK_FALSE(has(all, name));
  }
  CHECK(has(all, "person "));
  CHECK(redactor.text("Dana and dana@example.com, not danae") == redactor.text("dana and dana@example.com, not danae"));
  CHECK(has(redactor.text("not danae"), "danae"));
  CHECK(redactor.text("“Vendor  confirmed\nthe…”") == "“[redacted]…”");
  profile.people = config::Redaction::How::drop;
  profile.free_text = config::Redaction::How::keep;
  profile.customer_names = {"Example Bank"};
  CHECK(docs::Redactor(desk.store, profile).text("dana of example bank, INC-7") ==
        "[redacted] of customer 1, [redacted]");
}
