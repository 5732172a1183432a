// What was known then: the same output as of a past day as on that day, and nothing of what came later.
#include "base/file.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>

using namespace sitrep;

namespace {

constexpr std::string_view k_config = R"toml(
[workspace]
name = "Payments"

[diff]
exclude = ["*.extra._updated_at"]

[source.reviews]
base_url = "https://launch.example.test"
[[source.reviews.stream]]
name = "keps"
entity = "launch_review"
path = "reviews"
data_selector = "reviews"
primary_key = ["path"]
[source.reviews.stream.columns]
title = "title"
owner = "owning-sig"
phase = { path = "stage", map = { stable = "ga" } }
target_date = "date"
latest-milestone = "latest-milestone"
approvers = "approvers"
milestone = "milestone"
_updated_at = "_updated_at"
)toml";

struct Workspace {
  test::TempDir folder;
  Workspace() { folder.write("sitrep.toml", k_config); }

  test::RunResult run(std::vector<std::string> args, const std::string& input = {}) const {
    // SITREP_NOW says as --now does what the present is; here it is --as-of that does.
    const bool as_of = std::ranges::find(args, "--as-of") != args.end();
    const std::map<std::string, std::string> environment = {{as_of ? "SITREP_NOW" : "LANG", ""}};
    return test::run_sitrep(args, {.folder = folder.path(), .environment = environment, .input = input});
  }
  /// Runs what has to succeed.
  std::string out(std::vector<std::string> args, const std::string& input = {}) const {
    const auto result = run(std::move(args), input);
    CAPTURE(result.err);
    CHECK(result.exit_code == 0);
    return result.out;
  }
  void import(const std::string& entity, const std::string& at, const std::string& text,
              std::vector<std::string> more = {}) const {
    std::vector<std::string> args = {"import", entity, "-", "--observed-at", at, "-q", "--now", "2026-12-31"};
    args.insert(args.end(), more.begin(), more.end());
    out(args, text);
  }
};

/// A day's knowledge. `word` stands in whatever a record can hold.
void learn(const Workspace& workspace, const std::string& day, const std::string& word, const std::string& due) {
  const auto at = day + "T12:00:00Z";
  workspace.import("program", at,
                   fmt::format(R"([{{"id":"P1","name":"Ledger","owner":"{0}","status":"green"}}])", word),
                   {"--snapshot"});
  workspace.import("service", at,
                   fmt::format(R"([{{"id":"S1","name":"ledger-api","program":"Ledger","team":"{0}"}}])", word));
  workspace.import("milestone", at,
                   fmt::format(R"({{"id":"M1","program_id":"Ledger","title":"Dual-write {0}","due_date":"{1}"}})"
                               "\n"
                               R"({{"id":"M-{0}","program_id":"Ledger","title":"{0}","extra_word":"{0}"}})",
                               word, due),
                   {"--snapshot", "--allow-shrink"});
  workspace.import(
      "incident", at,
      fmt::format("id,title,service,severity,status,started_at\nI-{0},{0},ledger-api,SEV2,open,{1}T08:00:00Z\n", word,
                  day));
  workspace.import("capacity_resource", at, R"([{"id":"R1","name":"disk","capacity_limit":100}])");
  workspace.import(
      "capacity_sample", at,
      fmt::format("resource_id,at,used\nR1,2026-10-01T00:00:00Z,{}\nR1,{}T00:00:00Z,50\n", word.size(), day));
  const auto note = workspace.run({"note", "add", "Ledger", word, "--author", word, "--now", at});
  CHECK(note.exit_code == 0);
}

const std::vector<std::vector<std::string>> k_looks = {
    {"report", "weekly-health"},
    {"health", "Ledger"},
    {"status"},
    {"metric", "list"},
    {"program", "list", "--json"},
    {"incident", "list", "--json"},
    {"capacity", "list"},
    {"note", "list"},
    {"diff", "--since", "-30d", "--json"},
    {"history", "milestone", "M1"},
    {"query", "select * from milestone_slip", "--json"},
    {"query", "select * from capacity_sample_history order by at, observed_at", "--json"},
};

}  // namespace

TEST_CASE("--as-of gives the bytes that every command gave on that day") {
  const Workspace workspace;
  const std::string days[] = {"2026-11-02", "2026-11-09", "2026-11-16"};
  std::map<std::string, std::vector<std::string>> then;
  int number = 0;
  for (const auto& day : days) {
    learn(workspace, day, fmt::format("word{}", number), fmt::format("2026-12-{:02}", 1 + 9 * number));
    ++number;
    for (const auto& look : k_looks) {
      auto args = look;
      args.insert(args.end(), {"--now", day + "T16:00:00Z"});
      then[day].push_back(workspace.out(args));
    }
  }
  for (const auto& day : {days[0], days[1]}) {
    for (std::size_t i = 0; i < k_looks.size(); ++i) {
      CAPTURE(day);
      CAPTURE(k_looks[i][0]);
      CAPTURE(k_looks[i].size() > 1 ? k_looks[i][1] : std::string());
      auto args = k_looks[i];
      args.insert(args.end(), {"--as-of", day + "T16:00:00Z"});
      CHECK(workspace.out(args) == then[day][i]);
    }
  }
}

namespace {

/// Records of many entities that are alike in all that lists are ordered by, but for their ids. Ids that `other` picks
/// carry one thing more.
void learn_alike(const Workspace& workspace, const std::string& at, int other) {
  const auto records = [&](const std::string& entity, int count, const auto& record) {
    std::string lines;
    for (int i = 0; i < count; ++i) {
      if (other > 0 && i % other != 0) continue;
      lines += fmt::format("{{\"id\":\"{0}{1}\",{2}{3}}}\n", entity.substr(0, 3), (i * 7) % count, record(i),
                           other > 0 ? ",\"more\":1" : "");
    }
    workspace.import(entity, at, lines);
  };
  const auto service = [](int i) { return fmt::format(R"("service":"svc{}")", i % 2); };
  records("program", 2, [](int i) { return fmt::format(R"("name":"Ledger{}")", i == 0 ? "" : " 2"); });
  // Two of one name, whose programs differ: which one counts is not for chance to say.
  records("service", 4, [](int i) {
    return fmt::format(R"("name":"svc{}","program":"Ledger{}","team":"t")", i % 2, i < 2 ? "" : " 2");
  });
  records("incident", 20, [&](int i) {
    return fmt::format(R"("title":"outage {}","severity":"SEV1","started_at":"2026-11-05","cause":"disk",{}{})", i,
                       service(i), i % 2 == 0 ? "" : R"(,"resolved_at":"2026-11-06","mitigated_at":"2026-11-06")");
  });
  records("incident_update", 20,
          [](int i) { return fmt::format(R"("incident_id":"inc{}","at":"2026-11-06","body":"words {}")", i % 3, i); });
  records("action_item", 20, [](int i) {
    return fmt::format(R"("incident_id":"inc{}","title":"fix","due_date":"2026-11-06","created_at":"2026-10-01")", i);
  });
  records("milestone", 12, [](int i) {
    return fmt::format(R"("title":"part","program_id":"Ledger","due_date":"2026-11-{}")", i % 2 == 0 ? "06" : "20");
  });
  records("launch_review", 12, [&](int i) {
    return fmt::format(R"("title":"launch","status":"{}","target_date":"2026-11-06","submitted_at":"2026-11-03",{}{})",
                       i % 3 == 0 ? "launched" : "in review", service(i),
                       i % 3 == 0 ? R"(,"decided_at":"2026-11-05","launched_at":"2026-11-05")" : "");
  });
  records("launch_approval", 24, [](int i) {
    return fmt::format(R"("launch_id":"lau{}","area":"a{}","status":"{}","requested_at":"2026-11-03")", i % 12, i / 8,
                       i % 2 == 0 ? "pending" : "changes requested");
  });
  records("ticket", 20, [](int i) {
    return fmt::format(R"("subject":"s{}","service":"svc1","reason":"r","created_at":"2026-11-04","csat_score":{}{})",
                       i, i % 5, i % 2 == 0 ? "" : R"(,"resolved_at":"2026-11-08","first_response_at":"2026-11-05")");
  });
  records("risk", 8, [](int) {
    return std::string(R"("title":"risk","program_id":"Ledger","likelihood":"likely","impact":"high")");
  });
}

}  // namespace

TEST_CASE("--as-of keeps the order of what is alike, whichever of it changed later") {
  const Workspace workspace;
  learn_alike(workspace, "2026-11-08", 0);
  std::vector<std::vector<std::string>> looks = {
      {"incident", "list"}, {"launch", "list"}, {"ticket", "stats", "--json"}, {"health", "--json"}};
  for (const std::string report : {"weekly-health", "ops-review", "executive-summary", "launch-calendar",
                                   "capacity-review", "incident-review", "support-health", "changes", "oncall-handoff"})
    looks.push_back({"report", report, "--json"});
  looks.push_back({"report", "program", "--program", "Ledger", "--json"});
  for (const std::string metric : {"overdue_milestones",
                                   "milestone_slip_days",
                                   "launches_blocked",
                                   "launches_late",
                                   "launched_without_approval",
                                   "launch_review_time",
                                   "launch_wait_reviewer_days",
                                   "incidents_sev1",
                                   "open_sev12",
                                   "hours_sev12",
                                   "time_to_resolve",
                                   "overdue_actions",
                                   "action_age_days",
                                   "recurred_while_fix_open",
                                   "csat",
                                   "tickets",
                                   "first_response_sla",
                                   "resolution_sla",
                                   "top_reason",
                                   "contact_rate",
                                   "known_services"})
    looks.push_back({"metric", "explain", metric, "--json"});
  std::vector<std::string> then;
  for (auto args : looks) {
    args.insert(args.end(), {"--now", "2026-11-10"});
    then.push_back(workspace.out(args));
  }
  learn_alike(workspace, "2026-11-12", 3);
  for (std::size_t i = 0; i < looks.size(); ++i) {
    CAPTURE(looks[i][0]);
    CAPTURE(looks[i][1]);
    auto args = looks[i];
    CAPTURE(args.size() > 2 ? args[2] : "");
    args.insert(args.end(), {"--as-of", "2026-11-10"});
    CHECK(workspace.out(args) == then[i]);
  }
}

TEST_CASE("--as-of: no name, view, function or prefix tells what came later") {
  const Workspace workspace;
  learn(workspace, "2026-11-02", "early", "2026-12-01");
  learn(workspace, "2026-11-09", "laterword", "2026-12-24");
  const std::vector<std::string> as_of = {"--as-of", "2026-11-03"};
  const auto run = [&](std::vector<std::string> args) {
    args.insert(args.end(), as_of.begin(), as_of.end());
    return workspace.run(args);
  };
  for (const auto& look : k_looks) {
    CAPTURE(look[0]);
    const auto result = run(look);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("laterword") == std::string::npos);
    CHECK(result.out.find("2026-12-24") == std::string::npos);
  }
  for (const std::string view : {"program", "service", "milestone", "incident", "capacity_resource", "capacity_sample",
                                 "note", "sync_run", "reject", "stream", "slip", "milestone_slip", "launch_slip"}) {
    CAPTURE(view);
    const auto rows = run({"query", "select * from " + view, "--format", "ndjson"});
    CHECK(rows.exit_code == 0);
    CHECK(rows.out.find("laterword") == std::string::npos);
    CHECK(rows.out.find("2026-12-24") == std::string::npos);
    CHECK(rows.out.find("2026-11-09") == std::string::npos);
    for (const auto& name : {"main." + view, "\"main\"." + view, "[main].\"" + view + "\""}) {
      CAPTURE(name);
      CHECK(run({"query", "select * from " + name}).exit_code == 7);
    }
  }
  for (const char* name : {"incident_current", "incident_past", "capacity_sample_value", "sync_run_log", "reject_log",
                           "stream_state", "sighting", "own_entity", "main.incident_history", "sqlite_schema"}) {
    CAPTURE(name);
    CHECK(run({"query", fmt::format("select * from {}", name)}).exit_code == 7);
  }
  for (const std::vector<std::string>& whole : std::vector<std::vector<std::string>>{{"store", "stats"},
                                                                                     {"store", "check"},
                                                                                     {"store", "export"},
                                                                                     {"store", "gc"},
                                                                                     {"store", "forget", "Ravi"},
                                                                                     {"backup", "copy.db"}}) {
    CAPTURE(whole.back());
    const auto refused = run(whole);
    CHECK(refused.exit_code == 2);
    CHECK(refused.out.empty());
  }
  CHECK(run({"query", "select iso(ts('now')), datetime('now')", "--format", "csv"}).out.find("2026-11-03T00:00:00Z") !=
        std::string::npos);
}

TEST_CASE("import and diff: weekly change sets through a mapping, in any order, field by field") {
  const auto record = [](const std::string& path, const std::string& stage, const std::string& milestone,
                         const std::string& date, const std::string& updated) {
    return fmt::format(
        R"({{"id":"KEP-1","path":"{0}","title":"{0}","stage":"{1}","latest-milestone":"{2}","date":"{3}",)"
        R"("milestone":{{"{1}":"{2}"}},"approvers":["@a","@b"],"_updated_at":"{4}"}})",
        path, stage, milestone, date, updated);
  };
  const auto a0 = record("a", "alpha", "v1.33", "2026-04-01", "1"),
             b0 = record("b", "beta", "v1.33", "2026-04-01", "1");
  const auto a2 = record("a", "beta", "v1.34", "2026-08-01", "2"), b2 = record("b", "beta", "v1.34", "2026-08-01", "2");
  const auto b1 = record("b", "beta", "v1.33", "2026-04-01", "only this"),
             c2 = record("c", "alpha", "v1.35", "2026-12-01", "1");
  struct File {
    std::string day, text;
    std::vector<std::string> how;
  };
  const std::vector<std::string> source = {"--source", "reviews"};
  const std::vector<File> files = {
      {"2026-03-01", "{\"reviews\":[" + a0 + "," + b0 + "]}", {"--snapshot"}},
      {"2026-03-08", "{\"changed\":[" + b1 + "]}", {"--select", "changed"}},
      {"2026-03-15", "{\"changed\":[" + a2 + "," + b2 + "," + c2 + "]}", {"--select", "changed"}},
      {"2026-03-22", "{\"reviews\":[" + a2 + "," + b2 + "]}", {"--snapshot", "--allow-shrink"}},
      {"2026-03-29", "{\"changed\":[" + c2 + "]}", {"--select", "changed"}},
  };
  std::string in_order;
  for (const auto& order : {std::vector<std::size_t>{0, 1, 2, 3, 4}, std::vector<std::size_t>{3, 1, 4, 0, 2}}) {
    const Workspace workspace;
    for (const auto i : order) {
      auto how = files[i].how;
      how.insert(how.end(), source.begin(), source.end());
      workspace.import("launch_review", files[i].day, files[i].text, how);
    }
    const auto between = [&](const char* since, const char* until, std::vector<std::string> more = {}) {
      std::vector<std::string> args = {"diff", "launch_review", "--since", since,      "--until",
                                       until,  "--format",      "csv",     "--fields", "kind,id,column,before,after"};
      args.insert(args.end(), more.begin(), more.end());
      return workspace.out(args);
    };
    const std::string head = "kind,id,column,before,after\n";
    CHECK(between("2026-03-01", "2026-03-08") == head);  // _updated_at alone
    CHECK(between("2026-03-01", "2026-03-08", {"--all-columns"}) == head + "changed,b,extra._updated_at,1,only this\n");
    CHECK(between("2026-03-08", "2026-03-15") ==
          head +
              "changed,a,phase,alpha,beta\nchanged,a,target_date,2026-04-01,2026-08-01\n"
              "changed,a,extra.latest-milestone,v1.33,v1.34\n"
              "changed,a,extra.milestone,\"{\"\"alpha\"\":\"\"v1.33\"\"}\",\"{\"\"beta\"\":\"\"v1.34\"\"}\"\n"
              "changed,b,target_date,2026-04-01,2026-08-01\nchanged,b,extra.latest-milestone,v1.33,v1.34\n"
              "changed,b,extra.milestone,\"{\"\"beta\"\":\"\"v1.33\"\"}\",\"{\"\"beta\"\":\"\"v1.34\"\"}\"\nadded,c,,,"
              "\n");
    CHECK(between("2026-03-15", "2026-03-22") == head + "removed,c,,,\n");
    CHECK(between("2026-03-22", "2026-03-29") == head + "restored,c,,,\n");
    const auto changed = workspace.run({"diff", "--since", "2026-03-22", "--until", "2026-03-29", "--exit-code", "-q"});
    CHECK(changed.exit_code == 1);
    CHECK(workspace.run({"diff", "--since", "2026-03-01", "--until", "2026-03-08", "--exit-code"}).exit_code == 0);
    // a went on to beta, b is late at the same stage.
    CHECK(workspace.out({"query", "select id, slips, days_slipped from launch_slip order by id", "--format", "csv"}) ==
          "id,slips,days_slipped\na,0,0\nb,1,122\nc,0,0\n");
    const auto history = workspace.out(
        {"query", "select * from launch_review_history order by id, observed_at", "--json", "--now", "2026-12-31"});
    if (in_order.empty()) in_order = history;
    CHECK(history == in_order);
  }
}
