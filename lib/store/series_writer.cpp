#include "store/series_writer.hpp"

#include <algorithm>

#include "json/writer.hpp"
#include "store/schema.hpp"

namespace sitrep::store {

SeriesWriter::SeriesWriter(Database& db, const model::Entity& entity, Run& run, bool past)
    : db_(db),
      entity_(entity),
      run_(run),
      past_(past),
      sightings_(db, run.source_id, entity.name),
      at_column_(static_cast<std::size_t>(entity.index_of("at"))) {
  std::string key_names, key_marks, names = "series, at, observed_at", marks = "?1, ?2, ?3", values;
  int next = 4;
  for (const auto& name : entity.series_key) {
    key_columns_.push_back(static_cast<std::size_t>(entity.index_of(name)));
    key_names += ", " + quote_name(name);
    key_marks += fmt::format(", ?{}", next++);
  }
  next = 4;
  const auto add = [&](const std::string& name) {
    names += ", " + name;
    values += ", " + name;
    marks += fmt::format(", ?{}", next++);
  };
  for (const auto* column : value_columns(entity)) {
    value_columns_.push_back(static_cast<std::size_t>(entity.index_of(column->name)));
    add(quote_name(column->name));
  }
  add("url");
  add("extra");

  if (entity.name == "capacity_sample") days_.emplace(db);
  const auto series = quote_name(series_table(entity));
  const auto table = quote_name(value_table(entity));
  insert_series_.emplace(db, fmt::format("INSERT INTO {} (source_id, stream_id, series_text{}) VALUES (?1, ?2, ?3{})",
                                         series, key_names, key_marks));
  newest_.emplace(db, fmt::format("SELECT max(at) FROM {} WHERE series = ?1", table));
  kept_.emplace(db, fmt::format("SELECT observed_at{} FROM {} WHERE series = ?1 AND at = ?2 AND superseded_at IS NULL",
                                values, table));
  insert_.emplace(db, fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names, marks));
  supersede_.emplace(
      db, fmt::format("UPDATE {} SET superseded_at = ?4 WHERE series = ?1 AND at = ?2 AND observed_at = ?3", table));
  drop_.emplace(db, fmt::format("DELETE FROM {} WHERE series = ?1 AND at = ?2 AND observed_at = ?3", table));
  earlier_.emplace(db, fmt::format("SELECT observed_at{} FROM {} WHERE series = ?1 AND at = ?2 AND superseded_at = ?3",
                                   values, table));
  revive_.emplace(
      db, fmt::format("UPDATE {} SET superseded_at = NULL WHERE series = ?1 AND at = ?2 AND observed_at = ?3", table));

  Statement known(db, fmt::format("SELECT key, series_text FROM {} WHERE source_id = ?1", series));
  known.bind(run.source_id);
  while (known.step()) series_.emplace(std::string(known.text(1)), Series{known.integer(0), std::nullopt});
  known.reset();
  for (auto& [text, kept] : series_)
    if (newest_->bind(kept.key).step()) kept.last_at = newest_->integer_or_null(0);
  newest_->reset();
}

SeriesWriter::Series& SeriesWriter::series_of(const model::RowBatch::Row& row) {
  json::Writer writer;
  writer.begin_array();
  for (const auto column : key_columns_) {
    const auto& cell = row.cells[column];
    if (const auto* text = std::get_if<std::string_view>(&cell))
      writer.value(*text);
    else if (const auto* integer = std::get_if<std::int64_t>(&cell))
      writer.value(*integer);
    else if (const auto* real = std::get_if<double>(&cell))
      writer.value(*real);
    else
      writer.null();
  }
  writer.end_array();
  if (last_series_ != nullptr && writer.text() == last_text_) return *last_series_;
  const auto [found, fresh] = series_.try_emplace(writer.text());
  if (fresh) {
    insert_series_->reset();
    insert_series_->bind_one(1, run_.source_id);
    insert_series_->bind_one(2, run_.stream_id);
    insert_series_->bind_one(3, found->first);
    int index = 4;
    for (const auto column : key_columns_) insert_series_->bind_one(index++, row.cells[column]);
    insert_series_->run();
    found->second.key = db_.last_insert_rowid();
  }
  last_text_ = writer.text();
  last_series_ = &found->second;
  return found->second;
}

bool SeriesWriter::holds(const Statement& kept, const model::RowBatch::Row& row) const {
  int column = 1;
  for (const auto position : value_columns_) {
    model::Cell was = kept.cell(column++);
    const model::Cell& is = row.cells[position];
    if (const auto* integer = std::get_if<std::int64_t>(&is);
        integer != nullptr && std::holds_alternative<double>(was)) {
      if (std::get<double>(was) != static_cast<double>(*integer)) return false;  // a REAL column turned it into a real
    } else if (was != is) {
      return false;
    }
  }
  return kept.text(column) == row.url && kept.text(column + 1) == row.extra;
}

void SeriesWriter::insert(const Series& series, std::int64_t at, const model::RowBatch::Row& row,
                          UnixTime observed_at) {
  if (days_) days_->touch(series.key, at);
  insert_->reset();
  insert_->bind_one(1, series.key);
  insert_->bind_one(2, at);
  insert_->bind_one(3, observed_at);
  int index = 4;
  for (const auto position : value_columns_) insert_->bind_one(index++, row.cells[position]);
  for (const auto text : {row.url, row.extra}) {
    if (text.empty())
      insert_->bind_one(index++, nullptr);
    else
      insert_->bind_one(index++, text);
  }
  insert_->run();
}

/// The sample that this run superseded holds these values: it goes on.
bool SeriesWriter::restore(const Series& series, std::int64_t at, const model::RowBatch::Row& row) {
  if (!earlier_->bind(series.key, at, run_.observed_at).step() || !holds(*earlier_, row)) {
    earlier_->reset();
    return false;
  }
  const auto since = earlier_->time(0);
  earlier_->reset();
  if (days_) days_->touch(series.key, at);
  drop_->bind(series.key, at, run_.observed_at).run();
  revive_->bind(series.key, at, since).run();
  return true;
}

void SeriesWriter::put(const model::RowBatch::Row& row) {
  const auto* at = std::get_if<std::int64_t>(&row.cells[at_column_]);
  if (at == nullptr) fail(ErrorKind::bug, "a row of {} has no time; the mapping must reject it", entity_.name);
  Series& series = series_of(row);
  if (past_) {
    put_past(series, *at, row);
    return;
  }
  if (!series.last_at || *at > *series.last_at) {
    insert(series, *at, row, run_.observed_at);
    series.last_at = *at;
    ++run_.counts.added;
    return;
  }
  if (!kept_->bind(series.key, *at).step()) {
    kept_->reset();
    insert(series, *at, row, run_.observed_at);
    ++run_.counts.added;
    return;
  }
  if (holds(*kept_, row)) {
    const auto since = kept_->time(0);
    kept_->reset();
    ++run_.counts.unchanged;
    if (run_.exact && since < run_.observed_at) sightings_.add(sample_id(*at), run_.observed_at);
    return;
  }
  const auto since = kept_->time(0);
  kept_->reset();
  if (since < run_.observed_at) {
    supersede_->bind(series.key, *at, since, run_.observed_at).run();
    insert(series, *at, row, run_.observed_at);
    ++run_.counts.changed;
    return;
  }
  // This run (or one that started later) wrote it: a repeated sample, the later one holds.
  ++run_.counts.duplicates;
  if (since == run_.observed_at && restore(series, *at, row)) return;
  drop_->bind(series.key, *at, since).run();
  insert(series, *at, row, since);
}

void SeriesWriter::settle() {
  if (days_) days_->settle();
}

std::int64_t SeriesWriter::count_rows() {
  Statement count(db_, fmt::format("SELECT count(*) FROM {} v JOIN {} s ON s.key = v.series WHERE s.source_id = ?1 AND "
                                   "s.stream_id = ?2 AND v.superseded_at IS NULL",
                                   quote_name(value_table(entity_)), quote_name(series_table(entity_))));
  count.bind(run_.source_id, run_.stream_id).step();
  return count.integer(0);
}

}  // namespace sitrep::store
