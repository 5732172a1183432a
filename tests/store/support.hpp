#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/rows.hpp"
#include "store/store.hpp"
#include "store/stream_writer.hpp"

namespace sitrep::test {

/// A row as tests write it: an id and cells by column name.
struct TestRow {
  std::string id;
  std::vector<std::pair<std::string_view, model::Cell>> cells;
  std::int64_t rank = 0;
  std::string_view url = {}, extra = {};
};

inline model::RowBatch batch(const model::Entity& entity, const std::vector<TestRow>& rows) {
  model::RowBatch result(entity.columns.size());
  for (const auto& row : rows) {
    result.begin_row(row.id);
    for (const auto& [column, cell] : row.cells) result.set(static_cast<std::size_t>(entity.index_of(column)), cell);
    result.set_rank(row.rank);
    result.set_url(row.url);
    result.set_extra(row.extra);
  }
  return result;
}

/// The answer of a query as text: cells parted by '|', rows by a blank; NULL is "-".
inline std::string answer(store::Database& db, std::string_view sql) {
  store::Statement statement(db, sql);
  std::string text;
  while (statement.step()) {
    if (!text.empty()) text += ' ';
    for (int i = 0; i < statement.columns(); ++i) {
      if (i > 0) text += '|';
      text += statement.is_null(i) ? std::string("-") : std::string(statement.text(i));
    }
  }
  return text;
}
inline std::string answer(store::Store& store, std::string_view sql) { return answer(store.db(), sql); }

inline store::Options writing(std::int64_t now = 1'000'000) {
  store::Options options;
  options.access = store::Access::read_write;
  options.now = unix_time(now);
  options.patience = std::chrono::milliseconds(0);
  return options;
}

inline store::Options reading(std::optional<std::int64_t> as_of = std::nullopt, std::int64_t now = 1'000'000) {
  store::Options options;
  options.now = unix_time(now);
  if (as_of) options.as_of = unix_time(*as_of);
  return options;
}

/// One whole run of a stream.
inline store::Counts run(store::Store& store, const model::Entity& entity, store::Pass pass, std::int64_t at,
                         const std::vector<TestRow>& rows, store::Shrink shrink = store::Shrink::allow,
                         std::string_view stream = "s") {
  store::StreamWriter writer(store, "src", stream, entity, pass, unix_time(at));
  store::RunFacts facts;
  facts.started_at = facts.finished_at = unix_time(at);
  writer.set_facts(facts);
  writer.put(batch(entity, rows));
  writer.finish("{}", shrink);
  return writer.counts();
}

inline const model::Entity& entity(std::string_view name) { return *model::find_built_in(name); }

}  // namespace sitrep::test
