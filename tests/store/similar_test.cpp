#include "store/similar.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/words.hpp"
#include "store/support.hpp"

using namespace sitrep;
using test::entity;

namespace {

/// Titles and causes of few words, so that many share some: the same texts on every run.
std::vector<test::TestRow> incidents(int count, std::vector<std::string>& texts) {
  const std::array<std::string, 9> words = {"checkout", "latency", "errors",  "deploy", "database",
                                            "replica",  "Timeout", "eu-west", "db"};
  texts.resize(2 * static_cast<std::size_t>(count));
  std::vector<test::TestRow> rows;
  std::uint32_t state = 7;
  const auto next = [&](std::uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 16U) % below;
  };
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    auto &title = texts[2 * i], &cause = texts[2 * i + 1];
    for (std::uint32_t n = 1 + next(4); n > 0; --n) title += words.at(next(9)) + " ";
    for (std::uint32_t n = next(3); n > 0; --n) cause += words.at(next(9)) + " ";
    rows.push_back({"I" + std::to_string(i),
                    {{"title", std::string_view(title)},
                     {"cause", std::string_view(cause)},
                     {"service", next(2) == 0 ? "api" : "API"},
                     {"started_at", static_cast<std::int64_t>(1000 + i)}}});
  }
  return rows;
}

/// SQLite's own ranking of incident `number` among those before it: similarity by number.
std::map<std::string, double> by_fts5(store::Database& db, std::size_t number, const std::string& title,
                                      const std::string& cause) {
  std::string query;
  std::map<std::string, int> seen;
  for (const auto& word : search_words(title + " " + cause))
    if (word.size() > 2 && seen[word]++ == 0) query += (query.empty() ? "\"" : " OR \"") + word + "\"";
  std::map<std::string, double> scores;
  if (query.empty()) return scores;
  store::Statement found(
      db, "SELECT rowid, -bm25(words, 3.0, 1.0) FROM words WHERE words MATCH ?1 AND rowid <= ?2 ORDER BY 2 DESC");
  found.bind(query, static_cast<std::int64_t>(number));
  double own = 1;
  while (found.step()) {
    const auto id = "I" + std::to_string(found.integer(0));
    scores[id] = found.real(1).value_or(0);
    if (found.integer(0) == static_cast<std::int64_t>(number)) own = scores[id];
  }
  scores.erase("I" + std::to_string(number));
  for (auto& [id, score] : scores) score = std::min(score / own, 1.0);
  return scores;
}

std::string ids(const std::vector<store::SimilarIncident>& all) {
  std::string text;
  for (const auto& one : all) text += (text.empty() ? "" : " ") + one.id;
  return text;
}

}  // namespace

TEST_CASE("store::IncidentIndex ranks as SQLite's full-text search does") {
  constexpr int k_incidents = 150;
  auto store = store::Store::memory(test::writing());
  std::vector<std::string> texts;
  const auto rows = incidents(k_incidents, texts);
  test::run(store, entity("incident"), store::Pass::full, 10, rows);
  auto db = store::Database::memory();
  db.execute("CREATE VIRTUAL TABLE words USING fts5 (title, cause)");
  store::Statement add(db, "INSERT INTO words (rowid, title, cause) VALUES (?1, ?2, ?3)");
  for (std::size_t i = 0; i < k_incidents; ++i)
    add.bind(static_cast<std::int64_t>(i), texts[2 * i], texts[2 * i + 1]).run();

  store::IncidentIndex index(store);
  std::size_t found = 0;
  for (std::size_t i = 0; i < k_incidents; ++i) {
    const auto expected = by_fts5(db, i, texts[2 * i], texts[2 * i + 1]);
    const auto similar = index.similar("I" + std::to_string(i), k_incidents);
    CAPTURE(i);
    for (const auto& one : similar) {
      CAPTURE(one.id);
      REQUIRE(expected.contains(one.id));
      CHECK(one.similarity == doctest::Approx(expected.at(one.id)).epsilon(1e-9));
      CHECK(one.same_service);
    }
    // None is left out but those that say too little.
    for (const auto& [id, score] : expected) {
      const bool is_there = std::ranges::find(similar, id, &store::SimilarIncident::id) != similar.end();
      CHECK(is_there == (score >= 0.3));
    }
    found += similar.size();
  }
  CHECK(found > 1000);
}

TEST_CASE("store::IncidentIndex: earlier incidents only, those of the service first, drills never") {
  auto store = store::Store::memory(test::writing());
  const auto row = [](std::string id, std::string_view title, std::string_view service, std::int64_t at,
                      std::string_view kind = "incident") {
    return test::TestRow{std::move(id),
                         {{"title", title}, {"service", service}, {"started_at", at}, {"kind", kind}, {"cause", "x"}}};
  };
  test::run(store, entity("incident"), store::Pass::full, 10,
            {row("old", "Café is slow today", "db", 100), row("near", "CAFE is slow today", "api", 200),
             row("drill", "Café is slow today", "API", 300, "drill"), row("far", "Disk full", "api", 400),
             row("asked", "cafe is slow today", "API", 500), row("later", "Café is slow today", "api", 600),
             row("blank", "is", "api", 700)});
  store::IncidentIndex index(store);
  const auto similar = index.similar("asked", 5);
  CHECK(ids(similar) == "near old");  // of one score: the service decides
  REQUIRE(similar.size() == 2);
  CHECK(similar[0].title == "CAFE is slow today");
  CHECK(similar[0].service == "api");
  CHECK(similar[0].cause == "x");
  CHECK(similar[0].started_at == unix_time(200));
  CHECK(similar[0].same_service);
  CHECK_FALSE(similar[1].same_service);
  CHECK(similar[0].similarity == similar[1].similarity);
  CHECK(ids(index.similar("asked", 1)) == "near");
  CHECK(ids(index.similar("asked", 5)) == "near old");  // asked again it says the same
  CHECK(index.similar("old", 5).empty());
  CHECK(index.similar("blank", 5).empty());
  CHECK(index.similar("drill", 5).empty());
  CHECK(index.similar("nobody", 5).empty());
}
