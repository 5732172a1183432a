#include "store/similar.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace sitrep::store {
namespace {

constexpr double k_least_similarity = 0.3;  // below it, incidents share a word or two that say little
constexpr double k_same_service = 1.5;

/// The words of a text as an FTS5 query: any of them; nothing in it is an operator.
std::string any_word_of(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (word.size() > 2) words.insert(word);
    word.clear();
  };
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                        static_cast<unsigned char>(c) >= 0x80;
    if (letter)
      word += c;
    else
      end_word();
  }
  end_word();
  std::string query;
  for (const auto& w : words) query += (query.empty() ? "\"" : " OR \"") + w + "\"";
  return query;
}

std::string text_or_empty(Statement& row, int column) { return std::string(row.text(column)); }

}  // namespace

IncidentIndex::IncidentIndex(Store& store) : db_(Database::memory()) {
  db_.execute(
      "CREATE TABLE incident (n INTEGER PRIMARY KEY, source TEXT, id TEXT, title TEXT, service TEXT, severity TEXT, "
      "cause TEXT, url TEXT, started_at INTEGER);"
      "CREATE INDEX incident_by_id ON incident (id);"
      "CREATE VIRTUAL TABLE words USING fts5 (title, cause, content = '');"
      "BEGIN");
  Statement rows(store.db(),
                 "SELECT source, id, coalesce(title, ''), coalesce(service, ''), coalesce(severity, ''), "
                 "coalesce(cause, ''), coalesce(url, ''), started_at FROM incident "
                 "WHERE coalesce(kind, 'incident') = 'incident' ORDER BY started_at, source, id");
  Statement add(db_, "INSERT INTO incident VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  Statement add_words(db_, "INSERT INTO words (rowid, title, cause) VALUES (?1, ?2, ?3)");
  for (std::int64_t n = 1; rows.step(); ++n) {
    add.bind(n, rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5), rows.text(6),
             rows.time_or_null(7));
    add.run();
    add_words.bind(n, rows.text(2), rows.text(5)).run();
  }
  db_.execute("COMMIT");
}

std::vector<SimilarIncident> IncidentIndex::similar(std::string_view id, std::size_t limit) {
  Statement asked(db_,
                  "SELECT n, title, cause, service, started_at FROM incident WHERE id = ?1 ORDER BY source LIMIT 1");
  asked.bind(id);
  if (!asked.step()) return {};
  const auto self = asked.integer(0);
  const auto query = any_word_of(text_or_empty(asked, 1) + " " + text_or_empty(asked, 2));
  if (query.empty()) return {};
  const auto service = text_or_empty(asked, 3);
  // Rows are numbered by their start: what is smaller came before.
  Statement found(db_,
                  "SELECT i.n, i.source, i.id, i.title, i.service, i.severity, i.cause, i.url, i.started_at, "
                  "-bm25(words, 3.0, 1.0) FROM words JOIN incident i ON i.n = words.rowid "
                  "WHERE words MATCH ?1 AND words.rowid <= ?2 ORDER BY 10 DESC, i.n DESC LIMIT 200");
  found.bind(query, self);
  std::vector<SimilarIncident> all;
  double own = 0;
  while (found.step()) {
    SimilarIncident one;
    one.source = text_or_empty(found, 1);
    one.id = text_or_empty(found, 2);
    one.title = text_or_empty(found, 3);
    one.service = text_or_empty(found, 4);
    one.severity = text_or_empty(found, 5);
    one.cause = text_or_empty(found, 6);
    one.url = text_or_empty(found, 7);
    one.started_at = found.time_or_null(8);
    one.similarity = found.real(9).value_or(0);
    one.same_service = !service.empty() && equal_ignoring_case(one.service, service);
    if (found.integer(0) == self)
      own = one.similarity;
    else
      all.push_back(std::move(one));
  }
  for (auto& one : all) one.similarity = own > 0 ? std::clamp(one.similarity / own, 0.0, 1.0) : 0;
  std::erase_if(all, [](const SimilarIncident& one) { return one.similarity < k_least_similarity; });
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.similarity * (a.same_service ? k_same_service : 1) > b.similarity * (b.same_service ? k_same_service : 1);
  });
  if (all.size() > limit) all.resize(limit);
  return all;
}

}  // namespace sitrep::store
