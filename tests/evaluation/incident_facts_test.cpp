// What IncidentFacts counts in one pass is what the SQL of the definitions gives: on random incidents, tickets and
// launches, for every scope, in the present and as of past moments.
#include "evaluation/incident_facts.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <deque>
#include <random>

#include "evaluation/answer.hpp"
#include "evaluation/derived_tables.hpp"
#include "evaluation/kinds.hpp"
#include "evaluation/launch_facts.hpp"
#include "evaluation/metric_rows.hpp"
#include "evaluation/record_facts.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"
#include "world.hpp"

using namespace sitrep;
using evaluation::ActionFacts;
using evaluation::Detail;
using evaluation::IncidentFacts;
using evaluation::LaunchFacts;
using evaluation::MilestoneFacts;
using evaluation::RunFacts;
using evaluation::SampleDayFacts;
using evaluation::Scope;

namespace {

constexpr std::int64_t k_day = 86'400;
const std::int64_t k_present = unix_seconds(test::k_now);

/// Text that lives as long as the test.
std::string_view one_of(std::mt19937& random, std::initializer_list<std::string_view> words) {
  return *(words.begin() + random() % words.size());
}

/// Cells are views.
std::string_view kept(std::string text) {
  static std::deque<std::string> all;
  return all.emplace_back(std::move(text));
}

void maybe(test::TestRow& row, std::mt19937& random, unsigned of, std::string_view column, model::Cell cell) {
  if (random() % of != 0) row.cells.emplace_back(column, cell);
}

test::TestRow incident(std::mt19937& random, int id) {
  test::TestRow row{"INC-" + std::to_string(id), {}};
  const auto started =
      k_present - static_cast<std::int64_t>(random() % 160) * k_day - static_cast<std::int64_t>(random() % 48) * 1'800;
  const auto later = [&] {
    return started - 3'600 + static_cast<std::int64_t>(random() % (random() % 9 == 0 ? 3'000'000 : 90'000));
  };
  maybe(row, random, 40, "started_at", started);
  maybe(row, random, 9, "title", one_of(random, {"t", "u", ""}));
  maybe(row, random, 3, "cause", one_of(random, {"deploy", "disk", "expired certificate"}));
  maybe(row, random, 6, "service", one_of(random, {"api", "API", "pay", "old-pay", "ghost", "db"}));
  if (random() % 8 == 0) row.cells.emplace_back("program", one_of(random, {"Ledger", "p1", "Nowhere"}));
  maybe(row, random, 7, "severity", one_of(random, {"SEV1", "SEV2", "SEV3", "SEV4", "SEV5", "bad"}));
  if (random() % 3 == 0) row.cells.emplace_back("kind", one_of(random, {"incident", "drill", "maintenance"}));
  maybe(row, random, 4, "detected_at", later());
  maybe(row, random, 4, "acknowledged_at", later());
  maybe(row, random, 3, "mitigated_at", later());
  maybe(row, random, 3, "resolved_at", later());
  maybe(row, random, 4, "status", one_of(random, {"open", "resolved", "mitigated"}));
  return row;
}

void fill(store::Store& store, std::mt19937& random) {
  using store::Pass;
  const auto put = [&](const char* entity, std::int64_t at, const std::vector<test::TestRow>& rows) {
    test::run(store, test::entity(entity), Pass::partial, at, rows, store::Shrink::allow, entity);
  };
  put("program", k_present - 150 * k_day, {{"p1", {{"name", "Ledger"}}}, {"p2", {{"name", "Checkout"}}}});
  put("service", k_present - 150 * k_day,
      {{"s1", {{"name", "api"}, {"program", "p2"}, {"team", "core"}}},
       {"s2", {{"name", "pay"}, {"program", "Ledger"}, {"team", "money"}, {"aliases", "[\"old-pay\"]"}}},
       {"s3", {{"name", "db"}}}});
  std::vector<test::TestRow> launches, tickets;
  for (int i = 0; i < 40; ++i) {
    const auto at = k_present - static_cast<std::int64_t>(random() % 150) * k_day;
    launches.push_back({"L" + std::to_string(i),
                        {{"service", one_of(random, {"api", "pay", "db"})},
                         {"title", kept("launch " + std::to_string(i))},
                         {"submitted_at", at},
                         {"status", one_of(random, {"launched", "approved", "rejected"})},
                         {"launched_at", at + 2 * k_day}}});
    maybe(launches.back(), random, 6, "decided_at", at + (static_cast<std::int64_t>(random() % 5) - 1) * k_day);
    maybe(launches.back(), random, 3, "target_date", one_of(random, {"2026-07-01", "2026-09-20", "2026-12-01"}));
    tickets.push_back({"T" + std::to_string(i),
                       {{"service", one_of(random, {"api", "pay"})},
                        {"created_at", at},
                        {"resolved_at", at + (random() % 5 == 0 ? -k_day : k_day)}}});
  }
  std::vector<test::TestRow> gates, actions, milestones;
  for (int i = 0; i < 30; ++i) {
    launches.push_back({"W" + std::to_string(i),
                        {{"service", one_of(random, {"api", "pay", "db"})},
                         {"program", one_of(random, {"Ledger", "p2"})},
                         {"status", one_of(random, {"submitted", "in review", "approved"})},
                         {"target_date", one_of(random, {"2026-10-01", "2026-11-30"})},
                         {"submitted_at", k_present - static_cast<std::int64_t>(random() % 100) * k_day}}});
    maybe(launches.back(), random, 5, "title", one_of(random, {"wallets", "dark mode", ""}));
    gates.push_back({"G" + std::to_string(i),
                     {{"launch_id", kept((random() % 2 ? "W" : "L") + std::to_string(random() % 30))},
                      {"area", one_of(random, {"sre", "legal"})},
                      {"status", one_of(random, {"pending", "changes requested", "approved"})},
                      {"requested_at", k_present - static_cast<std::int64_t>(random() % 100) * k_day}}});
    maybe(gates.back(), random, 2, "decided_at", k_present - static_cast<std::int64_t>(random() % 100) * k_day);
    maybe(gates.back(), random, 2, "turn", one_of(random, {"author", "reviewer"}));
    actions.push_back({"A" + std::to_string(i), {{"title", "fix"}}});
    maybe(actions.back(), random, 9, "incident_id", kept("INC-" + std::to_string(random() % 400)));
    maybe(actions.back(), random, 5, "owner", one_of(random, {"ana", "bo"}));
    maybe(actions.back(), random, 5, "team", one_of(random, {"core", "money"}));
    maybe(actions.back(), random, 5, "due_date", one_of(random, {"2026-09-01", "2026-10-10", "2026-12-30"}));
    maybe(actions.back(), random, 5, "status", one_of(random, {"open", "open", "dropped", "done"}));
    maybe(actions.back(), random, 8, "created_at", k_present - static_cast<std::int64_t>(random() % 140) * k_day);
    if (random() % 3 == 0) actions.back().cells.emplace_back("completed_at", k_present - 10 * k_day);
  }
  put("launch_review", k_present - 80 * k_day, launches);
  put("launch_approval", k_present - 80 * k_day, gates);
  put("action_item", k_present - 80 * k_day, actions);
  for (int run = 0; run < 4; ++run) {
    milestones.clear();
    for (int i = 0; i < 12; ++i)
      milestones.push_back({"M" + std::to_string(i),
                            {{"program_id", one_of(random, {"p1", "p2"})},
                             {"title", one_of(random, {"dual-write", "cut over", "100 %", ""})},
                             {"stage", one_of(random, {"build", "build", "ship"})},
                             {"status", one_of(random, {"open", "open", "Done"})},
                             {"due_date", one_of(random, {"2026-09-10", "2026-10-20", "2026-11-12", "2026-12-24"})}}});
    auto& untitled = milestones[static_cast<std::size_t>(run)].cells;
    untitled.erase(untitled.begin() + 1);
    put("milestone", k_present - (90 - 20 * run) * k_day, milestones);
  }
  put("ticket", k_present - 80 * k_day, tickets);
  std::vector<test::TestRow> samples;
  for (int i = 0; i < 300; ++i)
    samples.push_back({"",
                       {{"resource_id", one_of(random, {"disk", "cpu", "links"})},
                        {"at", k_present - static_cast<std::int64_t>(random() % 2'880) * 3'600},
                        {"used", 1.0}}});
  put("capacity_sample", k_present - 70 * k_day, samples);
  put("capacity_resource", k_present - 80 * k_day, {{"disk", {{"service", "api"}}}, {"cpu", {{"service", "pay"}}}});
  // Incidents change from run to run, and each run has a moment of its own.
  for (int run = 0; run < 6; ++run) {
    std::vector<test::TestRow> rows;
    for (int i = 0; i < 120; ++i) rows.push_back(incident(random, static_cast<int>(random() % 400)));
    put("incident", k_present - (100 - run * 19) * k_day, rows);
  }
}

bool alike(const evaluation::Totals& a, const evaluation::Totals& b) {
  const auto exclusions = [](const evaluation::Totals& t) {
    std::string text;
    for (const auto& e : t.exclusions) text += fmt::format("{} {};", e.n, e.reason);
    return text;
  };
  return a.n == b.n && std::abs(a.first - b.first) < 1e-9 * (1 + std::abs(a.first)) && a.second == b.second &&
         a.coverage.of == b.coverage.of && a.coverage.with == b.coverage.with && exclusions(a) == exclusions(b) &&
         a.known == b.known && a.values == b.values;
}

std::string shown(const evaluation::Totals& t) {
  auto text = fmt::format("{} more", t.items_left_out);
  for (const auto& item : t.items)
    text += fmt::format("; {} {} {} {}", item.id, item.label, item.url, item.value.value_or(-1));
  return text;
}

/// milestone_date by the window functions that it stands for.
constexpr std::string_view k_milestone_dates =
    "SELECT source, id, program_id, title, url, stage, status, due_date, completed_date, observed_at, superseded_at, "
    "first_value(due_date) OVER earlier, lag(due_date) OVER earlier FROM milestone_history WHERE due_date IS NOT NULL "
    "WINDOW earlier AS (PARTITION BY source, id, "
    "stage ORDER BY observed_at)";

using Log = std::shared_ptr<const evaluation::IncidentLog>;

/// `log`: as an evaluator of the present has read it; null: read here.
void compare_all(store::Store& store, UnixTime now, evaluation::Readings& readings, Log log = nullptr) {
  const evaluation::Directory directory(store);
  evaluation::Evaluator::Options options;
  options.now = now;
  const evaluation::Evaluator evaluator(store, std::move(options));
  std::unique_ptr<store::QueryBox> box;
  const Calendar calendar;
  const auto as_of = store.options().as_of;
  const auto read = [&](int days) {
    return std::make_shared<const evaluation::IncidentLog>(store.db(), now - std::chrono::days{days});
  };
  const evaluation::HeldIncidents held(store);
  evaluation::Launches reviews(store), nobodys(store);
  IncidentFacts facts(store, directory, calendar, now - std::chrono::days{200}, log ? log : read(200), held, reviews);
  IncidentFacts near(store, directory, calendar, now - std::chrono::days{100}, log ? log : read(100), held, nobodys);
  evaluation::make_workday_table(store, now, calendar);
  evaluation::make_gate_tables(store);
  LaunchFacts launches(store, directory, calendar, reviews, now - std::chrono::days{200}, now);
  evaluation::make_milestone_table(store);
  for (const auto& [a, b] :
       {std::pair<std::string_view, std::string_view>{"SELECT * FROM temp.milestone_date", k_milestone_dates},
        {k_milestone_dates, "SELECT * FROM temp.milestone_date"}})
    CHECK(test::answer(store, fmt::format("SELECT count(*) FROM ({} EXCEPT {})", a, b)) == "0");
  evaluation::make_day_view(store);
  const ActionFacts actions(store, directory, calendar, readings, held, now - std::chrono::days{100});
  const RunFacts runs(store.db());
  const MilestoneFacts milestones(store.db());
  const SampleDayFacts sample_days(store, directory, readings, now - std::chrono::days{100});
  evaluation::MetricRows rows(store, directory, now, calendar, evaluation::Runways::dates, readings);
  int compared = 0;
  for (const auto& metric : evaluator.metrics()) {
    const bool of_incidents = IncidentFacts::counts(metric.name), of_launches = LaunchFacts::counts(metric.name),
               of_actions = ActionFacts::counts(metric.name), of_runs = RunFacts::counts(metric.name),
               of_milestones = MilestoneFacts::counts(metric.name), of_fixes = metric.name == "recurred_while_fix_open";
    if (!of_incidents && !of_launches && !of_actions && !of_runs && !of_milestones && !of_fixes &&
        !SampleDayFacts::counts(metric.name))
      continue;
    CAPTURE(metric.name);
    for (int back = -10; back < 90; back += 20) {  // also later than what is known
      CAPTURE(back);
      const auto to = now - std::chrono::days{back};
      for (const auto days : {7, 31}) {
        const Interval span{to - std::chrono::days{days}, to};
        evaluation::Answer answer(store, box, metric, {span, now}, Calendar{});
        const auto plain = evaluation::run(answer, metric, directory);
        const auto fast = of_incidents    ? facts.rows(metric, span, now)
                          : of_fixes      ? facts.recurred(metric, span, actions.fixes(span))
                          : of_launches   ? launches.rows(metric, span)
                          : of_actions    ? actions.rows(metric, span)
                          : of_runs       ? runs.rows(metric, span, as_of)
                          : of_milestones ? milestones.rows(metric, span, as_of, directory, calendar)
                                          : sample_days.rows(metric, span);
        CHECK(plain.rows.empty() == fast.rows.empty());
        for (const auto& scope : {Scope(), Scope("Ledger"), Scope("Checkout"), Scope("Nowhere"),
                                  Scope::of_service("pay"), Scope::of_team("core")}) {
          const auto a = evaluation::add_up(plain, scope, Detail::totals);
          CHECK(alike(a, evaluation::add_up(fast, scope, Detail::totals)));
          const bool reaches = span.from - IncidentFacts::reach(metric.name, span) >= near.from();
          if (IncidentFacts::names_items(metric.name)) {
            auto named = evaluation::add_up(fast, scope, Detail::full);
            facts.sum_in_order(named, metric, span, scope);
            facts.items(named, metric, span, scope, now);
            const auto full = evaluation::add_up(plain, scope, Detail::full);
            CHECK(shown(named) == shown(full));
            CHECK(named.first == full.first);  // to the last bit
          }
          if (evaluation::Facts::choose(metric)) {
            const auto full = evaluation::add_up(plain, scope, Detail::full);
            CHECK(shown(rows.totals(metric, span, scope, Detail::full, evaluation::Periods::one)) == shown(full));
            evaluation::make_milestone_table(store);  // they held those few alone
            evaluation::make_gate_tables(store);
          }
          if (of_incidents && reaches)
            CHECK(alike(a, evaluation::add_up(near.rows(metric, span, now), scope, Detail::totals)));
          ++compared;
        }
      }
    }
  }
  CHECK(compared == (19 + 12 + 5 + 2 + 4 + 1 + 1) * 5 * 2 * 6);
}

}  // namespace

namespace {

std::vector<std::tuple<std::string, std::string, std::string, std::optional<double>>> shown_items(
    const evaluation::Result& result) {
  std::vector<std::tuple<std::string, std::string, std::string, std::optional<double>>> all;
  for (const auto& item : result.items) all.emplace_back(item.label, item.id, item.url, item.value);
  return all;
}

/// Values without the records behind them are those with them: rows may be combined by SQLite or come from facts.
void compare_items(store::Store& store, UnixTime now) {
  const auto evaluator = [&](evaluation::Items items) {
    evaluation::Evaluator::Options options;
    options.now = now;
    options.items = items;
    return evaluation::Evaluator(store, std::move(options));
  };
  auto with = evaluator(evaluation::Items::yes);
  auto without = evaluator(evaluation::Items::no);
  const auto window = evaluation::last_complete_window(now, PeriodLength::week, Calendar{});
  for (const auto& scope : {Scope(), Scope("Ledger"), Scope("Checkout")}) {
    const auto& all = without.compare(window, scope);
    for (const auto& compared : all.results) {
      const auto x = with.evaluate(compared.metric, window, scope),
                 y = without.evaluate(compared.metric, window, scope);
      CAPTURE(x.metric);
      CHECK(compared.value == y.value);
      auto named = compared;
      with.name_items(named, scope);
      CHECK(shown_items(named) == shown_items(x));
      const auto alone = evaluator(evaluation::Items::yes).evaluate(x.metric, window, scope, evaluation::Verdicts::no);
      CHECK(alone.value.has_value() == x.value.has_value());
      if (x.value && alone.value) CHECK(*alone.value == doctest::Approx(*x.value));
      CHECK(shown_items(alone) == shown_items(x));
      CHECK(x.value.has_value() == y.value.has_value());
      if (x.value && y.value) CHECK(*x.value == doctest::Approx(*y.value));
      CHECK(x.not_reportable == y.not_reportable);
      CHECK(x.n == y.n);
      CHECK(x.coverage.of == y.coverage.of);
      CHECK(x.coverage.with == y.coverage.with);
      CHECK(x.judgement.verdict == y.judgement.verdict);
      CHECK(x.exclusions.size() == y.exclusions.size());
      for (std::size_t e = 0; e < std::min(x.exclusions.size(), y.exclusions.size()); ++e)
        CHECK(x.exclusions[e].n == y.exclusions[e].n);
    }
  }
}

}  // namespace

TEST_CASE("evaluation::IncidentFacts counts what the definitions' SQL gives, now and as of past moments") {
  for (unsigned seed = 1; seed <= 2; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const test::TempDir folder;
    Log log;
    evaluation::Readings shared;
    {
      auto store = store::Store::open(folder / "s.db", test::writing(k_present));
      fill(store, random);
      log = std::make_shared<const evaluation::IncidentLog>(store.db(), test::k_now - std::chrono::days{300});
      compare_all(store, test::k_now, shared);
      compare_items(store, test::k_now);
    }
    for (const int back : {5, 81}) {
      CAPTURE(back);
      const auto moment = k_present - back * k_day;
      auto past = store::Store::open(folder / "s.db", test::reading(moment, moment));
      evaluation::Readings own;
      compare_all(past, unix_time(moment), own);
      compare_all(past, unix_time(moment), shared, log);
      compare_items(past, unix_time(moment));
    }
  }
}

TEST_CASE("evaluation::named_incidents finds a version that held at a past moment, with and without a start") {
  const test::TempDir folder;
  {
    auto store = store::Store::open(folder / "s.db", test::writing(k_present));
    const auto put = [&](std::int64_t at, const std::string& cause) {
      test::run(store, test::entity("incident"), store::Pass::partial, at,
                {{"I1", {{"service", kept("api")}, {"cause", kept(cause)}}},
                 {"I2", {{"service", kept("pay")}, {"cause", kept(cause)}, {"started_at", k_present - 30 * k_day}}}},
                store::Shrink::allow, "incident");
    };
    put(k_present - 20 * k_day, "disk");
    put(k_present - 2 * k_day, "deploy");
  }
  const auto moment = k_present - 10 * k_day;
  auto past = store::Store::open(folder / "s.db", test::reading(moment, moment));
  const evaluation::HeldIncidents held(past);
  CHECK(held.versions.size() == 2);
  const std::vector<std::string_view> ids = {"I1", "I2", "I3"};
  const auto named = evaluation::named_incidents(past, held, ids);
  REQUIRE(named.size() == 2);
  CHECK(named.at("I1")[0].service == "api");
  CHECK(named.at("I1")[0].cause == "disk");
  CHECK(named.at("I1")[0].started == store::k_no_time);
  CHECK(named.at("I2")[0].started == k_present - 30 * k_day);
  CHECK(!named.at("I2")[0].source.empty());
}
