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
                   {"approver_security", "noor", 8},
                   {"oncall", "payments", 8},
                   {"rollback_time", "2m", 8},
                   {"rollback_tested", "2026-11-02", 8},
                   {"adds", "none", 8}};
  review.body_line = 10;
  review.body = "# Wallets\n\n## Summary\nNew wallets.\n\n## Rollback\n<!-- how -->\nTurn the flag off: 2 minutes.\n";
  return review;
}

config::LaunchRules policy() {
  config::LaunchRules policy;
  policy.all.required_sections = {"Summary"};
  policy.by_tier[1].required_sections = {"Rollback"};
  policy.all.approvers = {"security"};
  policy.review_days = {{"default", 5}};
  return policy;
}

LaunchFacts facts() {
  LaunchFacts facts;
  facts.today = day(November, 16);
  return facts;
}

std::string told(const LaunchReview& review, const LaunchFacts& given = facts(),
                 const config::LaunchRules& held = policy()) {
  std::string text;
  for (const auto& f : check_launch(review, held, given)) {
    text += (text.empty() ? "" : " ") + f.code + std::string(name(f.level)).substr(0, 1) + ":" + std::to_string(f.line);
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
      {"no approver", [](LaunchReview& r) { r.fields[6].value = ""; }, "L020e:8"},
      {"the owner approves", [](LaunchReview& r) { r.fields[6].value = "Dana"; }, "L021e:8"},
      {"nobody on call", [](LaunchReview& r) { r.fields[7].value = " "; }, "L001e:8"},
      {"a rollback of no length", [](LaunchReview& r) { r.fields[8].value = "quick"; }, "L003e:8"},
      {"a rollback tried tomorrow", [](LaunchReview& r) { r.fields[9].value = "2026-11-17"; }, "L003e:8"},
      {"a rollback tried long ago", [](LaunchReview& r) { r.fields[9].value = "2025-11-17"; }, "L004w:8"},
      {"tier 1 does not say what it adds", [](LaunchReview& r) { r.fields[10].value = ""; }, "L045w:8"},
      {"adds something unreadable", [](LaunchReview& r) { r.fields[10].value = "a lot"; }, "L040e:8"},
      {"adds much without a request", [](LaunchReview& r) { r.fields[10].value = "cpu: +20 %"; }, "L041e:8"},
      {"adds little", [](LaunchReview& r) { r.fields[10].value = "cpu: 5 %, disk: 9%"; }, ""},
      {"adds much with a request",
       [](LaunchReview& r) {
         r.fields[10].value = "cpu: 20 %";
         r.fields.push_back({"capacity_request", "Q-1", 8});
       },
       ""},
      {"a Saturday", [](LaunchReview& r) { r.fields[5].value = "2026-12-12"; }, "L034w:7"},
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
  given.freezes = {{"Peak season", day(December, 10), day(December, 31), ""}};
  CHECK(told(good(), given) == "L032e:7");
  given.freezes = {{"Peak season", day(December, 1), day(December, 10), ""}};
  CHECK(told(good(), given) == "L032e:7");
  given.freezes = {{"Peak season", day(December, 11), day(December, 31), ""}};
  CHECK(told(good(), given) == "");
  given.freezes = {{"Ledger only", day(December, 1), day(December, 31), "ledger"}};
  CHECK(told(good(), given) == "");
  given.freezes[0].scope = "Checkout";
  CHECK(told(good(), given) == "L032e:7");
}

TEST_CASE("policy::check_launch: an exception makes its finding a note until it ends, and then speaks up") {
  auto given = facts();
  given.freezes = {{"Peak season", day(December, 10), day(December, 31), ""}};
  auto held = policy();
  held.exceptions = {{"launches/wallets.md", "L032", "noor", "law", day(November, 16), {}}};
  CHECK(told(good(), given, held) == "L032n:7");
  held.exceptions[0].expires = day(November, 15);
  CHECK(told(good(), given, held) == "L032e:7 L090e:7");
  held.exceptions[0].review = "launches/other.md";
  CHECK(told(good(), given, held) == "L032e:7");
  held.exceptions[0] = {"wallets", "L032", "noor", "law", day(November, 16), {}};
  CHECK(told(good(), given, held) == "L032n:7");
}

TEST_CASE("policy::check_launch: evidence is a link in its section that leads somewhere") {
  auto held = policy();
  held.all.evidence = {"Rollback"};
  auto review = good();
  CHECK(told(review, facts(), held) == "L013e:15");
  review.body += "Run: https://ci.example/7\n";
  CHECK(told(review, facts(), held) == "");
  review.body = good().body + "[drill](../drill.md)\n";
  CHECK(told(review, facts(), held) == "");
  auto given = facts();
  given.link_leads = [](const std::string&) { return false; };
  CHECK(told(review, given, held) == "L014e:18");
  review.body = good().body + "\n## Support\n[macros](x.md)\n";
  CHECK(told(review, given, held) == "L013e:15");
}

TEST_CASE("policy::check_launch: what a launch adds is held against the headroom of the store") {
  auto given = facts();
  given.resources = {{"checkout cpu", "cores", 100.0, 89.0}, {"disk", "TB", 10.0, {}}};
  const auto with = [&](const std::string& adds) {
    auto review = good();
    review.fields[10].value = adds;
    return told(review, given);
  };
  CHECK(with("checkout cpu: 20 cores") == "L042e:8");
  CHECK(with("checkout cpu: 12 %") == "L042e:8");
  CHECK(with("checkout cpu: 10 cores") == "");
  CHECK(with("Checkout CPU: 11 %") == "L041e:8");
  CHECK(with("checkout cpu: 4 TB") == "L040e:8");
  CHECK(with("disk: 2 TB") == "L041e:8");
  CHECK(with("dsk: 1 TB") == "L043w:8");
  given.request_is_known = [](const std::string& id) { return id == "Q-1"; };
  auto review = good();
  review.fields.push_back({"capacity_request", "Q-2", 8});
  CHECK(told(review, given) == "L044e:8");
  review.fields.back().value = "https://tracker.example/Q-2";
  CHECK(told(review, given) == "");
}

TEST_CASE("policy::check_launch predicts by past reviews, from six on") {
  auto given = facts();
  for (int i = 0; i < 5; ++i) given.times.add("security", 30);
  CHECK(told(good(), given) == "");
  given.times.add("Security", 20);
  CHECK(told(good(), given) == "L033w:7");
}

TEST_CASE("policy::demands_of adds what tier and phase ask for, once") {
  auto held = policy();
  held.by_phase["ga"].approvers = {"legal", "Security"};
  held.by_tier[4].evidence = {"Rollout"};
  CHECK(demands_of(held, 1, "ga").approvers == std::vector<std::string>{"security", "legal"});
  CHECK(demands_of(held, 1, "ga").required_fields.size() == 3);
  CHECK(demands_of(held, 3, "beta").required_fields == std::vector<std::string>{"oncall"});
  CHECK(demands_of(held, 4, "beta").evidence == std::vector<std::string>{"Rollout"});
  held.names_fields = true;
  CHECK(demands_of(held, 1, "ga").required_fields.empty());
}

TEST_CASE("policy::add_business_days passes over weekends and holidays") {
  const std::set<Date> holidays{day(November, 26)};
  CHECK(add_business_days(day(November, 20), 1, holidays) == day(November, 23));
  CHECK(add_business_days(day(November, 25), 1, holidays) == day(November, 27));
  CHECK(add_business_days(day(November, 21), 0, holidays) == day(November, 23));
}

TEST_CASE("policy::ReviewTimes: the median of an even number is rounded up") {
  ReviewTimes times;
  for (const int days : {1, 2, 3, 4, 9, 9}) times.add("sre", days);
  CHECK(times.of("SRE")->days == 4);
  CHECK(times.of("sre")->n == 6);
  CHECK_FALSE(times.of("legal"));
}

}  // namespace
}  // namespace sitrep::policy
