#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/entity.hpp"
#include "store/database.hpp"

// The layout of the entities' tables. Their columns come from model::Entity, so that a new column of a built-in entity
// or of [entity.NAME] is added when the store is next opened for writing.
//
// Versioned entity E (Keeping::versions):
//   E_current  one row per living record: key INTEGER PRIMARY KEY, source_id, id, stream_id, E's columns, url, extra,
//              observed_at, hash (XXH3-128 of columns, url and extra; 16 bytes)
//   E_past     ended versions: the same and superseded_at, deleted_at (= superseded_at when the record vanished)
//   View E is E_current; E_history both. An unchanged record costs what a plain table costs, and the present is read
//   without looking at the past.
// Series E (Keeping::corrections):
//   E_series   a dictionary: key INTEGER PRIMARY KEY, source_id, stream_id, series_text (JSON array), E.series_key
//   E_value    clustered by (series, at, observed_at): E's other columns, url, extra, superseded_at
//   capacity_sample_day sums up the days of capacity_sample_value: see sample_days.hpp
namespace sitrep::store {

std::string current_table(const model::Entity& entity);
std::string past_table(const model::Entity& entity);
std::string series_table(const model::Entity& entity);
std::string value_table(const model::Entity& entity);

/// A condition on rows `alias` of E_past: those that held at t. Its index finds them without looking at what ended
/// before or came after, since it keeps versions by how long they held: of a class of at most w seconds only those that
/// ended within (t, t + w] can have held at t.
std::string held_at(std::string_view alias, UnixTime t);
/// The same for a moment that an SQL expression gives in Unix seconds.
std::string held_at(std::string_view alias, std::string_view t);
/// A SELECT of columns "p.…" of the same rows of the table `past`, a look into that index for each class: in half of
/// the time, where no other condition would find fewer rows. `more`: conditions on p.
std::string select_held(std::string_view columns, std::string_view past, std::string_view t,
                        std::string_view more = {});
/// A condition on the same rows: those that held at t or later, by the same index.
std::string held_after(std::string_view alias, std::string_view t);

/// Columns of E_value that are E's own: all but the series key and `at`.
std::vector<const model::Column*> value_columns(const model::Entity& entity);

/// The columns that a table of the file has, in order; empty: no such table.
std::vector<std::string> table_columns(Database& db, std::string_view table);

/// All columns of E_current but key: what moves between E_current and E_past.
std::string record_columns(Database& db, const model::Entity& entity);
/// Columns of the file's table that the entity has no more; their values stay with the versions that had them.
std::vector<std::string> dropped_columns(Database& db, const model::Entity& entity);

/// Error{config}: an own entity with a name or column that the store needs itself.
void check_names(std::span<const model::Entity> own);

/// Creates missing tables, columns, indexes and file views. Error{config}: a column has another type in the file.
void ensure_entities(Database& db, std::span<const model::Entity> entities);

/// The unique index by (id, source_id) and those that reports need: dropped while an empty table is filled, built
/// after.
void ensure_indexes(Database& db, const model::Entity& entity);
/// The index of what has changed since a moment, for diff. The first load of a table goes without: all of it is of one
/// moment. Whoever writes another moment sees to it.
void ensure_seen_index(Database& db, const model::Entity& entity);
void drop_indexes(Database& db, const model::Entity& entity);
bool has_key_index(Database& db, const model::Entity& entity);

}  // namespace sitrep::store
