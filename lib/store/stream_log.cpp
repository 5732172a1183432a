#include "store/stream_log.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "store/content_hash.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

/// Sorted keys as differences, each in LEB128: one byte a row where a pass follows the order of the table.
std::string pack(const std::vector<std::int64_t>& keys) {
  std::string bytes;
  std::uint64_t before = 0;
  for (const auto key : keys) {
    auto difference = static_cast<std::uint64_t>(key) - before;
    before = static_cast<std::uint64_t>(key);
    while (difference >= 0x80) {
      bytes += static_cast<char>(difference | 0x80);
      difference >>= 7;
    }
    bytes += static_cast<char>(difference);
  }
  return bytes;
}

void unpack(std::string_view bytes, std::vector<std::int64_t>& keys) {
  std::uint64_t before = 0, difference = 0;
  unsigned shift = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (shift < 64) difference |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    shift += 7;
    if ((byte & 0x80) != 0) continue;
    before += difference;
    keys.push_back(static_cast<std::int64_t>(before));
    difference = 0;
    shift = 0;
  }
}

}  // namespace

std::string_view name(Pass pass) { return pass == Pass::full ? "full" : "partial"; }

StreamState read_stream_state(Store& store, std::string_view source, std::string_view stream) {
  StreamState state;
  Statement row(store.db(),
                "SELECT st.id, st.bookmark, st.last_observed_at, st.page_state, st.pass, st.observed_at FROM "
                "main.stream_state st "
                "JOIN main.source_name n ON n.id = st.source_id WHERE n.name = ?1 AND st.name = ?2");
  if (!row.bind(source, stream).step()) return state;
  state.bookmark = row.text(1);
  state.last_observed_at = row.time_or_null(2);
  if (!row.is_null(3))
    state.interrupted = {std::string(row.text(3)), row.text(4) == "full" ? Pass::full : Pass::partial, row.time(5)};
  Statement last(
      store.db(),
      "SELECT finished_at, observed_at FROM main.sync_run_log WHERE stream_id = ?1 AND finished_at IS NOT NULL "
      "AND error IS NULL AND (pass = 'full' OR NOT ?2) ORDER BY observed_at DESC, id DESC LIMIT 1");
  const auto id = row.integer(0);
  if (last.bind(id, 0).step()) state.last_success_at = last.time(0);
  if (last.bind(id, 1).step()) state.last_full_at = last.time(1);
  return state;
}

void StreamLog::identify(Run& run, std::string_view source, std::string_view stream, std::string_view entity) {
  Statement(db_, "INSERT INTO source_name (name) VALUES (?1) ON CONFLICT DO NOTHING").bind(source).run();
  Statement ids(db_, "SELECT id FROM source_name WHERE name = ?1");
  ids.bind(source).step();
  run.source_id = ids.integer(0);
  // A stream that feeds another entity now starts anew: its bookmark belongs to other rows.
  Statement(
      db_,
      "INSERT INTO stream_state (source_id, name, entity) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET entity = ?3, "
      "bookmark = '', page_state = NULL, pass = NULL, observed_at = NULL WHERE entity <> ?3")
      .bind(run.source_id, stream, entity)
      .run();
  Statement streams(db_, "SELECT id FROM stream_state WHERE source_id = ?1 AND name = ?2");
  streams.bind(run.source_id, stream).step();
  run.stream_id = streams.integer(0);
}

void StreamLog::start(Run& run) {
  if (run.resumed) {
    Statement base(db_, "SELECT base_rows FROM stream_state WHERE id = ?1");
    if (base.bind(run.stream_id).step()) run.base_rows = base.integer(0);
  } else {
    clear_interrupted(run);
  }
}

void StreamLog::open_run(const Run& run) {
  Statement(db_, "INSERT INTO sync_run_log (stream_id, pass, observed_at, started_at) VALUES (?1, ?2, ?3, ?4)")
      .bind(run.stream_id, name(run.pass), run.observed_at, now_)
      .run();
  run_id_ = db_.last_insert_rowid();
}

std::vector<std::int64_t> StreamLog::read_seen(const Run& run) {
  std::vector<std::int64_t> keys;
  Statement chunks(db_, "SELECT keys FROM seen_chunk WHERE stream_id = ?1 ORDER BY number");
  chunks.bind(run.stream_id);
  while (chunks.step()) unpack(chunks.blob(0), keys);
  std::ranges::sort(keys);
  return keys;
}

void StreamLog::add_seen(const Run& run, const std::vector<std::int64_t>& keys) {
  if (keys.empty()) return;
  const auto bytes = pack(keys);
  Statement insert(db_,
                   "INSERT INTO seen_chunk (stream_id, number, keys) SELECT ?1, coalesce(max(number), 0) + 1, ?2 FROM "
                   "seen_chunk WHERE stream_id = ?1");
  insert.bind(run.stream_id);
  insert.bind_blob(2, bytes);
  insert.run();
}

Hash128 reject_hash(std::string_view reason, std::string_view raw, std::int64_t span) {
  const auto first = hash128(fmt::format("{}\n{}", reason, raw));
  return span == 0 ? first : hash128(fmt::format("{:x}{:x} {}", first.high, first.low, span));
}

std::vector<UnixTime> full_passes(Database& db, std::int64_t stream_id) {
  std::vector<UnixTime> passes;
  Statement full(db,
                 "SELECT DISTINCT observed_at FROM sync_run_log WHERE stream_id = ?1 AND pass = 'full' AND error IS "
                 "NULL AND finished_at IS NOT NULL ORDER BY observed_at");
  full.bind(stream_id);
  while (full.step()) passes.push_back(full.time(0));
  return passes;
}

void StreamLog::add_rejects(const Run& run, const std::vector<Reject>& rejects) {
  if (rejects.empty()) return;
  const auto passes = full_passes(db_, run.stream_id);
  const auto passed_between = [&](UnixTime after, UnixTime before) {
    const auto next = std::ranges::upper_bound(passes, after);
    return next != passes.end() && *next < before;
  };
  const auto now = run.observed_at;
  Statement insert(db_,
                   "INSERT INTO reject_log (stream_id, reason, raw, place, first_at, last_at, hash) VALUES (?1, ?2, "
                   "?3, ?4, ?5, ?5, ?6)");
  Statement find(db_, "SELECT first_at, last_at, id FROM reject_log WHERE stream_id = ?1 AND hash = ?2");
  Statement extend(db_,
                   "UPDATE reject_log SET first_at = min(first_at, ?3), last_at = max(last_at, ?3) WHERE stream_id = "
                   "?1 AND hash = ?2");
  std::string bytes;
  for (const auto& reject : rejects) {
    for (std::int64_t span = 0;; ++span) {
      const auto hash = hash_blob(reject_hash(reject.reason, reject.raw, span), bytes);
      find.bind(run.stream_id);
      find.bind_blob(2, hash);
      if (find.step()) {
        // A full pass in between that did not reject the record ends the span: it was mended, or gone, and is back.
        if (passed_between(find.time(1), now) || passed_between(now, find.time(0))) continue;
        extend.bind(run.stream_id);
        extend.bind_blob(2, hash);
        extend.bind_one(3, run.observed_at);
        extend.run();
        if (run.exact) rejected_.insert(find.integer(2));
      } else {
        insert.bind(run.stream_id, reject.reason, reject.raw, reject.place, run.observed_at);
        insert.bind_blob(6, hash);
        insert.run();
        if (run.exact) rejected_.insert(db_.last_insert_rowid());
      }
      break;
    }
  }
}

void StreamLog::split_rejects(const Run& run) {
  const auto now = run.observed_at;
  const auto passes = full_passes(db_, run.stream_id);
  struct Whole {
    std::int64_t id;
    UnixTime first, last;
    std::string reason, raw;
  };
  std::vector<Whole> wholes;
  {
    Statement around(db_,
                     "SELECT id, first_at, last_at, reason, raw FROM reject_log WHERE stream_id = ?1 AND first_at < ?2 "
                     "AND last_at > ?2");
    around.bind(run.stream_id, now);
    while (around.step())
      if (!rejected_.contains(around.integer(0)))
        wholes.push_back({around.integer(0), around.time(1), around.time(2), std::string(around.text(3)),
                          std::string(around.text(4))});
  }
  Statement shorten(db_, "UPDATE reject_log SET last_at = ?2 WHERE id = ?1");
  Statement taken(db_, "SELECT 1 FROM reject_log WHERE stream_id = ?1 AND hash = ?2");
  Statement copy(db_,
                 "INSERT INTO reject_log (stream_id, reason, raw, place, first_at, last_at, hash) SELECT stream_id, "
                 "reason, raw, place, ?2, ?3, ?4 FROM reject_log WHERE id = ?1");
  std::string bytes;
  for (const auto& whole : wholes) {
    // Each full pass within has rejected it: the nearest ones are where the two spans end and begin.
    const auto next = std::ranges::upper_bound(passes, now);
    const auto begin = next == passes.end() ? whole.last : std::min(*next, whole.last);
    const auto before = std::ranges::lower_bound(passes, now);
    const auto end = before == passes.begin() ? whole.first : std::max(*(before - 1), whole.first);
    shorten.bind(whole.id, end).run();
    for (std::int64_t span = 1;; ++span) {
      const auto hash = hash_blob(reject_hash(whole.reason, whole.raw, span), bytes);
      taken.bind(run.stream_id);
      taken.bind_blob(2, hash);
      if (taken.step()) continue;
      copy.bind(whole.id, begin, whole.last);
      copy.bind_blob(4, hash);
      copy.run();
      break;
    }
  }
}

void StreamLog::set_page_state(const Run& run, std::string_view page_state) {
  Statement(db_,
            "UPDATE stream_state SET page_state = ?2, pass = ?3, observed_at = ?4, base_rows = ?5, "
            "last_observed_at = max(coalesce(last_observed_at, ?4), ?4) WHERE id = ?1")
      .bind(run.stream_id, page_state, name(run.pass), run.observed_at, run.base_rows)
      .run();
}

void StreamLog::set_bookmark(const Run& run, std::string_view bookmark) {
  Statement(db_, "UPDATE stream_state SET bookmark = ?2 WHERE id = ?1").bind(run.stream_id, bookmark).run();
}

void StreamLog::clear_interrupted(const Run& run) {
  Statement(db_,
            "UPDATE stream_state SET page_state = NULL, pass = NULL, observed_at = NULL, base_rows = NULL, "
            "last_observed_at = max(coalesce(last_observed_at, ?2), ?2) WHERE id = ?1")
      .bind(run.stream_id, run.observed_at)
      .run();
  Statement(db_, "DELETE FROM seen_chunk WHERE stream_id = ?1").bind(run.stream_id).run();
}

void StreamLog::record(const Run& run, const RunFacts& facts, bool over, std::optional<std::int64_t> rows,
                       std::string_view error) {
  const auto& c = run.counts;
  std::optional<UnixTime> finished;
  if (over) finished = facts.finished_at.value_or(now_);
  std::optional<std::string> notes, failure;
  if (!facts.notes.empty()) notes = facts.notes;
  if (!error.empty()) failure = error;
  Statement(
      db_,
      "UPDATE sync_run_log SET started_at = ?2, finished_at = ?3, requests = ?4, not_modified = ?5, bytes = ?6, "
      "added = ?7, changed = ?8, unchanged = ?9, removed = ?10, rejected = ?11, duplicates = ?12, odd_values = ?13, "
      "row_count = ?14, error = ?15, notes = ?16 WHERE id = ?1")
      .bind(run_id_, facts.started_at.value_or(now_), finished, facts.requests, facts.not_modified, facts.bytes,
            c.added, c.changed, c.unchanged, c.removed, c.rejected, c.duplicates, facts.odd_values, rows, failure,
            notes)
      .run();
}

std::optional<std::int64_t> StreamLog::last_row_count(const Run& run) {
  Statement last(
      db_,
      "SELECT row_count FROM sync_run_log WHERE stream_id = ?1 AND row_count IS NOT NULL ORDER BY observed_at DESC, "
      "id DESC LIMIT 1");
  if (!last.bind(run.stream_id).step()) return std::nullopt;
  return last.integer(0);
}

UnixTime StreamLog::newest_moment(const Run& run, std::string_view entity) {
  Statement newest(db_, "SELECT max(last_observed_at) FROM stream_state WHERE source_id = ?1 AND entity = ?2");
  if (!newest.bind(run.source_id, entity).step() || newest.is_null(0)) return UnixTime::min();
  return newest.time(0);
}

void StreamLog::recount_newest(const Run& run, const model::Entity& entity) {
  const std::string rows =
      entity.keeping == model::Keeping::versions
          ? fmt::format("SELECT count(*) FROM {} WHERE stream_id = ?1", quote_name(current_table(entity)))
          : fmt::format(
                "SELECT count(*) FROM {} s JOIN {} v ON v.series = s.key WHERE s.stream_id = ?1 AND "
                "v.superseded_at IS NULL",
                quote_name(series_table(entity)), quote_name(value_table(entity)));
  Statement(db_, fmt::format("UPDATE sync_run_log SET row_count = ({}) WHERE id = (SELECT id FROM sync_run_log WHERE "
                             "stream_id = ?1 AND row_count IS NOT NULL ORDER BY observed_at DESC, id DESC LIMIT 1)",
                             rows))
      .bind(run.stream_id)
      .run();
}

}  // namespace sitrep::store
