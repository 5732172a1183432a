#include "store/incident_pack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "store/schema.hpp"

namespace sitrep::store {
namespace {

constexpr std::int64_t k_never_over = std::numeric_limits<std::int64_t>::max();

/// The columns that are packed, beside key and observed_at.
constexpr std::array<std::string_view, 12> k_packed_columns = {
    "started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at", "severity",
    "kind",       "status",      "program",         "service",      "cause",       "title"};

/// For a Statement's rows, as SelectedRow reads them.
std::string selected_columns() { return fmt::format("key, observed_at, {}", fmt::join(k_packed_columns, ", ")); }

/// A record as SQL gives it.
struct SelectedRow {
  const Statement& row;
  std::int64_t key() const { return row.integer(0); }
  std::int64_t observed() const { return row.integer(1); }
  std::optional<std::int64_t> time(int column) const { return row.integer_or_null(column + 2); }
  std::optional<std::string_view> text(int column) const {
    if (row.is_null(column + 2)) return std::nullopt;
    return row.text(column + 2);
  }
};

/// A record that is on its way into the store.
struct RowInHand {
  std::int64_t record_key;
  const model::RowBatch::Row& row;
  const std::vector<std::size_t>& places;  // of the packed columns, among the row's cells
  UnixTime observed_at;
  std::int64_t key() const { return record_key; }
  std::int64_t observed() const { return unix_seconds(observed_at); }
  template <class T>
  std::optional<T> cell(int column) const {
    const auto* value = std::get_if<T>(&row.cells[places[static_cast<std::size_t>(column)]]);
    return value ? std::optional(*value) : std::nullopt;
  }
  std::optional<std::int64_t> time(int column) const { return cell<std::int64_t>(column); }
  std::optional<std::string_view> text(int column) const { return cell<std::string_view>(column); }
};

template <class Row>
PackedIncident row_of(const Row& row, Words& words) {
  const auto time = [&](int column) { return row.time(column).value_or(k_no_time); };
  const auto word = [&](int column) {
    const auto text = row.text(column);
    return text ? words.add(*text) : 0U;
  };
  PackedIncident of;
  of.key = row.key();
  of.started = time(0);
  of.observed = row.observed();
  of.detected = time(1);
  of.acknowledged = time(2);
  of.mitigated = time(3);
  of.resolved = time(4);
  of.severity = word(5);
  of.kind = word(6);
  of.status = word(7);
  of.program = word(8);
  of.service = word(9);
  of.cause = word(10);
  using Title = PackedIncident::Title;
  const auto title = row.text(11);
  of.title = !title ? Title::absent : title->empty() ? Title::empty : Title::some;
  return of;
}

// Numbers are LEB128. Times are differences, zigzag, modulo 2^64: any 64-bit time comes back as it went in.

void put(std::string& out, std::uint64_t value) {
  for (; value >= 128; value >>= 7) out += static_cast<char>(value | 128);
  out += static_cast<char>(value);
}

void put_difference(std::string& out, std::int64_t to, std::int64_t from) {
  const auto difference = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  put(out, difference << 1 ^ (0 - (difference >> 63)));
}

class Bytes {
 public:
  explicit Bytes(std::string_view all) : at_(all.data()), end_(at_ + all.size()) {}
  std::uint64_t number() {
    if (at_ == end_) fail();
    const auto first = static_cast<unsigned char>(*at_++);
    std::uint64_t value = first;
    if (first < 128) return value;
    value &= 127;
    for (unsigned shift = 7; shift < 64; shift += 7) {
      if (at_ == end_) fail();
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= std::uint64_t{byte & 127U} << shift;
      if (byte < 128) return value;
    }
    fail();
  }
  std::int64_t after(std::int64_t from) {
    const auto coded = number();
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + (coded >> 1 ^ (0 - (coded & 1))));
  }
  std::uint32_t word(const std::vector<std::uint32_t>& places) {
    const auto place = number();
    if (place >= places.size()) fail();
    return places[place];
  }
  std::string_view text(std::size_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) fail();
    const std::string_view found(at_, size);
    at_ += size;
    return found;
  }

 private:
  [[noreturn]] static void fail() {
    sitrep::fail(ErrorKind::store, "the packed incidents are damaged; run 'sitrep store check'");
  }
  const char* at_;
  const char* end_;
};

constexpr unsigned k_times = 4;
using Times = std::array<std::int64_t PackedIncident::*, k_times>;
constexpr Times k_time_members = {&PackedIncident::detected, &PackedIncident::acknowledged, &PackedIncident::mitigated,
                                  &PackedIncident::resolved};
constexpr std::array k_word_members = {&PackedIncident::severity, &PackedIncident::kind,    &PackedIncident::status,
                                       &PackedIncident::program,  &PackedIncident::service, &PackedIncident::cause};

/// The words, then the records: key, start, when it was observed, which times it has and what title, those times,
/// words.
std::string encode(const std::vector<PackedIncident>& incidents, const Words& words) {
  std::string out;
  put(out, words.size() - 1);
  for (std::uint32_t i = 1; i < words.size(); ++i) {
    put(out, words[i].size());
    out += words[i];
  }
  std::int64_t key = 0, started = 0;
  for (const auto& of : incidents) {
    put_difference(out, of.key, key);
    put_difference(out, of.started, started);
    put_difference(out, of.observed, of.started);
    unsigned has = static_cast<unsigned>(of.title) << k_times;
    for (unsigned i = 0; i < k_times; ++i) has |= (of.*k_time_members[i] != k_no_time ? 1U : 0U) << i;
    put(out, has);
    for (const auto time : k_time_members)
      if (of.*time != k_no_time) put_difference(out, of.*time, of.started);
    for (const auto word : k_word_members) put(out, of.*word);
    key = of.key;
    started = of.started;
  }
  return out;
}

/// Hands each record on, its words as positions in `words`.
template <class Take>
void decode(std::string_view blob, std::int64_t count, Words& words, std::vector<std::uint32_t>& places,
            const Take& take) {
  Bytes all(blob);
  places.assign(1, 0);
  for (auto n = all.number(); n > 0; --n) places.push_back(words.add(all.text(all.number())));
  PackedIncident of;
  of.started = 0;
  for (; count > 0; --count) {
    auto in = all;  // in registers while nobody else is called
    of.key = in.after(of.key);
    of.started = in.after(of.started);
    of.observed = in.after(of.started);
    const auto has = in.number();
    for (unsigned i = 0; i < k_times; ++i)
      of.*k_time_members[i] = (has >> i & 1U) != 0 ? in.after(of.started) : k_no_time;
    of.title = static_cast<PackedIncident::Title>(has >> k_times & 3U);
    for (const auto word : k_word_members) of.*word = in.word(places);
    all = in;
    take(of);
  }
}

bool is_serious(const Words& words, const PackedIncident& of) {
  return words[of.severity] == "SEV1" || words[of.severity] == "SEV2";
}

/// A span, ready to be written.
struct Span {
  std::int64_t count = 0;
  std::int64_t first = 0, last = 0;  // starts
  std::int64_t over = k_no_time;     // when the last SEV1 or SEV2 of them was resolved; k_never_over: one is not
  std::string facts;
};

Span pack(const std::vector<PackedIncident>& incidents, const Words& words) {
  Span packed;
  packed.count = static_cast<std::int64_t>(incidents.size());
  packed.facts = encode(incidents, words);
  if (incidents.empty()) return packed;
  const auto [first, last] = std::ranges::minmax(incidents, {}, &PackedIncident::started);
  packed.first = first.started;
  packed.last = last.started;
  for (const auto& of : incidents)
    if (is_serious(words, of))
      packed.over = std::max(packed.over, of.resolved == k_no_time ? k_never_over : of.resolved);
  return packed;
}

Span read_span(Statement& rows, std::int64_t span) {
  Words words;
  std::vector<PackedIncident> incidents;
  rows.bind(span * k_pack_keys, (span + 1) * k_pack_keys);
  while (rows.step()) incidents.push_back(row_of(SelectedRow{rows}, words));
  rows.reset();
  return pack(incidents, words);
}

void write(Statement& statement, std::int64_t span, const Span& packed) {
  statement.bind(span, packed.count, packed.first, packed.last, packed.over);
  statement.bind_blob(6, packed.facts);
  statement.run();
}

std::string rows_of_span() {
  return fmt::format(
      "SELECT {} FROM main.incident_current WHERE key >= ?1 AND key < ?2 AND started_at IS NOT NULL ORDER BY key",
      selected_columns());
}

/// Spans of records that have no row, in order.
std::vector<std::int64_t> unpacked(Database& db) {
  std::vector<std::int64_t> missing;
  Statement newest(db, "SELECT max(key) FROM main.incident_current");
  if (!newest.step() || newest.is_null(0)) return missing;
  Statement there(db, "SELECT span FROM main.incident_pack ORDER BY span");
  std::int64_t next = 0;
  const auto skip_to = [&](std::int64_t span) {
    for (; next < span; ++next) missing.push_back(next);
  };
  while (there.step()) {
    skip_to(there.integer(0));
    next = there.integer(0) + 1;
  }
  skip_to(newest.integer(0) / k_pack_keys + 1);
  return missing;
}

bool table_is_there(Database& db) { return !table_columns(db, "incident_pack").empty(); }

}  // namespace

std::uint32_t Words::add(std::string_view word) {
  if (const auto known = places_.find(word); known != places_.end()) return known->second;
  const auto place = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(word);
  places_.emplace(word, place);
  return place;
}

std::optional<std::uint32_t> Words::find(std::string_view word) const {
  const auto known = places_.find(word);
  return known == places_.end() ? std::nullopt : std::optional(known->second);
}

bool matters(const PackedIncident& of, std::int64_t from, const Words& words) {
  if (of.started == k_no_time) return false;
  return of.started >= from || ((of.resolved == k_no_time || of.resolved > from) && is_serious(words, of));
}

void read_incidents(Database& db, std::int64_t from, Earlier earlier, Words& words, const TakeIncident& take) {
  const auto take_it = [&](const PackedIncident& of) {
    if (of.started >= from || (earlier == Earlier::serious && matters(of, from, words))) take(of);
  };
  std::vector<std::uint32_t> places;
  Statement spans(db, fmt::format("SELECT span, records, facts FROM main.incident_pack WHERE last_at >= ?1{} ORDER BY "
                                  "span",
                                  earlier == Earlier::serious ? " OR over_at > ?1" : ""));
  Statement rows(db, rows_of_span());
  const auto missing = unpacked(db);
  auto next = missing.begin();
  const auto read_missing = [&](std::int64_t before) {
    for (; next != missing.end() && *next < before; ++next) {
      rows.bind(*next * k_pack_keys, (*next + 1) * k_pack_keys);
      while (rows.step()) take_it(row_of(SelectedRow{rows}, words));
    }
  };
  spans.bind(from);
  while (spans.step()) {
    read_missing(spans.integer(0));
    decode(spans.blob(2), spans.integer(1), words, places, take_it);
  }
  read_missing(std::numeric_limits<std::int64_t>::max());
}

std::size_t count_incidents(Database& db, std::int64_t from) {
  Statement packed(db, "SELECT coalesce(sum(records), 0) FROM main.incident_pack WHERE last_at >= ?1");
  packed.bind(from).step();
  return static_cast<std::size_t>(packed.integer(0));
}

void read_held_incidents(Database& db, UnixTime as_of, Words& words, const TakeHeldIncident& take) {
  constexpr int k_id = 2 + static_cast<int>(k_packed_columns.size());
  Statement held(db, select_held(selected_columns() + ", p.id, p.source_id", "main.incident_past", "?1"));
  held.bind(as_of);
  while (held.step()) {
    auto of = row_of(SelectedRow{held}, words);
    of.past = true;
    take(of, held.text(k_id), held.integer(k_id + 1));
  }
}

IncidentPacks::IncidentPacks(Database& db, const model::Entity& incident)
    : db_(db),
      take_away_(db, "DELETE FROM main.incident_pack WHERE span = ?1"),
      write_(db,
             "INSERT OR REPLACE INTO main.incident_pack (span, records, first_at, last_at, over_at, facts) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6)") {
  for (const auto column : k_packed_columns) places_.push_back(static_cast<std::size_t>(incident.index_of(column)));
  for (const auto span : unpacked(db)) touched_.insert(span);
}

void IncidentPacks::add(std::int64_t key, const model::RowBatch::Row& row, UnixTime observed_at) {
  const auto span = key / k_pack_keys;
  if (span > newest_) {
    write_open();
    open_ = {};
    open_.span = newest_ = span;
  } else if (span != open_.span) {
    return touch(key);  // records of it are not at hand
  }
  if (open_.written) {  // a commit of another writer must not leave it with a row that lacks records
    take_away_.bind(span).run();
    open_.written = false;
  }
  const RowInHand in_hand{key, row, places_, observed_at};
  if (in_hand.time(0)) open_.incidents.push_back(row_of(in_hand, open_.words));
}

void IncidentPacks::write_open() {
  if (open_.span < 0 || open_.written) return;
  write(write_, open_.span, pack(open_.incidents, open_.words));
  open_.written = true;
}

void IncidentPacks::touch(std::int64_t key) {
  const auto span = key / k_pack_keys;
  if (span == last_) return;
  last_ = span;
  newest_ = std::max(newest_, span);
  if (span == open_.span) open_ = {};  // what it holds is no longer so
  if (touched_.insert(span).second) take_away_.bind(span).run();
}

void IncidentPacks::settle() {
  last_ = -1;
  write_open();
  if (touched_.empty()) return;
  Statement rows(db_, rows_of_span());
  for (const auto span : touched_) write(write_, span, read_span(rows, span));
  touched_.clear();
}

void rebuild_incident_packs(Database& db) {
  db.execute("DELETE FROM main.incident_pack");
  IncidentPacks(db, *model::find_built_in("incident")).settle();
}

void ensure_incident_packs(Database& db) {
  if (!table_is_there(db)) return;  // a migration is under way
  Statement lacking(db,
                    "SELECT 1 WHERE EXISTS (SELECT 1 FROM main.incident_current) AND NOT EXISTS (SELECT 1 FROM "
                    "main.incident_pack)");
  const bool fill = lacking.step();
  lacking.reset();
  if (fill) rebuild_incident_packs(db);
}

std::int64_t count_wrong_packs(Database& db) {
  std::int64_t wrong = 0;
  Statement rows(db, rows_of_span());
  Statement spans(db, "SELECT span, records, first_at, last_at, over_at, facts FROM main.incident_pack");
  while (spans.step()) {
    const auto packed = read_span(rows, spans.integer(0));
    wrong += packed.count != spans.integer(1) || packed.first != spans.integer(2) || packed.last != spans.integer(3) ||
             packed.over != spans.integer(4) || packed.facts != spans.blob(5);
  }
  return wrong;
}

}  // namespace sitrep::store
