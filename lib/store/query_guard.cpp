#include "store/query_guard.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.hpp"

namespace sitrep::store {
namespace {

// Deterministic functions without effect. Not in it: random(), randomblob(), load_extension() and what tells of the
// connection (changes(), last_insert_rowid(), sqlite_compileoption_get() …).
constexpr auto k_functions = std::to_array<std::string_view>({"->",
                                                              "->>",
                                                              "abs",
                                                              "acos",
                                                              "acosh",
                                                              "asin",
                                                              "asinh",
                                                              "atan",
                                                              "atan2",
                                                              "atanh",
                                                              "avg",
                                                              "ceil",
                                                              "ceiling",
                                                              "char",
                                                              "coalesce",
                                                              "cos",
                                                              "cosh",
                                                              "count",
                                                              "cume_dist",
                                                              "current_date",
                                                              "current_time",
                                                              "current_timestamp",
                                                              "date",
                                                              "datetime",
                                                              "day",
                                                              "degrees",
                                                              "dense_rank",
                                                              "duration",
                                                              "exp",
                                                              "first_value",
                                                              "floor",
                                                              "format",
                                                              "glob",
                                                              "group_concat",
                                                              "hex",
                                                              "ifnull",
                                                              "iif",
                                                              "instr",
                                                              "iso",
                                                              "json",
                                                              "json_array",
                                                              "json_array_length",
                                                              "json_extract",
                                                              "json_group_array",
                                                              "json_group_object",
                                                              "json_insert",
                                                              "json_object",
                                                              "json_patch",
                                                              "json_quote",
                                                              "json_remove",
                                                              "json_replace",
                                                              "json_set",
                                                              "json_type",
                                                              "json_valid",
                                                              "julianday",
                                                              "known_until",
                                                              "lag",
                                                              "last_value",
                                                              "lead",
                                                              "length",
                                                              "like",
                                                              "likelihood",
                                                              "likely",
                                                              "ln",
                                                              "local",
                                                              "log",
                                                              "log10",
                                                              "log2",
                                                              "lower",
                                                              "ltrim",
                                                              "max",
                                                              "median",
                                                              "min",
                                                              "mod",
                                                              "month",
                                                              "nth_value",
                                                              "ntile",
                                                              "nullif",
                                                              "percent_rank",
                                                              "percentile",
                                                              "pi",
                                                              "pow",
                                                              "power",
                                                              "printf",
                                                              "quote",
                                                              "radians",
                                                              "rank",
                                                              "replace",
                                                              "round",
                                                              "row_number",
                                                              "rtrim",
                                                              "sign",
                                                              "sin",
                                                              "sinh",
                                                              "soundex",
                                                              "sqrt",
                                                              "strftime",
                                                              "substr",
                                                              "substring",
                                                              "sum",
                                                              "tan",
                                                              "tanh",
                                                              "time",
                                                              "total",
                                                              "trim",
                                                              "trunc",
                                                              "ts",
                                                              "typeof",
                                                              "unicode",
                                                              "unixepoch",
                                                              "unlikely",
                                                              "upper",
                                                              "week",
                                                              "zeroblob"});
static_assert(std::ranges::is_sorted(k_functions));

// SQLite asks the authorizer about its own tables before it says what such a statement is, or does not ask at all.
constexpr auto k_writing = std::to_array<std::string_view>(
    {"ALTER", "ANALYZE", "CREATE", "DELETE", "DROP", "INSERT", "REINDEX", "REPLACE", "UPDATE", "VACUUM"});

constexpr auto k_table_functions = std::to_array<std::string_view>({"incident_counts", "json_each", "json_tree"});

std::string describe(int action, std::string_view a, std::string_view b) {
  switch (action) {
    case SQLITE_ATTACH:
      return "ATTACH";
    case SQLITE_DETACH:
      return "DETACH";
    case SQLITE_PRAGMA:
      return fmt::format("PRAGMA {}", a);
    case SQLITE_INSERT:
      return fmt::format("INSERT into {}", a);
    case SQLITE_UPDATE:
      return fmt::format("UPDATE of {}", a);
    case SQLITE_DELETE:
      return fmt::format("DELETE from {}", a);
    case SQLITE_TRANSACTION:
      return fmt::format("{}", a);
    case SQLITE_SAVEPOINT:
      return "SAVEPOINT";
    case SQLITE_FUNCTION:
      return fmt::format("function {}()", b);
    case SQLITE_READ:
      return fmt::format("reading {}", a);
    default:
      return "this statement";
  }
}

bool is_name_byte(char c) {
  const auto u = static_cast<unsigned char>(c);
  return std::isalnum(u) != 0 || c == '_' || c == '$' || u >= 0x80;
}

/// Behind blanks and comments.
std::string_view skip_blank(std::string_view sql) {
  while (!sql.empty()) {
    if (sql.starts_with("--")) {
      sql.remove_prefix(std::min(sql.find('\n'), sql.size()));
    } else if (sql.starts_with("/*")) {
      const auto end = sql.find("*/", 2);
      sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + 2);
    } else if (std::isspace(static_cast<unsigned char>(sql.front())) != 0) {
      sql.remove_prefix(1);
    } else {
      break;
    }
  }
  return sql;
}

/// The next token that may be a name, without its quotes, in lower case; `sql` moves behind it. Empty at the end.
/// String literals count: SQLite takes them for names where a name is expected, which is never behind an operator.
std::string next_name(std::string_view& sql) {
  char before = ' ';
  for (sql = skip_blank(sql); !sql.empty(); sql = skip_blank(sql)) {
    const char c = sql.front();
    const bool is_text = c == '\'' && std::string_view("=<>|").find(before) != std::string_view::npos;
    before = c;
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
      const char close = c == '[' ? ']' : c;
      std::string name;
      std::size_t i = 1;
      for (; i < sql.size(); ++i) {
        if (sql[i] == close) {
          if (c == '[' || i + 1 >= sql.size() || sql[i + 1] != close) break;
          ++i;
        }
        name += sql[i];
      }
      sql.remove_prefix(std::min(i + 1, sql.size()));
      if (!name.empty() && !is_text) return lower_ascii(name);
    } else if (is_name_byte(c)) {
      std::size_t end = 1;
      while (end < sql.size() && is_name_byte(sql[end])) ++end;
      const auto name = sql.substr(0, end);
      sql.remove_prefix(end);
      return lower_ascii(name);
    } else {
      sql.remove_prefix(1);
    }
  }
  return {};
}

thread_local int passes = 0;

}  // namespace

QueryGuard::Trusted::Trusted() { ++passes; }
QueryGuard::Trusted::~Trusted() { --passes; }

QueryGuard::QueryGuard(std::vector<std::string> views, std::vector<std::string> tables) {
  for (const auto& view : views) views_.insert(lower_ascii(view));
  for (const auto& table : tables) tables_.insert(lower_ascii(table));
}

std::string QueryGuard::forbidden(std::string_view sql) const {
  auto name = next_name(sql);
  for (const auto word : k_writing)
    if (lower_ascii(word) == name) return std::string(word);
  for (; !name.empty(); name = next_name(sql)) {
    // The file's own views, which show the present; SQLite does not tell the authorizer of a count(*) over one.
    if (name == "main" && skip_blank(sql).starts_with('.')) return "reading main.";
    if (tables_.contains(name) || name == "dbstat") return "reading " + name;
  }
  return {};
}

bool QueryGuard::allows_read(std::string_view table, std::string_view column, std::string_view database,
                             std::string_view inside) const {
  const auto name = lower_ascii(table);
  if (tables_.contains(name)) return database != "temp" && (column.empty() || views_.contains(lower_ascii(inside)));
  if (views_.contains(name)) return database != "main";  // the file's own view of that name shows the present
  if (std::ranges::find(k_table_functions, name) != k_table_functions.end()) return true;
  // A common table expression or subquery of which no column is used: all that is told of it is that it is there.
  return column.empty() && database.empty() && !name.starts_with("sqlite_") && !name.starts_with("pragma_") &&
         name != "dbstat" && name != "sqlite_stmt";
}

int QueryGuard::authorize(void* self, int action, const char* a, const char* b, const char* database,
                          const char* inside) {
  if (passes > 0) return SQLITE_OK;
  auto& guard = *static_cast<QueryGuard*>(self);
  const auto view = [](const char* text) { return std::string_view(text == nullptr ? "" : text); };
  bool allowed = false;
  try {
    if (action == SQLITE_SELECT || action == SQLITE_RECURSIVE)
      allowed = true;
    else if (action == SQLITE_READ)
      allowed = guard.allows_read(view(a), view(b), view(database), view(inside));
    else if (action == SQLITE_FUNCTION)
      allowed = std::ranges::binary_search(k_functions, lower_ascii(view(b)));
    // Through a view of the file that is none of the documented ones: that is the name the SQL has.
    const bool through = action == SQLITE_READ && !view(inside).empty() && guard.tables_.contains(lower_ascii(view(a)));
    if (!allowed && guard.refused_.empty())
      guard.refused_ = through ? fmt::format("reading {}", view(inside)) : describe(action, view(a), view(b));
  } catch (const std::bad_alloc&) {
    allowed = false;
  }
  return allowed ? SQLITE_OK : SQLITE_DENY;
}

}  // namespace sitrep::store
