#include "store/entity_loader.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "json/writer.hpp"
#include "store/own_entities.hpp"
#include "store/person_name.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

using model::Entity;

/// As its column keeps it. Error{data}: it is of another type.
model::Cell cell_of(const json::Value& value, model::ColumnType type) {
  const auto fits = [&] {
    const auto kept = model::sqlite_type(type);
    if (kept == "INTEGER") return value.integer().has_value();
    if (kept == "REAL") return value.integer().has_value() || value.real().has_value();
    return value.string().has_value() && (type != model::ColumnType::date || parse_date(*value.string()));
  };
  if (!fits()) fail(ErrorKind::data, "{} is no {}", visible(value.to_json()), model::name(type));
  // 5.0 is written as 5; its column says what it is.
  if (const auto integer = value.integer(); integer && type == model::ColumnType::real)
    return static_cast<double>(*integer);
  return as_it_is(value);
}

}  // namespace

model::Cell as_it_is(const json::Value& value) {
  if (const auto integer = value.integer()) return *integer;
  if (const auto real = value.real()) return *real;
  if (const auto text = value.string()) return *text;
  return std::monostate{};
}

EntityLoader::EntityLoader(Database& db, const Entity& entity)
    : db_(db), entity_(entity), is_own_(model::find_built_in(entity.name) == nullptr), hasher_(entity) {
  const bool versions = entity.keeping == model::Keeping::versions;
  for (const auto& column : entity.columns)
    if (versions ||
        (column.name != "at" && std::ranges::find(entity.series_key, column.name) == entity.series_key.end()))
      names_.push_back(column.name);
  for (auto& name : dropped_columns(db, entity)) names_.push_back(std::move(name));
  names_.insert(names_.end(), {"url", "extra"});
  std::string columns, marks;
  const int first = versions ? 8 : 5;
  for (int i = 0; const auto& name : names_) {
    columns += ", " + quote_name(name);
    marks += fmt::format(", ?{}", first + i++);
  }
  if (versions) {
    const auto insert = [&](const std::string& table, bool past) {
      return fmt::format(
          "INSERT INTO {} (source_id, id, stream_id, observed_at, hash{}{}) VALUES (?1, ?2, ?3, ?4, "
          "?5{}{})",
          quote_name(table), past ? ", superseded_at, deleted_at" : "", columns, past ? ", ?6, ?7" : "", marks);
    };
    current_.emplace(db, insert(current_table(entity), false));
    past_.emplace(db, insert(past_table(entity), true));
    ensure_seen_index(db, entity);
  } else {
    values_.emplace(db, fmt::format("INSERT INTO {} (series, at, observed_at, superseded_at{}) VALUES (?1, ?2, ?3, "
                                    "?4{})",
                                    quote_name(value_table(entity)), columns, marks));
    std::string keys, key_marks;
    for (int i = 4; const auto& name : entity.series_key) {
      keys += ", " + quote_name(name);
      key_marks += fmt::format(", ?{}", i++);
    }
    series_.emplace(db, fmt::format("INSERT INTO {} (source_id, stream_id, series_text{}) VALUES (?1, ?2, ?3{})",
                                    quote_name(series_table(entity)), keys, key_marks));
  }
}

void EntityLoader::version(const json::Value& line, std::int64_t source_id, std::int64_t stream_id) {
  const auto until = line.get("superseded_at");
  const auto deleted = line.get("deleted_at");
  const auto begins = line.get("observed_at").value().integer().value();
  if (until && until->integer().value() < begins) fail(ErrorKind::data, "a version ends before it begins");
  if (deleted && (!until || deleted->integer() != until->integer()))
    fail(ErrorKind::data, "a version was removed at another time than it ended");
  auto& insert = until ? *past_ : *current_;
  insert.reset();
  insert.bind_one(1, source_id);
  const auto id = line.get("id").value().string().value();
  if (id.empty()) fail(ErrorKind::data, "a record has an empty id");
  insert.bind_one(2, id);
  insert.bind_one(3, stream_id);
  insert.bind_one(4, begins);
  cells_.assign(entity_.columns.size(), std::monostate{});
  const auto row = line.get("row").value();
  check_names(row);
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (const auto value = row.get(entity_.columns[i].name)) cells_[i] = cell_of(*value, entity_.columns[i].type);
  const auto text = [&](const char* name) {
    const auto value = row.get(name);
    return value ? value->string().value_or("") : std::string_view();
  };
  const auto extra = is_own_ ? without_originals(text("extra")) : std::string(text("extra"));
  const auto kept = line.get("hash");  // of what a person was taken out of
  const auto hash = kept ? read_hash(kept->string().value()) : hasher_({{}, text("url"), extra, 0, cells_});
  if (!hash) fail(ErrorKind::data, "its hash is not 32 hexadecimal digits");
  if (kept && row.to_json().find(k_forgotten) == std::string::npos)
    fail(ErrorKind::data, "brings a hash though nobody was taken out of it");
  insert.bind_blob(5, hash_blob(*hash, bytes_));
  if (until) {
    insert.bind_one(6, until->integer().value());
    insert.bind_one(7, deleted ? deleted->integer() : std::nullopt);
  }
  bind_row(insert, 8, row);
  insert.run();
}

void EntityLoader::sample(const json::Value& line, std::int64_t source_id, std::int64_t stream_id) {
  const auto key = series_of(line.get("series").value(), source_id, stream_id);
  values_->reset();
  values_->bind_one(1, key);
  values_->bind_one(2, line.get("at").value().integer().value());
  const auto begins = line.get("observed_at").value().integer().value();
  values_->bind_one(3, begins);
  const auto until = line.get("superseded_at");
  if (until && until->integer().value() < begins) fail(ErrorKind::data, "a sample ends before it begins");
  values_->bind_one(4, until ? until->integer() : std::nullopt);
  check_names(line.get("row").value());
  bind_row(*values_, 5, line.get("row").value());
  values_->run();
}

void EntityLoader::check_names(const json::Value& row) const {
  for (const json::Member member : row.members()) {
    if (std::ranges::find(names_, member.key) == names_.end())
      fail(ErrorKind::data, "{} has no column '{}'{}", entity_.name, visible(member.key),
           did_you_mean(member.key, std::vector<std::string_view>(names_.begin(), names_.end())));
    if (member.key != "extra") continue;
    json::Document document;
    const auto text = member.value.string().value();
    try {
      if (document.parse(text).is_object()) continue;
    } catch (const json::SyntaxError&) {  // told below
    }
    fail(ErrorKind::data, "extra is no object of JSON");
  }
}

void EntityLoader::check_vocabulary(const model::Column& column, const json::Value& value) const {
  // That of an own entity may have changed since.
  if (is_own_ || column.values.empty()) return;
  const auto text = value.string();
  if (!text || *text == k_forgotten || std::ranges::find(column.values, *text) != column.values.end()) return;
  fail(ErrorKind::data, "{}: '{}' is not one of {}", column.name, visible(*text), join(column.values, ", "));
}

void EntityLoader::bind_row(Statement& insert, int index, const json::Value& row) {
  for (const auto& name : names_) {
    const auto* column = entity_.find(name);
    const auto value = row.get(name);
    if (value && column) check_vocabulary(*column, *value);
    insert.bind_one(index++, !value   ? model::Cell(std::monostate{})
                             : column ? cell_of(*value, column->type)
                                      : as_it_is(*value));
  }
}

std::int64_t EntityLoader::series_of(const json::Value& key, std::int64_t source_id, std::int64_t stream_id) {
  json::Writer text;
  text.begin_array();
  std::vector<model::Cell> cells;
  for (const auto& name : entity_.series_key) {
    const auto value = key.get(name);
    cells.push_back(value ? cell_of(*value, entity_.find(name)->type) : model::Cell(std::monostate{}));
    if (value)
      text.raw(value->to_json());
    else
      text.null();
  }
  text.end_array();
  const auto [found, fresh] = keys_.try_emplace({source_id, text.text()});
  if (fresh) {
    series_->reset();
    series_->bind_one(1, source_id);
    series_->bind_one(2, stream_id);
    series_->bind_one(3, found->first.second);
    for (int i = 4; const auto& cell : cells) series_->bind_one(i++, cell);
    series_->run();
    found->second = db_.last_insert_rowid();
  }
  return found->second;
}

}  // namespace sitrep::store
