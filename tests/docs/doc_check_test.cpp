#include "docs/doc_check.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/file.hpp"
#include "base/text.hpp"
#include "docs/document.hpp"
#include "docs/sample.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::SampleStore;

namespace {

/// "D003:1 D012w:9": codes with their lines, w for warnings.
std::string codes(const std::vector<policy::FileFinding>& findings) {
  std::string text;
  for (const auto& f : findings)
    text += (text.empty() ? "" : " ") + f.code + (f.level == policy::FileFinding::Level::warning ? "w" : "") + ":" +
            std::to_string(f.line);
  return text;
}

struct Tree {
  SampleStore sample;
  store::Store store = sample.open();
  test::TempDir folder;
  docs::Catalog catalog{folder.path() / "templates"};

  Tree() {
    folder.write("templates/documents/plan.md",
                 "+++\ntitle = \"Plan\"\nkind = \"document\"\nrequired_sections = [\"Goal\"]\nfinished = [\"over\"]\n"
                 "[front_matter]\nowner = { type = \"text\", required = true, doc = \"who\" }\n"
                 "size = { type = \"integer\" }\nstage = { type = \"text\", choices = [\"a\", \"b\"] }\n"
                 "incident = { type = \"text\", entity = \"incident\" }\n+++\nx\n");
  }

  std::string check(const std::string& text, const std::string& name = "docs/p.md") {
    folder.write(name, text);
    docs::DocumentCheck check(catalog, {folder.path(), Date{std::chrono::year{2026} / 11 / 16}, &store});
    return codes(check.check(docs::document_file(folder.path() / name, name)));
  }
};

const std::string k_good = "---\ntype: plan\nowner: dana\nstatus: agreed\n---\n# Plan\n\n## Goal\nShip.\n";

std::string with(const std::string& from, const std::string& to) { return replace_all(k_good, from, to); }

}  // namespace

TEST_CASE("docs::DocumentCheck: each mistake has its code and line") {
  Tree tree;
  struct Case {
    std::string name, text, codes;
  };
  const Case cases[] = {
      {"nothing wrong", k_good, ""},
      {"no front matter", "# Plan\n", "D001:1"},
      {"unreadable front matter", "---\nowner: [\n---\n", "D001:1"},
      {"unknown type", with("type: plan", "type: plam"), "D002:2"},
      {"missing field", with("owner: dana\n", ""), "D003:1"},
      {"empty field", with("owner: dana", "owner:"), "D003:3"},
      {"not a number", with("status", "size: big\nstatus"), "D004:4"},
      {"not a choice", with("status", "stage: c\nstatus"), "D004:4"},
      {"a list for one value", with("status", "stage: [a, b]\nstatus"), "D004:4"},
      {"misspelt field", with("status", "ownr: x\nstatus"), "D005w:4"},
      {"a field of their own is theirs", with("status", "budget_line: x\nstatus"), ""},
      {"no section", with("## Goal", "## Aim"), "D010:6"},
      {"an empty section", with("Ship.\n", "<!-- what -->\n"), "D011:8"},
      {"an empty section of a draft", replace_all(with("Ship.\n", ""), "agreed", "draft"), "D011w:8"},
      {"placeholder", with("Ship.", "TBD"), "D012:9"},
      {"placeholder in a draft", replace_all(with("Ship.", "TBD"), "agreed", "draft"), "D012w:9"},
      {"review date over", with("status", "review_date: 2026-11-15\nstatus"), "D021:4"},
      {"review date today", with("status", "review_date: 2026-11-16\nstatus"), ""},
      {"due date over", with("status", "due_date: 2026-11-15\nstatus"), "D022:4"},
      {"due, but over", replace_all(with("status", "due_date: 2026-11-15\nstatus"), "agreed", "over"), ""},
      {"unknown incident", with("status", "incident: INC-5\nstatus"), "D040:4"},
      {"known incident", with("status", "incident: INC-100\nstatus"), ""},
      {"no file", k_good + "[x](gone.md)\n", "D030:10"},
      {"a file", k_good + "[x](p.md) [y](../docs/p.md) [z](/docs/p.md) [d](../docs)\n", ""},
      {"no heading", k_good + "[x](#gaol) [y](p.md#goal)\n", "D031:10"},
      {"the web is not looked at", k_good + "[x](https://example.com/a#b) [m](mailto:a@b.c)\n", ""},
      {"edited block", k_good + "<!-- sitrep:begin a {} sha256=00 -->\nx\n<!-- sitrep:end -->\n", "D051w:10"},
      {"open block", k_good + "<!-- sitrep:begin a {} sha256=00 -->\nx\n", "D050:1"}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(tree.check(c.text) == c.codes);
  }
}

TEST_CASE("docs::DocumentCheck: a postmortem must not be due later than its incident says") {
  Tree tree;
  const auto text = [](const std::string& due) {
    return "---\ntype: postmortem\ntitle: x\nowner: dana\nstatus: draft\nincident: INC-103\n" + due + "---\n";
  };
  const auto has = [&](const std::string& due) { return tree.check(text(due)).find("D041") != std::string::npos; };
  CHECK(has(""));
  CHECK(has("due_date: 2027-01-01\n"));
  CHECK_FALSE(has("due_date: 2026-11-01\n"));
}

TEST_CASE("docs::DocumentCheck sees in all files together what none shows alone") {
  Tree tree;
  tree.folder.write("docs/decisions/0001-a.md", k_good);
  tree.folder.write("docs/decisions/0001-b.md", k_good);
  tree.folder.write("docs/decisions/2026-11-16-a.md", k_good);
  tree.folder.write("docs/decisions/2026-11-17-a.md", k_good);
  docs::DocumentCheck check(tree.catalog, {tree.folder.path(), Date{std::chrono::year{2026} / 11 / 16}, &tree.store});
  std::string told;
  const auto all = check.check_together(docs::document_files(tree.folder.path()));
  for (const auto& one : all)
    for (const auto& f : one.findings) told += one.file + " " + f.code + " " + f.subject + "\n";
  CHECK(told == "docs/decisions/0001-b.md D060 0001\ndocs D042 INC-103\n");
}

TEST_CASE("docs::anchors_of gives headings the anchors that GitHub gives them") {
  const auto outline = policy::outline_of(
      "# What `went` well?\n## A & B\n## Goal\n## Goal\n## Zürich: 2nd_try – really\n## [Link](x.md) here\n", 1);
  const std::set<std::string> expected = {"what-went-well",         "a--b",     "goal", "goal-1",
                                          "zürich-2nd_try--really", "link-here"};
  CHECK(docs::anchors_of(outline.headings) == expected);
}

TEST_CASE("docs::document_files leaves out what is hidden, linked or no Markdown, and reports what it can't read") {
  Tree tree;
  tree.folder.write("docs/a.md", k_good);
  tree.folder.write("docs/.hidden.md", k_good);
  tree.folder.write("docs/.git/b.md", k_good);
  tree.folder.write("docs/c.txt", k_good);
  tree.folder.write("docs/bad.md", "---\na: {\n---\n");
  tree.folder.write("launches/with space \"and\" -dash.md", k_good);
  std::filesystem::create_symlink("/etc/passwd", tree.folder.path() / "docs/link.md");
  std::string names;
  for (const auto& file : docs::document_files(tree.folder.path()))
    names += file.name + (file.error.empty() ? "" : "!") + "\n";
  CHECK(names == "docs/a.md\ndocs/bad.md!\nlaunches/with space \"and\" -dash.md\n");
}

TEST_CASE("docs::relative_link works where it stands, whatever the name") {
  CHECK(docs::relative_link("docs/index.md", "launches/a.md") == "../launches/a.md");
  CHECK(docs::relative_link("docs/index.md", "docs/b/c d(1).md") == "b/c%20d%281%29.md");
  CHECK(docs::relative_link("index.md", "docs/ä.md") == "docs/%C3%A4.md");
}
