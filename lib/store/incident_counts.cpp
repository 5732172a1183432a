#include "store/incident_counts.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "store/incident_pack.hpp"
#include "store/query_guard.hpp"

namespace sitrep::store {
namespace {

enum Column { k_week, k_program, k_service, k_severity, k_kind, k_n, k_from, k_to, k_by };
constexpr std::array<std::string_view, 5> k_groups = {"week", "program", "service", "severity", "kind"};
constexpr unsigned k_all = (1U << k_groups.size()) - 1;
constexpr const char* k_declaration =
    "CREATE TABLE t(week TEXT, program TEXT, service TEXT, severity TEXT, kind TEXT, n INTEGER, \"from\" HIDDEN, "
    "\"to\" HIDDEN, \"by\" HIDDEN)";

struct Source {
  Database& db;
  Calendar calendar;
  std::shared_ptr<const Present> present;
};

struct Table : sqlite3_vtab {
  Source* source = nullptr;
};

struct Group {
  std::array<std::uint32_t, 5> of{};  // a week, then words, in the order of the columns
  std::int64_t n = 0;
};

struct HashOf {
  std::size_t operator()(const std::array<std::uint32_t, 5>& of) const {
    std::uint64_t hash = 0;
    for (const auto part : of) hash = (hash ^ part) * 0x9e3779b97f4a7c15U;
    return hash ^ hash >> 32;
  }
};

/// The answer to one look, all of it counted before its first row.
struct Cursor : sqlite3_vtab_cursor {
  std::vector<std::string> weeks;
  Words words;
  std::vector<Group> groups;
  std::size_t at = 0;
};

/// `asked`: a bit for each column that makes groups; the others are NULL.
void count(const Source& source, std::int64_t from, std::int64_t to, unsigned asked, Cursor& cursor) {
  const auto is_asked = [&](Column column) { return (asked >> column & 1U) != 0; };
  std::unordered_map<std::array<std::uint32_t, 5>, std::size_t, HashOf> places;
  std::vector<Interval> spans;  // of the weeks
  std::size_t week = 0;
  const auto week_of = [&](UnixTime at) {
    if (!is_writable(at)) fail(ErrorKind::data, "an incident started outside the years 0001 to 9999");
    if (week < spans.size() && spans[week].contains(at)) return;
    for (week = 0; week < spans.size() && !spans[week].contains(at);) ++week;
    if (week < spans.size()) return;
    spans.push_back(period_of(at, PeriodLength::week, source.calendar));
    cursor.weeks.push_back(format_date(source.calendar.zone.date_of(spans.back().from)));
  };
  const auto as_of = source.present->as_of;
  const auto take = [&](const PackedIncident& incident) {
    if (incident.started == k_no_time || incident.started < from || incident.started >= to) return;
    if (as_of && incident.observed > unix_seconds(*as_of)) return;
    if (is_asked(k_week)) week_of(unix_time(incident.started));
    const std::array of{static_cast<std::uint32_t>(week), is_asked(k_program) ? incident.program : 0,
                        is_asked(k_service) ? incident.service : 0, is_asked(k_severity) ? incident.severity : 0,
                        is_asked(k_kind) ? incident.kind : 0};
    const auto [place, fresh] = places.try_emplace(of, cursor.groups.size());
    if (fresh) cursor.groups.push_back({of, 0});
    ++cursor.groups[place->second].n;
  };
  const QueryGuard::Trusted ours;
  read_incidents(source.db, from, Earlier::none, cursor.words, take);
  if (as_of) read_held_incidents(source.db, *as_of, cursor.words, [&](const auto& of, auto, auto) { take(of); });
}

int fail_with(sqlite3_vtab* table, const char* words) {
  sqlite3_free(table->zErrMsg);
  table->zErrMsg = sqlite3_mprintf("incident_counts: %s", words);
  return SQLITE_ERROR;
}

/// The columns of "week severity", a bit for each. Error{user_code}.
unsigned columns_of(std::string_view by) {
  unsigned asked = 0;
  for (const auto name : split_views(by, ' ')) {
    if (name.empty()) continue;
    const auto at = std::ranges::find(k_groups, name);
    if (at == k_groups.end())
      fail(ErrorKind::user_code, "'{}' is none of week, program, service, severity, kind", visible(name));
    asked |= 1U << (at - k_groups.begin());
  }
  return asked;
}

int connect(sqlite3* db, void* source, int, const char* const*, sqlite3_vtab** made, char**) {
  const int code = sqlite3_declare_vtab(db, k_declaration);
  if (code != SQLITE_OK) return code;
  sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
  auto* table = new (std::nothrow) Table;
  if (table == nullptr) return SQLITE_NOMEM;
  table->source = static_cast<Source*>(source);
  *made = table;
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete static_cast<Table*>(table);
  return SQLITE_OK;
}

int best_index(sqlite3_vtab* table, sqlite3_index_info* info) {
  std::array<int, 3> bounds{-1, -1, -1};
  for (int i = 0; i < info->nConstraint; ++i) {
    const auto& constraint = info->aConstraint[i];
    if (constraint.iColumn < k_from || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    if (constraint.usable == 0) return SQLITE_CONSTRAINT;
    bounds[static_cast<std::size_t>(constraint.iColumn - k_from)] = i;
  }
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (bounds[i] < 0 && i + k_from == k_by) continue;
    if (bounds[i] < 0) return fail_with(table, "write incident_counts(from, to), two times in Unix seconds");
    auto& usage = info->aConstraintUsage[bounds[i]];
    usage.argvIndex = static_cast<int>(i) + 1;
    usage.omit = 1;
  }
  info->estimatedCost = 100'000;
  info->estimatedRows = 10'000;
  return SQLITE_OK;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
  *made = new (std::nothrow) Cursor;
  return *made == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
  delete static_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* base, int, const char*, int given, sqlite3_value** bounds) {
  auto& cursor = *static_cast<Cursor*>(base);
  cursor.weeks.clear();
  cursor.words = Words();
  cursor.groups.clear();
  cursor.at = 0;
  const auto type = [&](int i) { return sqlite3_value_type(bounds[i]); };
  for (const int i : {0, 1})
    if (type(i) == SQLITE_TEXT || type(i) == SQLITE_BLOB)
      return fail_with(base->pVtab, "a time is not a number of seconds; ts() makes one from text");
  if (type(0) == SQLITE_NULL || type(1) == SQLITE_NULL) return SQLITE_OK;
  try {
    const auto* by = given > 2 ? reinterpret_cast<const char*>(sqlite3_value_text(bounds[2])) : nullptr;
    count(*static_cast<Table*>(base->pVtab)->source, sqlite3_value_int64(bounds[0]), sqlite3_value_int64(bounds[1]),
          by == nullptr ? k_all : columns_of(by), cursor);
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  } catch (const std::exception& e) {
    return fail_with(base->pVtab, e.what());
  }
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* base) {
  ++static_cast<Cursor*>(base)->at;
  return SQLITE_OK;
}

int eof(sqlite3_vtab_cursor* base) {
  const auto& cursor = *static_cast<Cursor*>(base);
  return cursor.at >= cursor.groups.size() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
  const auto& cursor = *static_cast<Cursor*>(base);
  const auto& group = cursor.groups[cursor.at];
  if (column == k_n) {
    sqlite3_result_int64(context, group.n);
    return SQLITE_OK;
  }
  if (column > k_n) return SQLITE_OK;  // the bounds: NULL
  const auto of = group.of[static_cast<std::size_t>(column)];
  if (column != k_week && of == 0) return SQLITE_OK;
  const std::string_view text = column == k_week ? std::string_view(cursor.weeks[of]) : cursor.words[of];
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return SQLITE_OK;
}

int rowid(sqlite3_vtab_cursor* base, sqlite3_int64* id) {
  *id = static_cast<sqlite3_int64>(static_cast<Cursor*>(base)->at);
  return SQLITE_OK;
}

/// Without xCreate it is a function of FROM and no more.
sqlite3_module make_module() {
  sqlite3_module module{};
  module.xConnect = connect;
  module.xBestIndex = best_index;
  module.xDisconnect = disconnect;
  module.xOpen = open;
  module.xClose = close;
  module.xFilter = filter;
  module.xNext = next;
  module.xEof = eof;
  module.xColumn = column;
  module.xRowid = rowid;
  return module;
}

}  // namespace

void register_incident_counts(Database& db, const std::shared_ptr<const Present>& present, const Calendar& calendar) {
  static const sqlite3_module k_module = make_module();
  const auto destroy = [](void* source) { delete static_cast<Source*>(source); };
  // SQLite owns the source from here, also when the registration fails.
  if (sqlite3_create_module_v2(db.handle(), "incident_counts", &k_module, new Source{db, calendar, present}, destroy) !=
      SQLITE_OK)
    fail_sqlite(db.handle(), "incident_counts");
}

}  // namespace sitrep::store
