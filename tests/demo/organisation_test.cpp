#include "demo/organisation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "demo/sample.hpp"
#include "demo/views.hpp"

namespace sitrep::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;

template <class List, class Projection>
std::map<std::string, int> tally(const List& list, Projection field) {
  std::map<std::string, int> counts;
  for (const auto& element : list) ++counts[std::string(std::invoke(field, element))];
  return counts;
}

std::string everything(const Organisation& org) {
  std::string text;
  for (const auto& view :
       {incidents_view, action_items_view, reviews_view, resources_view, samples_view, capacity_requests_view,
        slo_samples_view, milestones_view, risks_view, tickets_view, measures_view, calendar_view, programs_view}) {
    for (const auto& item : view(org, org.now)) text += item.json;
  }
  return text;
}

TEST_CASE("demo::make_organisation is the same for a seed and a now, and another for another seed") {
  const auto text = everything(sample());
  CHECK(text == everything(make_organisation(k_default_seed, k_test_now)));
  CHECK(text != everything(make_organisation(k_default_seed + 1, k_test_now)));
}

TEST_CASE("demo::make_organisation has the size that the demo promises, whatever the seed") {
  for (const std::uint64_t seed : {k_default_seed, std::uint64_t{1}, std::uint64_t{424242}}) {
    CAPTURE(seed);
    const auto org = make_organisation(seed, k_test_now);
    CHECK(org.programs.size() == 4);
    CHECK(org.services.size() == 25);
    CHECK(org.launches.size() == 120);
    CHECK(org.resources.size() == 60);
    CHECK(std::ranges::count(org.resources, true, &Resource::hourly) == 8);
    CHECK(org.incidents.size() > 1050);
    CHECK(org.incidents.size() < 1400);
    CHECK(org.action_items.size() > 300);
    CHECK(org.tickets.size() > 2000);
  }
}

TEST_CASE("demo: incidents span 18 months and show the oddities of real trackers") {
  const auto& org = sample();
  CHECK(org.incidents.front().started < org.now - days{540});
  CHECK(org.incidents.back().started > org.now - days{3});
  int before_start = 0, odd = 0, null = 0, by_alias = 0, unknown_service = 0;
  for (const auto& i : org.incidents) {
    before_start += i.resolved && *i.resolved < i.started;
    odd += i.severity == "P0?" || i.severity == "minor";
    null += i.severity.empty();
    const auto* service = org.find_service(i.service);
    unknown_service += service == nullptr;
    by_alias += service != nullptr && service->name != i.service;
  }
  CHECK(before_start == 3);
  CHECK(odd == 6);
  CHECK(null == 3);
  CHECK(unknown_service == 3);
  CHECK(by_alias > 20);
  const auto kinds = tally(org.incidents, &Incident::kind);
  for (const char* kind : {"exercise", "maintenance", "duplicate"}) CHECK(kinds.at(kind) > 10);
  CHECK(tally(org.incidents, &Incident::cause).at("bad deploy") > 100);
}

TEST_CASE("demo: incident times are in order but for the three mistyped ones, and cover most records") {
  const auto& org = sample();
  int mitigated = 0;
  for (const auto& i : org.incidents) {
    CAPTURE(i.id);
    CHECK(i.started <= org.now);
    if (i.detected) CHECK(*i.detected >= i.started);
    if (i.acknowledged && i.detected) CHECK(*i.acknowledged >= *i.detected);
    if (i.mitigated && i.acknowledged) CHECK(*i.mitigated >= *i.acknowledged);
    if (i.mitigated && i.closed) CHECK(*i.closed >= *i.mitigated);
    CHECK(std::ranges::is_sorted(i.updates, {}, &IncidentUpdate::at));
    mitigated += i.mitigated.has_value();
  }
  CHECK(mitigated > 0.85 * static_cast<double>(org.incidents.size()));
}

TEST_CASE("demo: people work by day: most incidents start in the organisation's office hours") {
  const auto& org = sample();
  int office = 0;
  for (const auto& i : org.incidents) {
    const auto local = org.zone.to_local(i.started);
    const auto hour = (local - std::chrono::floor<days>(local)) / hours{1};
    office += hour >= 8 && hour < 18;
  }
  CHECK(office > 0.5 * static_cast<double>(org.incidents.size()));
}

TEST_CASE("demo: launch reviews exist in every state, with gates whose times are in order") {
  const auto& org = sample();
  std::set<std::string> states;
  for (const auto& item : reviews_view(org, org.now)) {
    const auto at = item.json.find("\"state\":\"") + 9;
    states.insert(item.json.substr(at, item.json.find('"', at) - at));
  }
  CHECK(states == std::set<std::string>{"draft", "submitted", "in_review", "ok", "rejected", "launched", "withdrawn"});
  for (const auto& review : org.launches) {
    CAPTURE(review.id);
    if (review.submitted) CHECK(*review.submitted >= review.created);
    if (review.decided) CHECK(*review.decided >= *review.submitted);
    if (review.launched) CHECK(*review.launched > *review.decided);
    CHECK(review.submitted.has_value() != review.gates.empty());
    for (const auto& gate : review.gates) {
      if (gate.decided) CHECK(*gate.decided >= gate.requested);
      if (gate.changes_requested) CHECK(*gate.resubmitted >= *gate.changes_requested);
    }
  }
}

TEST_CASE("demo: two reviews of Checkout 3 wait for security longer than promised, and only those") {
  const auto& org = sample();
  const auto promised = UnixTime{add_working_days(day_of(org.now), -6)};
  std::set<std::string> waiting;
  for (const auto& review : org.launches) {
    if (review.withdrawn || !review.submitted) continue;
    for (const auto& gate : review.gates) {
      if (gate.requested < promised && !known(gate.decided, org.now) && !gate.changes_requested) {
        waiting.insert(review.program + " " + gate.area + " " + review.title);
      }
    }
  }
  CHECK(waiting == std::set<std::string>{"Checkout 3 security Stored cards for guests",
                                         "Checkout 3 security Wallets in checkout"});
}

TEST_CASE("demo: samples keep within their resource's limit and step by the hour or the day") {
  const auto& org = sample();
  std::size_t samples = 0;
  for (const auto& r : org.resources) {
    CAPTURE(r.name);
    const Seconds step = r.hourly ? Seconds{3600} : Seconds{86400};
    CHECK(r.samples.size() >= (r.hourly ? 90U * 24 : 365U));
    for (std::size_t i = 0; i < r.samples.size(); ++i) {
      if (i > 0 && r.samples[i].at - r.samples[i - 1].at != step) FAIL_CHECK("an irregular step");
      if (!(std::isnan(r.samples[i].value) || (r.samples[i].value >= 0 && r.samples[i].value <= r.limit.at(org.now)))) {
        FAIL_CHECK("a sample outside of its limit");
      }
    }
    samples += r.samples.size();
  }
  CHECK(samples > 40'000);
  CHECK(samples < 55'000);
}

TEST_CASE("demo: the disk of ledger-db is full before an order placed today would arrive in time, and no other disk") {
  const auto& org = sample();
  std::set<std::string> urgent;
  for (const auto& r : org.resources) {
    const auto& last = r.samples.back();
    const auto& before = r.samples[r.samples.size() - (r.hourly ? 24 * 56 : 56) - 1];
    const double per_day = (last.value - before.value) / 56.0;
    const double limit = r.limit.at(org.now);
    if (per_day > 0 && (limit - last.value) / per_day < r.lead_time_days + 14) urgent.insert(r.name);
  }
  CHECK(urgent == std::set<std::string>{"ledger-db disk"});
}

TEST_CASE("demo: SLO counts are whole, at most their total, and stop early for ledger-api alone") {
  const auto& org = sample();
  CHECK(org.slos.size() == 24);
  for (const auto& slo : org.slos) {
    CAPTURE(slo.service);
    for (const auto& count : slo.counts) {
      if (count.good < 0 || count.good > count.total) FAIL_CHECK("good beyond total");
    }
    const auto silent = org.now - slo.counts.back().at;
    CHECK((slo.service == "ledger-api") == (silent > days{4}));
  }
}

TEST_CASE("demo: the support console has too few answers for a satisfaction score in any week, other products enough") {
  const auto& org = sample();
  for (int week = 0; week < k_weeks; ++week) {
    std::map<std::string, int> answers;
    for (const auto& t : org.tickets) {
      if (t.rated && *t.rated >= org.week(week) - days{7} && *t.rated < org.week(week)) ++answers[t.product];
    }
    CAPTURE(week);
    CHECK(answers["Support console"] < 10);
    for (const char* product : {"Ledger", "Checkout", "Edge"}) {
      CAPTURE(product);
      CHECK(answers[product] >= 10);
    }
  }
}

}  // namespace
}  // namespace sitrep::demo
