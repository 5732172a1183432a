// Observations of known moments, written in any order, give the history that they give in order.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "store/care.hpp"
#include "store/support.hpp"

using namespace sitrep;
using test::answer;

namespace {

using Records = std::map<std::string, std::string>;  // id → title

/// What one import holds; every record of its source when it is a snapshot.
struct Observation {
  std::int64_t at = 0;
  store::Pass pass = store::Pass::partial;
  Records records;
};

store::Counts observe(store::Store& store, std::string_view source, const Observation& observation) {
  const auto& entity = test::entity("incident");
  store::StreamWriter writer(store, source, "s", entity, observation.pass, unix_time(observation.at),
                             store::Moment::exact);
  store::RunFacts facts;
  facts.started_at = facts.finished_at = unix_time(observation.at);
  writer.set_facts(facts);
  model::RowBatch rows(entity.columns.size());
  for (const auto& [id, title] : observation.records) {
    rows.begin_row(id);
    rows.set(static_cast<std::size_t>(entity.index_of("title")), std::string_view(title));
  }
  writer.put(rows);
  writer.finish("", store::Shrink::allow);
  return writer.counts();
}

/// One store for all cases: each has a source of its own.
class Histories {
 public:
  ~Histories() { CHECK(store::check(store).empty()); }
  std::string of(const std::vector<Observation>& observations) {
    const auto source = fmt::format("src{}", ++count_);
    for (const auto& observation : observations) observe(store, source, observation);
    return answer(store,
                  "SELECT id, title, observed_at, superseded_at, deleted_at FROM incident_history WHERE source = '" +
                      source + "' ORDER BY id, observed_at");
  }
  /// Of the source that was asked for last.
  std::string sightings() {
    return answer(store,
                  fmt::format("SELECT id, at FROM main.sighting WHERE source_id = (SELECT id FROM main.source_name "
                              "WHERE name = 'src{}') ORDER BY id, at",
                              count_));
  }
  store::Store store = store::Store::memory(test::writing());

 private:
  int count_ = 0;
};

/// The versions that follow from the states, without a store.
std::string expected(std::vector<Observation> observations) {
  std::ranges::sort(observations, {}, &Observation::at);
  std::map<std::string, std::string> lines;
  std::map<std::string, std::pair<std::string, std::int64_t>> open;
  const auto close = [&](const std::string& id, std::int64_t at, bool gone) {
    const auto& [title, since] = open.at(id);
    lines[id] += fmt::format(" {}|{}|{}|{}|{}", id, title, since, at, gone ? std::to_string(at) : "-");
    open.erase(id);
  };
  for (const auto& observation : observations) {
    if (observation.pass == store::Pass::full)
      for (const auto& [id, state] : std::map(open))
        if (!observation.records.contains(id)) close(id, observation.at, true);
    for (const auto& [id, title] : observation.records) {
      if (open.contains(id) && open.at(id).first == title) continue;
      if (open.contains(id)) close(id, observation.at, false);
      open.emplace(id, std::pair(title, observation.at));
    }
  }
  for (const auto& [id, state] : open) lines[id] += fmt::format(" {}|{}|{}|-|-", id, state.first, state.second);
  std::string text;
  for (const auto& [id, versions] : lines) text += versions;
  return text.empty() ? text : text.substr(1);
}

}  // namespace

TEST_CASE("import: an older state takes its place before, between and after what is known") {
  struct Case {
    std::string name;
    std::vector<Observation> order;
    std::string history;
  };
  using enum store::Pass;
  const Case cases[] = {
      {"before everything", {{20, partial, {{"a", "x"}}}, {10, partial, {{"a", "w"}}}}, "a|w|10|20|- a|x|20|-|-"},
      {"the same state earlier", {{20, partial, {{"a", "x"}}}, {10, partial, {{"a", "x"}}}}, "a|x|10|-|-"},
      {"between two states",
       {{10, partial, {{"a", "x"}}}, {30, partial, {{"a", "z"}}}, {20, partial, {{"a", "y"}}}},
       "a|x|10|20|- a|y|20|30|- a|z|30|-|-"},
      {"what was seen again later goes on from there",
       {{10, partial, {{"a", "x"}}}, {30, partial, {{"a", "x"}}}, {20, partial, {{"a", "y"}}}},
       "a|x|10|20|- a|y|20|30|- a|x|30|-|-"},
      {"a snapshot of later is a sight of every record",
       {{10, partial, {{"a", "x"}}}, {30, full, {{"a", "x"}}}, {20, partial, {{"a", "y"}}}},
       "a|x|10|20|- a|y|20|30|- a|x|30|-|-"},
      {"a snapshot of later did not have it",
       {{10, partial, {{"b", "x"}}}, {30, full, {{"b", "x"}}}, {20, partial, {{"a", "y"}}}},
       "a|y|20|30|30 b|x|10|-|-"},
      {"an old snapshot that lacks a record, which was seen again",
       {{10, partial, {{"a", "x"}}}, {30, partial, {{"a", "x"}}}, {20, full, {{"b", "y"}}}},
       "a|x|10|20|20 a|x|30|-|- b|y|20|-|-"},
      {"a second import for the moment corrects the first",
       {{10, partial, {{"a", "x"}}}, {20, partial, {{"a", "y"}}}, {20, partial, {{"a", "z"}}}},
       "a|x|10|20|- a|z|20|-|-"},
      {"a correction back to what was before",
       {{10, partial, {{"a", "x"}}}, {20, partial, {{"a", "y"}}}, {20, partial, {{"a", "x"}}}},
       "a|x|10|-|-"},
      {"a correction of a removal",
       {{10, partial, {{"a", "x"}}}, {20, full, {}}, {20, partial, {{"a", "x"}}}},
       "a|x|10|-|-"},
      {"twice the same changes nothing",
       {{10, partial, {{"a", "x"}}}, {20, full, {{"a", "y"}}}, {10, partial, {{"a", "x"}}}, {20, full, {{"a", "y"}}}},
       "a|x|10|20|- a|y|20|-|-"},
  };
  Histories histories;
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(histories.of(c.order) == c.history);
  }
}

TEST_CASE("import: random observations in any order give the history of their order in time") {
  Histories histories;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return random() % n; };
    std::vector<Observation> observations;
    for (unsigned i = 0; i < 4 + below(8); ++i) {
      Observation o{
          100 + 10 * static_cast<std::int64_t>(i), below(3) == 0 ? store::Pass::full : store::Pass::partial, {}};
      for (const char* id : {"a", "b", "c"})
        if (below(3) > 0) o.records[id] = std::string(1, static_cast<char>('p' + below(3)));
      observations.push_back(std::move(o));
    }
    const auto in_order = histories.of(observations);
    CHECK(in_order == expected(observations));
    const auto seen = histories.sightings();
    for (int shuffle = 0; shuffle < 4; ++shuffle) {
      std::ranges::shuffle(observations, random);
      CHECK(histories.of(observations) == in_order);
      CHECK(histories.sightings() == seen);
    }
  }
}

TEST_CASE("import: samples of a series observed in any order are corrected in the order of time") {
  const auto& entity = test::entity("measure");
  struct Sight {
    std::int64_t observed = 0;
    double value = 0;
  };
  auto store = store::Store::memory(test::writing());
  int count = 0;
  const auto history = [&](const std::vector<Sight>& sights) {
    const auto source = fmt::format("src{}", ++count);
    for (const auto& sight : sights) {
      store::StreamWriter writer(store, source, "m", entity, store::Pass::partial, unix_time(sight.observed),
                                 store::Moment::exact);
      writer.put(test::batch(
          entity, {{.id = "x",
                    .cells = {{"name", std::string_view("users")}, {"at", std::int64_t{5}}, {"value", sight.value}}}}));
      writer.finish("", store::Shrink::allow);
    }
    return answer(store, "SELECT value, observed_at, superseded_at FROM measure_history WHERE source = '" + source +
                             "' ORDER BY observed_at") +
           " seen " +
           answer(store,
                  "SELECT at FROM main.sighting WHERE source_id = (SELECT id FROM main.source_name WHERE name = '" +
                      source + "') ORDER BY at");
  };
  CHECK(history({{10, 1}, {30, 3}, {20, 2}}) == "1.0|10|20 2.0|20|30 3.0|30|- seen ");
  CHECK(history({{10, 1}, {30, 1}, {20, 2}}) == "1.0|10|20 2.0|20|30 1.0|30|- seen ");
  for (unsigned seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    std::vector<Sight> sights;
    for (int i = 0; i < 6; ++i) sights.push_back({10 * (i + 1), static_cast<double>(random() % 3)});
    const auto in_order = history(sights);
    for (int shuffle = 0; shuffle < 4; ++shuffle) {
      std::ranges::shuffle(sights, random);
      CHECK(history(sights) == in_order);
    }
  }
  CHECK(store::check(store).empty());
}

constexpr std::string_view k_history =
    "SELECT id, title, observed_at, superseded_at, deleted_at FROM incident_history ORDER BY id, observed_at";

TEST_CASE("import: an old state leaves bookmark, present and the newest run's numbers of a synced stream alone") {
  auto store = store::Store::memory(test::writing());
  const auto& incident = test::entity("incident");
  test::run(store, incident, store::Pass::full, 100, {{.id = "a", .cells = {{"title", std::string_view("now")}}}});
  observe(store, "src", {50, store::Pass::partial, {{"a", "then"}, {"b", "gone since"}}});
  const auto state = store::read_stream_state(store, "src", "s");
  CHECK(state.bookmark == "{}");
  CHECK(state.last_observed_at == unix_time(100));
  CHECK(state.last_full_at == unix_time(100));
  CHECK(answer(store, "SELECT id, title FROM incident") == "a|now");
  CHECK(answer(store, k_history) == "a|then|50|100|- a|now|100|-|- b|gone since|50|100|100");
  CHECK(answer(store, "SELECT rows, last_success_at FROM stream") == "1|100");
}

TEST_CASE("StreamWriter: each of two syncs at one moment keeps its state") {
  auto store = store::Store::memory(test::writing());
  const auto& incident = test::entity("incident");
  for (const char* title : {"first", "second", "third"})
    test::run(store, incident, store::Pass::full, 100, {{.id = "a", .cells = {{"title", std::string_view(title)}}}});
  CHECK(answer(store, k_history) == "a|first|100|101|- a|second|101|102|- a|third|102|-|-");
}
