#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "demo/sample.hpp"
#include "demo/views.hpp"
#include "json/value.hpp"

// The weekly states that the demo replays: each is what was known then, and together they are one history.
namespace sitrep::demo {
namespace {

using View = Items (*)(const Organisation&, UnixTime);

struct Named {
  const char* name;
  View view;
};

constexpr Named k_views[] = {{"incidents", incidents_view}, {"action items", action_items_view},
                             {"reviews", reviews_view},     {"milestones", milestones_view},
                             {"risks", risks_view},         {"tickets", tickets_view},
                             {"programs", programs_view},   {"capacity requests", capacity_requests_view}};

TEST_CASE("demo views: records never vanish from one week to the next, and the week's new ones are there") {
  for (const auto& [name, view] : k_views) {
    CAPTURE(name);
    std::map<std::string, UnixTime> before;
    for (int week = 0; week < k_weeks; ++week) {
      std::map<std::string, UnixTime> now;
      for (const auto& item : view(sample(), sample().week(week))) now[item.id] = item.updated;
      std::size_t missing = 0, older = 0;
      for (const auto& [id, updated] : before) {
        missing += !now.contains(id);
        older += now.contains(id) && now[id] < updated;
      }
      CHECK(missing == 0);
      CHECK(older == 0);
      before = std::move(now);
    }
  }
}

TEST_CASE("demo views: nothing is known before it happened") {
  for (const auto& [name, view] : k_views) {
    CAPTURE(name);
    const auto moment = sample().week(3);
    std::size_t later = 0;
    for (const auto& item : view(sample(), moment)) later += item.updated > moment;
    CHECK(later == 0);
  }
}

TEST_CASE("demo views: a record whose text differs from last week's says that it was updated since") {
  for (const auto& [name, view] : k_views) {
    if (std::string_view(name) == "programs" || std::string_view(name) == "risks") continue;  // no time of change there
    CAPTURE(name);
    for (const int week : {1, 7}) {
      std::map<std::string, std::string> before;
      for (auto& item : view(sample(), sample().week(week - 1))) before[item.id] = std::move(item.json);
      std::size_t silent = 0;
      for (const auto& item : view(sample(), sample().week(week))) {
        const auto old = before.find(item.id);
        const bool differs = old == before.end() || old->second != item.json;
        // Milestones are done by day, not by the second: their list is read whole each time.
        if (differs && item.updated <= sample().week(week - 1) && std::string_view(name) != "milestones") ++silent;
      }
      CHECK(silent == 0);
    }
  }
}

TEST_CASE("demo views: series only grow, and what is there stays as it was") {
  constexpr Named k_series[] = {
      {"samples", samples_view}, {"slo samples", slo_samples_view}, {"measures", measures_view}};
  for (const auto& [name, view] : k_series) {
    CAPTURE(name);
    const auto before = view(sample(), sample().week(6));
    const auto now = view(sample(), sample().week(7));
    REQUIRE(before.size() < now.size());
    CHECK(before.back().updated <= sample().week(6));
    CHECK(std::ranges::is_sorted(now, {}, &Item::updated));
    CHECK(std::ranges::equal(before, std::span(now).first(before.size()), {}, &Item::json, &Item::json));
  }
}

TEST_CASE("demo views: dual-write slips twice in the weeks shown, 39 days in all") {
  std::vector<std::string> due;
  for (int week = 0; week < k_weeks; ++week) {
    for (const auto& item : milestones_view(sample(), sample().week(week))) {
      json::Document document;
      const auto record = document.parse(item.json);
      if (record.get("title")->string() != "dual-write at 100 %") continue;
      const auto day = record.get("due")->to_text();
      if (due.empty() || due.back() != day) due.push_back(day);
    }
  }
  REQUIRE(due.size() == 3);
  CHECK((*parse_date(due[2]) - *parse_date(due[0])).count() == 39);
}

TEST_CASE("demo views: incidents are open in one week and resolved in a later one") {
  std::set<std::string> open_before;
  int resolved = 0;
  for (int week = 0; week < k_weeks; ++week) {
    std::set<std::string> open;
    for (const auto& item : incidents_view(sample(), sample().week(week))) {
      const bool closed = item.json.find("\"status\":\"closed\"") != std::string::npos;
      if (!closed) open.insert(item.id);
      resolved += closed && open_before.contains(item.id);
    }
    open_before = std::move(open);
  }
  CHECK(resolved >= 1);
  CHECK(open_before.size() >= 1);
}

TEST_CASE("demo views: at every weekly moment calm programs have nothing serious open, nothing overdue, nothing late") {
  const auto& org = sample();
  for (int week = 0; week < k_weeks; ++week) {
    const auto moment = org.week(week);
    CAPTURE(week);
    for (const auto& m : org.milestones) {
      if (m.program_id == "PRG-1") continue;
      CAPTURE(m.title);
      const bool done = m.completed && UnixTime{*m.completed} <= moment;
      CHECK((done || m.due.at(moment) >= day_of(moment)));
    }
    for (const auto& item : org.action_items) {
      const auto* service =
          org.find_service(std::ranges::find(org.incidents, item.incident_id, &Incident::id)->service);
      if (service == nullptr || service->program.empty() || service->program == "Ledger migration") continue;
      if (item.created > moment || known(item.completed, moment) || known(item.dropped, moment)) continue;
      CAPTURE(item.id);
      CHECK(item.due.at(moment) >= day_of(moment));
    }
    for (const auto& i : org.incidents) {
      const auto* service = org.find_service(i.service);
      if (service == nullptr || service->program == "Ledger migration" || i.started > moment) continue;
      CAPTURE(i.id);
      if (!known(i.closed, moment)) CHECK((i.severity != "P1" && i.severity != "P2"));
    }
  }
}

TEST_CASE("demo: Ledger migration has four overdue follow-ups at the end") {
  const auto& org = sample();
  int overdue = 0;
  for (const auto& item : org.action_items) {
    overdue += item.team == "Ledger" && !known(item.completed, org.now) && !known(item.dropped, org.now) &&
               item.due.at(org.now) < day_of(org.now);
  }
  CHECK(overdue == 4);
}

TEST_CASE("demo::prometheus_matrix holds every hourly series on the grid, as text, NaN included") {
  const auto& org = sample();
  const auto from = std::chrono::floor<std::chrono::hours>(org.now) - std::chrono::days{90};
  const auto text = prometheus_matrix(org, org.now, from, org.now, Seconds{3600});
  json::Document document;
  const auto result = *document.parse(text).get("data")->get("result");
  CHECK(result.size() == 8);
  std::size_t points = 0;
  for (const auto& [key, series] : result.members()) points += series.get("values")->size();
  CHECK(points == 8U * 90 * 24);
  CHECK(text.find("\"NaN\"") != std::string::npos);
  const auto week_before = prometheus_matrix(org, org.week(6), from, org.now, Seconds{3600});
  CHECK(week_before.size() < text.size());
}

}  // namespace
}  // namespace sitrep::demo
