#include "store/version_writer.hpp"

#include <algorithm>

#include "store/schema.hpp"

namespace sitrep::store {

VersionWriter::VersionWriter(Database& db, WriteSession& session, const model::Entity& entity, Run& run)
    : db_(db), entity_(entity), run_(run), hasher_(entity), sightings_(db, run.source_id, entity.name) {
  const auto current = quote_name(current_table(entity));
  const auto past = quote_name(past_table(entity));
  std::string names = "source_id, id, stream_id", marks = "?1, ?2, ?3", assignments = "stream_id = ?1";
  int next = 4, assigned = 2;
  const auto add = [&](const std::string& name) {
    names += ", " + name;
    marks += fmt::format(", ?{}", next++);
    assignments += fmt::format(", {} = ?{}", name, assigned++);
  };
  for (const auto& column : entity.columns) add(quote_name(column.name));
  for (const char* name : {"url", "extra", "hash", "observed_at"}) add(name);
  copied_columns_ = record_columns(db, entity);
  // A column that is declared no more keeps what it held; a state from today has nothing in it.
  for (const auto& column : dropped_columns(db, entity)) assignments += fmt::format(", {} = NULL", quote_name(column));

  insert_.emplace(db, fmt::format("INSERT INTO {} ({}) VALUES ({})", current, names, marks));
  update_.emplace(db, fmt::format("UPDATE {} SET {} WHERE key = ?{}", current, assignments, assigned));
  lookup_.emplace(
      db, fmt::format("SELECT key, hash, observed_at, stream_id FROM {} WHERE id = ?2 AND source_id = ?1", current));
  archive_.emplace(db, fmt::format("INSERT INTO {0} ({1}, superseded_at, deleted_at) SELECT {1}, max(observed_at, ?2), "
                                   "CASE WHEN ?3 THEN max(observed_at, ?2) END FROM {2} WHERE key = ?1",
                                   past, copied_columns_, current));
  delete_.emplace(db, fmt::format("DELETE FROM {} WHERE key = ?1", current));
  claim_.emplace(db, fmt::format("UPDATE {} SET stream_id = ?2 WHERE key = ?1", current));
  earlier_.emplace(db,
                   fmt::format("SELECT key, hash FROM {} WHERE id = ?2 AND source_id = ?1 AND superseded_at = ?3 AND "
                               "deleted_at IS NULL ORDER BY key DESC LIMIT 1",
                               past));
  bring_back_.emplace(db, fmt::format("INSERT INTO {0} (key, {1}) SELECT ?1, {1} FROM {2} WHERE key = ?2", current,
                                      copied_columns_, past));
  forget_past_.emplace(db, fmt::format("DELETE FROM {} WHERE key = ?1", past));

  if (entity.name == "incident") packs_.emplace(db, entity);
  Statement any(db, fmt::format("SELECT 1 FROM {} LIMIT 1", current));
  const bool empty = !any.step();
  any.reset();
  if (empty && session.writers(entity.name) == 1) {
    drop_indexes(db, entity);
    bulk_ = complete_ = true;
  } else if (run.pass == Pass::full || !has_key_index(db, entity)) {
    load();
  }
}

void VersionWriter::load() {
  const auto current = quote_name(current_table(entity_));
  Statement newest(db_, fmt::format("SELECT max(key) FROM {}", current));
  if (newest.step()) known_.reserve(static_cast<std::size_t>(newest.integer(0)));  // records are rarely deleted
  newest.reset();
  // In the order of the table: through the key index the same rows take six times as long.
  Statement rows(
      db_,
      fmt::format("SELECT key, id, hash, observed_at, stream_id FROM {} WHERE +source_id = ?1 ORDER BY key", current));
  rows.bind(run_.source_id);
  while (rows.step()) {
    KnownRow known;
    known.id = hash128(rows.text(1));
    known.content = blob_hash(rows.blob(2));
    known.key = rows.integer(0);
    known.fresh = rows.time(3) >= run_.observed_at;
    known.own = rows.integer(4) == run_.stream_id;
    known.seen = run_.resumed && known.own && rows.time(3) == run_.observed_at;
    known_.insert(known);
  }
  complete_ = true;
  if (!run_.resumed) run_.base_rows = count_rows();
}

KnownRow* VersionWriter::find(const Hash128& id_hash, std::string_view id) {
  if (auto* known = known_.find(id_hash)) return known->key == 0 ? nullptr : known;
  if (complete_) return nullptr;
  if (!lookup_->bind(run_.source_id, id).step()) {
    lookup_->reset();
    return nullptr;
  }
  KnownRow known;
  known.id = id_hash;
  known.key = lookup_->integer(0);
  known.content = blob_hash(lookup_->blob(1));
  known.fresh = lookup_->time(2) >= run_.observed_at;
  known.own = lookup_->integer(3) == run_.stream_id;
  lookup_->reset();
  return &known_.insert(known);
}

// A parameter keeps what was bound to it, and most columns of most records are NULL time after time.
int VersionWriter::bind_cells(Statement& statement, std::vector<bool>& bound, int index,
                              const model::RowBatch::Row& row, const Hash128& content) {
  bound.resize(static_cast<std::size_t>(index) + row.cells.size() + 2);
  const auto bind = [&](const auto& value, bool null) {
    const auto at = static_cast<std::size_t>(index);
    if (null && bound[at])
      statement.bind_one(index, nullptr);
    else if (!null)
      statement.bind_one(index, value);
    bound[at] = !null;
    ++index;
  };
  for (const auto& cell : row.cells) bind(cell, model::is_null(cell));
  for (const auto text : {row.url, row.extra}) bind(text, text.empty());
  statement.bind_blob(index++, hash_blob(content, hash_bytes_));
  statement.bind_one(index++, run_.observed_at);
  return index;
}

void VersionWriter::note_sight(KnownRow& known, std::int64_t rank) {
  if (!known.own) {
    claim_->bind(known.key, run_.stream_id).run();
    known.own = true;
  }
  if (!known.seen && !known.fresh && run_.pass == Pass::full) seen_.push_back(known.key);
  known.seen = true;
  known.counted = true;
  known.rank = rank;
}

void VersionWriter::put(const model::RowBatch::Row& row) {
  const auto [id_hash, content] = row.hashes ? *row.hashes : model::RowHashes{hash128(row.id), hasher_(row)};
  KnownRow* known = find(id_hash, row.id);
  if (known == nullptr) {
    insert(row, id_hash, content);
    return;
  }
  const bool again = known->counted;
  if (again) {
    ++run_.counts.duplicates;
    if (row.rank < known->rank) return;
  }
  if (known->content != content) {
    change(row, *known, content, again);
  } else if (!again) {
    ++run_.counts.unchanged;
    if (run_.exact && run_.pass == Pass::partial) sightings_.add(row.id, run_.observed_at);
  }
  note_sight(*known, row.rank);
}

void VersionWriter::expect(const model::RowBatch::Row& row) {
  if (row.hashes) known_.expect(row.hashes->id);
}

void VersionWriter::insert(const model::RowBatch::Row& row, const Hash128& id_hash, const Hash128& content) {
  insert_->reset();
  insert_->bind_one(1, run_.source_id);
  insert_->bind_one(2, row.id);
  insert_->bind_one(3, run_.stream_id);
  bind_cells(*insert_, insert_bound_, 4, row, content);
  insert_->run();
  ++run_.counts.added;
  KnownRow known;
  known.id = id_hash;
  known.content = content;
  known.key = db_.last_insert_rowid();
  if (packs_ && bulk_)
    packs_->add(known.key, row, run_.observed_at);
  else
    touch(known.key);
  known.own = true;
  known.fresh = true;
  known.seen = known.counted = true;
  known.rank = row.rank;
  if (auto* removed = known_.find(id_hash))
    *removed = known;
  else
    known_.insert(known);
}

void VersionWriter::change(const model::RowBatch::Row& row, KnownRow& known, const Hash128& content, bool again) {
  const bool in_place = known.fresh;
  if (in_place && restore(row, known, content)) {
    if (again) {
      --run_.counts.changed;
      ++run_.counts.unchanged;
    }
    return;
  }
  if (!in_place) archive(known.key, false);
  touch(known.key);
  update_->reset();
  update_->bind_one(1, run_.stream_id);
  const int key = bind_cells(*update_, update_bound_, 2, row, content);
  update_->bind_one(key, known.key);
  update_->run();
  known.content = content;
  known.own = true;
  known.fresh = true;
  if (!again) {
    ++run_.counts.changed;
  } else if (!in_place) {
    --run_.counts.unchanged;  // its first sight in this run was the state that the store had
    ++run_.counts.changed;
  }
}

/// A source that lists a record twice, in an old and in the present state, changes it and changes it back in one run:
/// the version that the first of them ended goes on as if nothing had been.
bool VersionWriter::restore(const model::RowBatch::Row& row, KnownRow& known, const Hash128& content) {
  if (!earlier_->bind(run_.source_id, row.id, run_.observed_at).step() || blob_hash(earlier_->blob(1)) != content) {
    earlier_->reset();
    return false;
  }
  const auto past_key = earlier_->integer(0);
  earlier_->reset();
  delete_->bind(known.key).run();
  bring_back_->bind(known.key, past_key).run();
  forget_past_->bind(past_key).run();
  touch(known.key);
  known.content = content;
  known.fresh = false;
  known.own = false;   // note_sight claims it again,
  known.seen = false;  // and remembers it: its row alone no longer says that this run saw it
  return true;
}

void VersionWriter::archive(std::int64_t key, bool deleted) {
  archive_->bind(key, run_.observed_at, deleted ? 1 : 0).run();
}

void VersionWriter::remove(std::string_view id) {
  KnownRow* known = find(hash128(id), id);
  if (known == nullptr) return;
  archive(known->key, true);
  delete_->bind(known->key).run();
  touch(known->key);
  ++run_.counts.removed;
  known->key = 0;
}

std::vector<std::int64_t> VersionWriter::take_seen() {
  std::ranges::sort(seen_);
  return std::exchange(seen_, {});
}

void VersionWriter::mark_seen(const std::vector<std::int64_t>& keys) {
  for (auto& known : known_)
    if (std::ranges::binary_search(keys, known.key)) known.seen = true;
}

std::int64_t VersionWriter::count_unseen() {
  return std::ranges::count_if(known_, [](const KnownRow& k) { return k.own && !k.seen && k.key != 0; });
}

void VersionWriter::remove_unseen() {
  for (auto& known : known_) {
    if (!known.own || known.seen || known.key == 0) continue;
    archive(known.key, true);
    delete_->bind(known.key).run();
    touch(known.key);
    ++run_.counts.removed;
    known.key = 0;
  }
}

std::int64_t VersionWriter::count_rows() {
  if (complete_)
    return std::ranges::count_if(known_, [](const KnownRow& known) { return known.own && known.key != 0; });
  Statement count(db_, fmt::format("SELECT count(*) FROM {} WHERE stream_id = ?1", quote_name(current_table(entity_))));
  count.bind(run_.stream_id).step();
  return count.integer(0);
}

void VersionWriter::touch(std::int64_t key) {
  wrote_ = true;
  if (packs_) packs_->touch(key);
}

void VersionWriter::settle() {
  if (packs_) packs_->settle();
  if (!bulk_ && std::exchange(wrote_, false)) ensure_seen_index(db_, entity_);
}

void VersionWriter::end() {
  settle();
  if (!bulk_) return;
  known_ = {};  // as much memory as sorting an index takes
  complete_ = false;
  ensure_indexes(db_, entity_);
  bulk_ = false;
}

}  // namespace sitrep::store
