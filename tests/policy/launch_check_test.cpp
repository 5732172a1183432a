#include "policy/launch_check.hpp"

#include <doctest/doctest.h>

#include <string>

namespace sitrep::policy {
namespace {

using std::chrono::December;
using std::chrono::November;

Date day(std::chrono::month month, unsigned number) {
  return std::chrono::year{2026} / month / std::chrono::day{number};
}

/// A review that nothing is wrong with.
LaunchReview good() {
  LaunchReview review;
  review.file = "launches/wallets.md";
  review.fields = {{"title", "Wallets", 2},
                   {"owner", "dana", 3},
                   {"service", "checkout", 4},
                   {"tier", "1", 5},
                   {"phase", "beta", 6},
                   {"target_date", "2026-12-10", 7},
                   {"approver_security", "noor", 8}};
  review.body_line = 10;
  review.body = "# Wallets\n\n## Summary\nNew wallets.\n\n## Rollback\n<!-- how -->\nTurn the flag off: 2 minutes.\n";
  return review;
}

config::LaunchPolicy policy() {
  config::LaunchPolicy policy;
  policy.required_sections = {"Summary"};
  policy.required_sections_by_tier[1] = {"Rollback"};
  policy.approvers = {"security"};
  policy.review_days = {{"default", 5}};
  return policy;
}

LaunchFacts facts() {
  LaunchFacts facts;
  facts.today = day(November, 16);
  return facts;
}

std::string told(const LaunchReview& review, const LaunchFacts& given = facts()) {
  std::string text;
  for (const auto& f : check_launch(review, policy(), given)) {
    text += (text.empty() ? "" : " ") + f.code + (f.level == FileFinding::Level::error ? "e" : "w") + ":" +
            std::to_string(f.line);
  }
  return text;
}

TEST_CASE("policy::check_launch finds nothing in a complete review") { CHECK(told(good()) == ""); }

TEST_CASE("policy::check_launch: each mistake has its code, level and line") {
  struct Case {
    const char* name;
    void (*spoil)(LaunchReview&);
    const char* findings;
  };
  const Case cases[] = {
      {"a field is missing", [](LaunchReview& r) { r.fields.erase(r.fields.begin() + 1); }, "L001e:1"},
      {"a field is empty", [](LaunchReview& r) { r.fields[1].value = ""; }, "L001e:3"},
      {"a tier of 5", [](LaunchReview& r) { r.fields[3].value = "5"; }, "L002e:5"},
      {"a phase nobody knows", [](LaunchReview& r) { r.fields[4].value = "gamma"; }, "L002e:6"},
      {"a day that does not exist", [](LaunchReview& r) { r.fields[5].value = "2026-11-31"; }, "L002e:7"},
      {"no approver", [](LaunchReview& r) { r.fields.pop_back(); }, "L020e:1"},
      {"a section is missing", [](LaunchReview& r) { r.body = "## Rollback\nFlag.\n"; }, "L010e:10"},
      {"a section that the tier asks for is missing", [](LaunchReview& r) { r.body = "## Summary\nX.\n"; }, "L010e:10"},
      {"a lower tier does not ask for it",
       [](LaunchReview& r) {
         r.body = "## Summary\nX.\n";
         r.fields[3].value = "3";
       },
       ""},
      {"a section with comments only",
       [](LaunchReview& r) { r.body = "## Summary\n<!-- a\nb -->\n\n## Rollback\nX\n"; }, "L011e:10"},
      {"a placeholder in a required section",
       [](LaunchReview& r) { r.body = "## Summary\nx\n## Rollback\n- TBD soon\n"; }, "L012e:13"},
      {"a placeholder elsewhere", [](LaunchReview& r) { r.body += "## Support\nTODO\n"; }, "L012w:19"},
      {"a word that holds one is none", [](LaunchReview& r) { r.body += "## Support\nTODOS and aTBDb\n"; }, ""},
      {"a heading inside code is none", [](LaunchReview& r) { r.body = "## Summary\nx\n```\n## Rollback\n```\n"; },
       "L010e:10"},
      {"a placeholder inside a comment is none", [](LaunchReview& r) { r.body += "<!-- TBD -->\n"; }, ""},
      {"a date that is over", [](LaunchReview& r) { r.fields[5].value = "2026-11-15"; }, "L030e:7"},
      {"too few business days", [](LaunchReview& r) { r.fields[5].value = "2026-11-20"; }, "L031w:7"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto review = good();
    c.spoil(review);
    CHECK(told(review) == c.findings);
  }
}

TEST_CASE("policy::check_launch: a freeze holds on its first and last day") {
  auto given = facts();
  given.freezes = {{"Peak season", day(December, 10), day(December, 31)}};
  CHECK(told(good(), given) == "L032e:7");
  given.freezes = {{"Peak season", day(December, 1), day(December, 10)}};
  CHECK(told(good(), given) == "L032e:7");
  given.freezes = {{"Peak season", day(December, 11), day(December, 31)}};
  CHECK(told(good(), given) == "");
}

}  // namespace
}  // namespace sitrep::policy
