#include "store/migrations.hpp"

#include <sqlite3.h>

#include <array>

#include "base/file.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

// Tables of entities are not made here: schema.hpp derives them from model::Entity.
constexpr std::string_view k_first = R"sql(
CREATE TABLE source_name (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE stream_state (
  id               INTEGER PRIMARY KEY,
  source_id        INTEGER NOT NULL REFERENCES source_name(id),
  name             TEXT NOT NULL,
  entity           TEXT NOT NULL,
  bookmark         TEXT NOT NULL DEFAULT '',  -- JSON: where the next run starts
  last_observed_at INTEGER,                   -- Unix seconds: newest logical start that wrote
  page_state       TEXT,                      -- JSON: where the interrupted run resumes; NULL: none is
  pass             TEXT,                      -- of the interrupted run: full, partial
  observed_at      INTEGER,                   -- Unix seconds: logical start of the interrupted run
  base_rows        INTEGER,                   -- rows of the stream before the interrupted run
  UNIQUE (source_id, name)
) STRICT;

-- Rows that an interrupted full pass has seen and left unchanged: keys of E_current as differences, LEB128.
CREATE TABLE seen_chunk (
  stream_id INTEGER NOT NULL REFERENCES stream_state(id),
  number    INTEGER NOT NULL,
  keys      BLOB NOT NULL,
  PRIMARY KEY (stream_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_run_log (
  id           INTEGER PRIMARY KEY,
  stream_id    INTEGER NOT NULL REFERENCES stream_state(id),
  pass         TEXT NOT NULL,     -- full, partial
  observed_at  INTEGER NOT NULL,  -- Unix seconds: logical start, kept across a resume
  started_at   INTEGER NOT NULL,  -- Unix seconds
  finished_at  INTEGER,           -- Unix seconds; NULL: running or killed
  requests     INTEGER,
  not_modified INTEGER,           -- requests answered by 304
  bytes        INTEGER,           -- of answers, as received
  added        INTEGER NOT NULL DEFAULT 0,
  changed      INTEGER NOT NULL DEFAULT 0,
  unchanged    INTEGER NOT NULL DEFAULT 0,
  removed      INTEGER NOT NULL DEFAULT 0,
  rejected     INTEGER NOT NULL DEFAULT 0,
  duplicates   INTEGER NOT NULL DEFAULT 0,
  odd_values   INTEGER,           -- values kept in extra because the column could not hold them
  row_count    INTEGER,           -- rows of the stream after the run
  error        TEXT,
  notes        TEXT               -- JSON object
) STRICT;
CREATE INDEX sync_run_log_by_stream ON sync_run_log(stream_id, id);

CREATE TABLE reject_log (
  id        INTEGER PRIMARY KEY,
  stream_id INTEGER NOT NULL REFERENCES stream_state(id),
  reason    TEXT NOT NULL,
  raw       TEXT NOT NULL,     -- the record as it came
  place     TEXT NOT NULL,     -- page and position
  first_at  INTEGER NOT NULL,  -- Unix seconds: first run that rejected it
  last_at   INTEGER NOT NULL,  -- Unix seconds: newest run that rejected it
  hash      BLOB NOT NULL,     -- XXH3-128 of reason and raw: the same reject of every run is one row
  UNIQUE (stream_id, hash)
) STRICT;
)sql";

// What `launch file` sends. A row is there, on disk, before the first byte leaves.
constexpr std::string_view k_outbox = R"sql(
CREATE TABLE outbox (
  id              INTEGER PRIMARY KEY,
  idempotency_key TEXT NOT NULL UNIQUE,
  source          TEXT NOT NULL,
  verb            TEXT NOT NULL,     -- the action: file, update
  subject         TEXT NOT NULL,     -- the file, relative to the workspace
  method          TEXT NOT NULL,
  path            TEXT NOT NULL,     -- below the source's base_url
  body            TEXT NOT NULL,     -- as sent
  body_hash       TEXT NOT NULL,     -- SHA-256 of method, path and body
  state           TEXT NOT NULL,     -- pending: may have arrived; done; refused: has not been accepted
  tries           INTEGER NOT NULL DEFAULT 0,
  created_at      INTEGER NOT NULL,  -- Unix seconds
  updated_at      INTEGER NOT NULL,  -- Unix seconds
  status          INTEGER,           -- of the last answer; NULL: none came
  remote_id       TEXT,
  remote_url      TEXT,
  error           TEXT               -- why it is not done
) STRICT;
CREATE INDEX outbox_by_subject ON outbox(source, subject, id);
)sql";

// From when on the past is whole: what `store gc` removed.
constexpr std::string_view k_removed_past = R"sql(
CREATE TABLE removed_past (
  what   TEXT NOT NULL PRIMARY KEY,  -- an entity, sync_run or reject
  before INTEGER NOT NULL            -- Unix seconds: what ended earlier may be missing
) STRICT;
)sql";

// What the store has to remember beside versions, so that a state imported late takes the place it would have had.
constexpr std::string_view k_sightings = R"sql(
-- Records that an import of changes found as they were; full passes need none, their run says it for all records.
CREATE TABLE sighting (
  source_id INTEGER NOT NULL REFERENCES source_name(id),
  entity    TEXT NOT NULL,
  id        TEXT NOT NULL,
  at        INTEGER NOT NULL,  -- Unix seconds
  PRIMARY KEY (source_id, entity, id, at)
) STRICT, WITHOUT ROWID;

-- [entity.NAME] as last declared: what a change of sitrep.toml is compared with.
CREATE TABLE own_entity (
  name        TEXT PRIMARY KEY,
  declaration TEXT NOT NULL  -- JSON: columns in order with their types, key
) STRICT, WITHOUT ROWID;

-- The newest run of a stream: an import may log an older one later.
DROP INDEX sync_run_log_by_stream;
CREATE INDEX sync_run_log_by_moment ON sync_run_log(stream_id, observed_at, id);
)sql";

// Series are read by the day: see sample_days.hpp. Filled from the samples when the store is next opened for writing.
constexpr std::string_view k_sample_days = R"sql(
CREATE TABLE capacity_sample_day (
  series         INTEGER NOT NULL,
  day            INTEGER NOT NULL,  -- days since 1970-01-01, UTC
  first_at       INTEGER,           -- Unix seconds: first and last sample that holds now; NULL: none does
  last_at        INTEGER,
  peak           REAL,              -- largest used
  used_at        INTEGER,           -- Unix seconds: the newest sample with a number, and what it says
  used           REAL,
  limit_at       INTEGER,           -- Unix seconds: the newest sample with a limit, and what it says
  capacity_limit REAL,
  known_from     INTEGER,           -- Unix seconds: nothing of the day was observed before; NULL: not summed up yet
  settled_at     INTEGER,           -- Unix seconds: nothing has changed since; NULL: not summed up yet
  PRIMARY KEY (series, day)
) STRICT, WITHOUT ROWID;
)sql";

// What metrics read of incidents: see incident_pack.hpp. Filled when the store is next opened for writing.
constexpr std::string_view k_incident_packs = R"sql(
CREATE TABLE incident_pack (
  span     INTEGER PRIMARY KEY,  -- of 2048 keys of incident_current
  records  INTEGER NOT NULL,
  first_at INTEGER NOT NULL,     -- Unix seconds: first and last start among them
  last_at  INTEGER NOT NULL,
  over_at  INTEGER NOT NULL,     -- Unix seconds: when the last SEV1 or SEV2 among them was resolved
  facts    BLOB NOT NULL         -- the records, packed
) STRICT;

-- Days that are not summed up, or were not at a past moment: a few among many.
CREATE INDEX capacity_sample_day_settled ON capacity_sample_day(settled_at);
)sql";

constexpr std::array k_migrations = {
    Migration{1, "sources, streams, runs, rejects", k_first},
    Migration{2, "outbox of filings", k_outbox},
    Migration{3, "what store gc removed", k_removed_past},
    Migration{4, "sightings of imports, declarations of own entities", k_sightings},
    Migration{5, "days of capacity samples", k_sample_days},
    Migration{6, "packed incidents", k_incident_packs},
};

}  // namespace

std::span<const Migration> migrations() { return k_migrations; }

int schema_version(Database& db) {
  Statement statement(db, "PRAGMA user_version");
  return statement.step() ? static_cast<int>(statement.integer(0)) : 0;
}

void migrate(Database& db, std::span<const Migration> steps) {
  const int newest = steps.empty() ? 0 : steps.back().version;
  const int found = schema_version(db);
  if (found > newest)
    fail(ErrorKind::store, "the store {} has schema {} and this sitrep knows {} at most; upgrade sitrep",
         display(sqlite3_db_filename(db.handle(), "main")), found, newest);
  if (found < 0 || (found == 0 && !table_columns(db, "source_name").empty()))
    fail(ErrorKind::store,
         "the store {} is damaged: it says that its schema is {}; restore a backup with 'sitrep restore'",
         display(sqlite3_db_filename(db.handle(), "main")), found);
  for (const auto& step : steps) {
    if (schema_version(db) >= step.version) continue;
    Transaction transaction(db);
    if (schema_version(db) >= step.version) continue;  // another process was faster
    try {
      db.execute(step.sql);
    } catch (const Error&) {
      if ((sqlite3_errcode(db.handle()) & 0xff) != SQLITE_ERROR) throw;
      fail(ErrorKind::store,
           "the store {} is damaged: it says that its schema is {}, and has what came later; restore a backup with "
           "'sitrep restore'",
           display(sqlite3_db_filename(db.handle(), "main")), step.version - 1);
    }
    // PRAGMA takes no parameters; the number is ours.
    db.execute(fmt::format("PRAGMA user_version = {}", step.version));
    transaction.commit();
  }
}

}  // namespace sitrep::store
