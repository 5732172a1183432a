#include "store/past_writer.hpp"

#include <algorithm>

#include "store/schema.hpp"
#include "store/stream_log.hpp"

namespace sitrep::store {

/// Where an observation falls in a record's history. Pointers are into the list of spans.
struct PastWriter::Place {
  const Span* at = nullptr;      ///< the version that holds at the moment
  const Span* before = nullptr;  ///< the one that ends right at it
  const Span* after = nullptr;   ///< the next one that begins
  std::optional<UnixTime> end;   ///< the next observation: what is put holds until then
  bool seen_again = false;       ///< `end` is a sighting or a full pass, not the beginning or end of a version
  bool gone = false;             ///< at `end` the record was seen to be gone
};

PastWriter::PastWriter(Database& db, const model::Entity& entity, Run& run)
    : db_(db), entity_(entity), run_(run), hasher_(entity), sightings_(db, run.source_id, entity.name) {
  const auto current = quote_name(current_table(entity));
  const auto past = quote_name(past_table(entity));
  const auto copied = record_columns(db, entity);
  std::string names = "source_id, id, stream_id, observed_at, hash, url, extra", marks = "?1, ?2, ?3, ?4, ?5, ?6, ?7";
  int next = 8;
  for (const auto& column : entity.columns) {
    names += ", " + quote_name(column.name);
    marks += fmt::format(", ?{}", next++);
  }
  spans_.emplace(db,
                 fmt::format("SELECT 1, key, observed_at, NULL AS until, 0, hash, stream_id FROM {} WHERE id = ?2 "
                             "AND source_id = ?1 UNION ALL SELECT 0, key, observed_at, superseded_at, deleted_at IS "
                             "NOT NULL, hash, stream_id FROM {} WHERE id = ?2 AND source_id = ?1 AND superseded_at "
                             "> observed_at ORDER BY observed_at",
                             current, past));
  insert_current_.emplace(db, fmt::format("INSERT INTO {} ({}) VALUES ({})", current, names, marks));
  insert_past_.emplace(db, fmt::format("INSERT INTO {} ({}, superseded_at, deleted_at) VALUES ({}, ?{}, ?{})", past,
                                       names, marks, next, next + 1));
  erase_current_.emplace(db, fmt::format("DELETE FROM {} WHERE key = ?1", current));
  erase_past_.emplace(db, fmt::format("DELETE FROM {} WHERE key = ?1", past));
  begin_current_.emplace(db, fmt::format("UPDATE {} SET observed_at = ?2 WHERE key = ?1", current));
  begin_past_.emplace(db, fmt::format("UPDATE {} SET observed_at = ?2 WHERE key = ?1", past));
  end_.emplace(db, fmt::format("UPDATE {} SET superseded_at = ?2, deleted_at = ?3 WHERE key = ?1", past));
  const auto head = [&](const std::string& table) {
    return fmt::format("INSERT INTO {0} ({1}, superseded_at, deleted_at) SELECT {1}, ?2, ?3 FROM {2} WHERE key = ?1",
                       past, copied, table);
  };
  head_of_current_.emplace(db, head(current));
  head_of_past_.emplace(db, head(past));
  bring_back_.emplace(db,
                      fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM {2} WHERE key = ?1", current, copied, past));
  ensure_seen_index(db, entity);
  if (entity.name == "incident") packs_.emplace(db, entity);
  if (run.pass == Pass::full) run.base_rows = count_rows();
}

std::vector<PastWriter::Span> PastWriter::read_spans(std::string_view id) {
  std::vector<Span> spans;
  spans_->bind(run_.source_id, id);
  while (spans_->step())
    spans.push_back({spans_->integer(0) != 0, spans_->integer(1), spans_->time(2), spans_->time_or_null(3),
                     spans_->integer(4) != 0, blob_hash(spans_->blob(5)), spans_->integer(6)});
  spans_->reset();
  return spans;
}

const std::vector<UnixTime>& PastWriter::passes_of(std::int64_t stream_id) {
  const auto [found, fresh] = passes_.try_emplace(stream_id);
  if (fresh) found->second = full_passes(db_, stream_id);
  return found->second;
}

std::optional<UnixTime> PastWriter::next_pass(std::int64_t stream_id) {
  const auto& moments = passes_of(stream_id);
  const auto next = std::ranges::upper_bound(moments, run_.observed_at);
  return next == moments.end() ? std::nullopt : std::optional(*next);
}

PastWriter::Place PastWriter::place_of(std::string_view id, std::vector<Span>& spans) {
  const auto moment = run_.observed_at;
  Place place;
  for (const auto& span : spans) {
    if (span.until == moment) place.before = &span;
    if (span.from <= moment && (!span.until || *span.until > moment)) place.at = &span;
    if (span.from > moment && place.after == nullptr) place.after = &span;
  }
  if (place.at != nullptr) {
    place.end = place.at->until;
    place.gone = place.at->deleted;
  } else if (place.after != nullptr) {
    place.end = place.after->from;
  }
  const auto again = [&](std::optional<UnixTime> t) {
    if (!t || (place.end && *t >= *place.end)) return;
    place.end = t;
    place.seen_again = true;
    place.gone = place.at == nullptr;
  };
  again(next_pass(place.at != nullptr ? place.at->stream_id : run_.stream_id));
  again(sightings_.next_after(id, moment));
  return place;
}

void PastWriter::put(const model::RowBatch::Row& row) {
  const auto content = hasher_(row);
  const auto [seen, first] = seen_.try_emplace(hash128(row.id), Seen{row.rank});
  if (!first) {
    ++run_.counts.duplicates;
    if (row.rank < seen->second.rank) return;
    seen->second.rank = row.rank;
  }
  auto spans = read_spans(row.id);
  const auto place = place_of(row.id, spans);
  if (place.at != nullptr && place.at->content == content) {
    if (first) ++run_.counts.unchanged;
    if (run_.pass == Pass::partial && place.at->from < run_.observed_at) sightings_.add(row.id, run_.observed_at);
    return;
  }
  if (first) ++(place.at == nullptr ? run_.counts.added : run_.counts.changed);
  step_back(row.id, place, false);
  settle_version(place, row, content);
}

void PastWriter::remove(std::string_view id) {
  auto spans = read_spans(id);
  const auto place = place_of(id, spans);
  if (place.at == nullptr) return;
  step_back(id, place, true);
  ++run_.counts.removed;
}

void PastWriter::step_back(std::string_view id, const Place& place, bool removed) {
  if (place.at == nullptr) {
    // Gone and back within the same moment: it never was away.
    if (place.before != nullptr && place.before->deleted) end_at(*place.before, run_.observed_at, false);
    return;
  }
  const auto& held = *place.at;
  const bool has_head = held.from < run_.observed_at;
  if (place.seen_again) {
    if (has_head) copy_head(held, removed);
    begin_at(held, *place.end);
    sightings_.remove(id, *place.end);
  } else if (has_head && !held.current) {
    end_at(held, run_.observed_at, removed);
  } else {
    if (has_head) copy_head(held, removed);
    erase(held);
  }
  if (!has_head && removed && place.before != nullptr) end_at(*place.before, run_.observed_at, true);
}

void PastWriter::settle_version(const Place& place, const model::RowBatch::Row& row, const Hash128& content) {
  // A version of the same content on either side takes the moment in. The rest of what held is never one of them.
  const bool joins_after = !place.seen_again && !place.gone && place.after != nullptr && place.end &&
                           place.after->from == *place.end && place.after->content == content;
  const bool joins_before = place.before != nullptr && place.before->content == content &&
                            (place.at == nullptr || place.at->from == run_.observed_at);
  // A moment that begins no version any more was one at which the record was seen: a full pass says so itself.
  if (joins_after && !std::ranges::binary_search(passes_of(place.after->stream_id), place.after->from))
    sightings_.add(row.id, place.after->from);
  if (joins_before && run_.pass == Pass::partial) sightings_.add(row.id, run_.observed_at);
  if (joins_after && joins_before) {
    begin_at(*place.after, place.before->from);
    erase(*place.before);
  } else if (joins_after) {
    begin_at(*place.after, run_.observed_at);
  } else if (joins_before && place.end) {
    end_at(*place.before, *place.end, place.gone);
  } else if (joins_before) {
    bring_back_->bind(place.before->key).run();
    touch(db_.last_insert_rowid());
    erase(*place.before);
  } else {
    insert(row, content, place.end, place.gone);
  }
}

void PastWriter::touch(std::int64_t current_key) {
  if (packs_) packs_->touch(current_key);
}

void PastWriter::settle() {
  if (packs_) packs_->settle();
}

void PastWriter::erase(const Span& span) {
  (span.current ? erase_current_ : erase_past_)->bind(span.key).run();
  if (span.current) touch(span.key);
}

void PastWriter::begin_at(const Span& span, UnixTime from) {
  if (span.current) touch(span.key);
  (span.current ? begin_current_ : begin_past_)->bind(span.key, from).run();
}

void PastWriter::end_at(const Span& span, UnixTime until, bool deleted) {
  end_->bind(span.key, until, deleted ? std::optional(until) : std::nullopt).run();
}

void PastWriter::copy_head(const Span& span, bool deleted) {
  const auto until = run_.observed_at;
  (span.current ? head_of_current_ : head_of_past_)
      ->bind(span.key, until, deleted ? std::optional(until) : std::nullopt)
      .run();
}

void PastWriter::insert(const model::RowBatch::Row& row, const Hash128& content, std::optional<UnixTime> until,
                        bool deleted) {
  auto& statement = until ? *insert_past_ : *insert_current_;
  statement.reset();
  statement.bind_one(1, run_.source_id);
  statement.bind_one(2, row.id);
  statement.bind_one(3, run_.stream_id);
  statement.bind_one(4, run_.observed_at);
  statement.bind_blob(5, hash_blob(content, hash_bytes_));
  int index = 6;
  for (const auto text : {row.url, row.extra}) {
    if (text.empty())
      statement.bind_one(index++, nullptr);
    else
      statement.bind_one(index++, text);
  }
  for (const auto& cell : row.cells) statement.bind_one(index++, cell);
  if (until) {
    statement.bind_one(index++, *until);
    statement.bind_one(index, deleted ? until : std::nullopt);
  }
  statement.run();
  if (!until) touch(db_.last_insert_rowid());
}

std::vector<std::string> PastWriter::unseen() {
  Statement living(db_, fmt::format("SELECT id FROM {} WHERE source_id = ?1 AND stream_id = ?2 AND observed_at <= ?3 "
                                    "UNION ALL SELECT id FROM {} WHERE source_id = ?1 AND stream_id = ?2 AND "
                                    "observed_at <= ?3 AND superseded_at > ?3",
                                    quote_name(current_table(entity_)), quote_name(past_table(entity_))));
  living.bind(run_.source_id, run_.stream_id, run_.observed_at);
  std::vector<std::string> ids;
  while (living.step())
    if (!seen_.contains(hash128(living.text(0)))) ids.emplace_back(living.text(0));
  return ids;
}

std::int64_t PastWriter::count_unseen() { return static_cast<std::int64_t>(unseen().size()); }

void PastWriter::remove_unseen() {
  for (const auto& id : unseen()) remove(id);
}

std::int64_t PastWriter::count_rows() {
  Statement count(db_, fmt::format("SELECT (SELECT count(*) FROM {} WHERE stream_id = ?1 AND observed_at <= ?2) + "
                                   "(SELECT count(*) FROM {} WHERE stream_id = ?1 AND observed_at <= ?2 AND "
                                   "superseded_at > ?2)",
                                   quote_name(current_table(entity_)), quote_name(past_table(entity_))));
  count.bind(run_.stream_id, run_.observed_at).step();
  return count.integer(0);
}

}  // namespace sitrep::store
