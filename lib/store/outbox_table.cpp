#include "store/outbox_table.hpp"

namespace sitrep::store {
namespace {

using State = OutboxEntry::State;

std::string select(std::string_view rest) {
  return "select id, idempotency_key, source, verb, subject, method, path, body, body_hash, state, tries, created_at,"
         " updated_at, status, remote_id, remote_url, error from outbox " +
         std::string(rest);
}

State state_of(std::string_view text) {
  if (text == "done") return State::done;
  return text == "refused" ? State::refused : State::pending;
}

OutboxEntry read(const Statement& row) {
  OutboxEntry entry;
  entry.id = row.integer(0);
  entry.idempotency_key = row.text(1);
  entry.source = row.text(2);
  entry.verb = row.text(3);
  entry.subject = row.text(4);
  entry.method = row.text(5);
  entry.path = row.text(6);
  entry.body = row.text(7);
  entry.body_hash = row.text(8);
  entry.state = state_of(row.text(9));
  entry.tries = row.integer(10);
  entry.created_at = row.time(11);
  entry.updated_at = row.time(12);
  entry.status = row.integer_or_null(13);
  entry.remote_id = row.text(14);
  entry.remote_url = row.text(15);
  entry.error = row.text(16);
  return entry;
}

std::vector<OutboxEntry> read_all(Statement& statement) {
  std::vector<OutboxEntry> entries;
  while (statement.step()) entries.push_back(read(statement));
  return entries;
}

std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

const char* name(State state) noexcept {
  switch (state) {
    case State::pending:
      return "pending";
    case State::done:
      return "done";
    case State::refused:
      return "refused";
  }
  return "pending";
}

void OutboxTable::write_through() { store_.db().execute("PRAGMA synchronous = FULL"); }

std::int64_t OutboxTable::add(const OutboxEntry& entry) {
  write_through();
  Transaction transaction(store_.db());
  Statement insert(store_.db(),
                   "insert into outbox (idempotency_key, source, verb, subject, method, path, body, body_hash, state,"
                   " created_at, updated_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'pending', ?9, ?9)");
  insert
      .bind(entry.idempotency_key, entry.source, entry.verb, entry.subject, entry.method, entry.path, entry.body,
            entry.body_hash, entry.created_at)
      .run();
  const auto id = store_.db().last_insert_rowid();
  transaction.commit();
  return id;
}

void OutboxTable::start_try(std::int64_t id, UnixTime now) {
  write_through();
  Transaction transaction(store_.db());
  Statement update(store_.db(),
                   "update outbox set state = 'pending', tries = tries + 1, updated_at = ?2 where id = ?1");
  update.bind(id, now).run();
  transaction.commit();
}

void OutboxTable::settle(const OutboxEntry& entry) {
  write_through();
  Transaction transaction(store_.db());
  Statement update(store_.db(),
                   "update outbox set state = ?2, status = ?3, remote_id = ?4, remote_url = ?5, error = ?6,"
                   " updated_at = ?7 where id = ?1");
  const auto id = or_null(entry.remote_id), url = or_null(entry.remote_url), error = or_null(entry.error);
  update.bind(entry.id, name(entry.state), entry.status, id, url, error, entry.updated_at).run();
  transaction.commit();
}

std::optional<OutboxEntry> OutboxTable::find_key(std::string_view idempotency_key) {
  Statement found(store_.db(), select("where idempotency_key = ?1"));
  if (!found.bind(idempotency_key).step()) return std::nullopt;
  return read(found);
}

std::vector<OutboxEntry> OutboxTable::of_subject(std::string_view source, std::string_view subject) {
  Statement rows(store_.db(), select("where source = ?1 and subject = ?2 order by id desc"));
  rows.bind(source, subject);
  return read_all(rows);
}

std::vector<OutboxEntry> OutboxTable::list(bool all) {
  Statement rows(store_.db(), select("where ?1 or state <> 'done' order by id desc"));
  rows.bind(all ? 1 : 0);
  return read_all(rows);
}

}  // namespace sitrep::store
