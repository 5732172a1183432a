#include "store/query.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "store/functions.hpp"
#include "store/heap.hpp"
#include "store/incident_counts.hpp"
#include "store/query_guard.hpp"
#include "store/views.hpp"

namespace sitrep::store {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<std::string> file_tables(Database& db) {
  Statement statement(db, "SELECT name FROM main.sqlite_schema WHERE type = 'table'");
  std::vector<std::string> names;
  while (statement.step()) names.emplace_back(statement.text(0));
  return names;
}

/// Line and column of a byte.
std::string place(std::string_view sql, int offset) {
  if (offset < 0) return "";
  const auto before = sql.substr(0, static_cast<std::size_t>(offset));
  const auto line = 1 + std::ranges::count(before, '\n');
  const auto last = before.rfind('\n');
  return fmt::format(":{}:{}", line, before.size() - (last == std::string_view::npos ? 0 : last + 1) + 1);
}

[[noreturn]] void fail_refused(std::string_view what) {
  fail(ErrorKind::user_code,
       "query: {} is not allowed; a query only reads the documented views, such as incident and sync_run",
       visible(what));
}

}  // namespace

struct QueryBox::State {
  std::optional<Database> own;  // a file has a connection of its own; a store in memory lends its only one
  Database& db;
  QueryLimits limits;
  std::vector<std::string> views;
  QueryGuard guard;
  Clock::time_point deadline;
  bool timed_out = false;
  std::unordered_map<std::string, sqlite3_stmt*> idle;  // by text; null while a query has it

  State(Store& store, QueryLimits chosen)
      : own(open(store)),
        db(own ? *own : store.db()),
        limits(chosen),
        views(view_names(store.entities())),
        guard(views, file_tables(db)) {
    if (own) {
      own->execute("PRAGMA query_only = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096");
      set_up_reading(*own, store.entities(), store.options().calendar, store.present());
      own->execute("PRAGMA query_only = 1; PRAGMA trusted_schema = 0");
      // Beyond these a query is a mistake; the time limit cannot stop one that is still being parsed.
      sqlite3_limit(own->handle(), SQLITE_LIMIT_LENGTH, 64 << 20);
      sqlite3_limit(own->handle(), SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
      sqlite3_limit(own->handle(), SQLITE_LIMIT_EXPR_DEPTH, 200);
      sqlite3_limit(own->handle(), SQLITE_LIMIT_COMPOUND_SELECT, 100);
      sqlite3_limit(own->handle(), SQLITE_LIMIT_VDBE_OP, 1'000'000);
      sqlite3_limit(own->handle(), SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
      sqlite3_limit(own->handle(), SQLITE_LIMIT_ATTACHED, 0);
    }
    // Connects them, which the guard would refuse.
    db.execute("SELECT 1 FROM json_each('[]'), json_tree('[]'), incident_counts(NULL, NULL)");
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { drop_idle(); }

  /// A statement that an earlier query of this text left behind; null when there is none. Compiling one over the views
  /// takes longer than most answers.
  sqlite3_stmt* take_idle(const std::string& sql) {
    const auto found = idle.find(sql);
    return found == idle.end() ? nullptr : std::exchange(found->second, nullptr);
  }

  /// Keeps a statement for the next query of its text. A lent connection keeps none: its guard is not always there.
  void give_back(const std::string& sql, sqlite3_stmt* statement) {
    constexpr std::size_t k_most = 200;
    const bool sound = sqlite3_reset(statement) == SQLITE_OK && sqlite3_clear_bindings(statement) == SQLITE_OK;
    if (own && sound && idle.size() >= k_most) drop_idle();
    if (own && sound && !idle[sql])
      idle[sql] = statement;
    else
      sqlite3_finalize(statement);
  }

  void drop_idle() {
    for (const auto& [sql, statement] : idle) sqlite3_finalize(statement);
    idle.clear();
  }

  static std::optional<Database> open(Store& store) {
    if (store.file().empty()) return std::nullopt;
    return Database::open(store.file(), Access::read_only, store.options().now);
  }

  /// While it lives the limits hold. What SQLite takes meanwhile is taken from `left`: the time in which somebody reads
  /// the rows is not the query's.
  struct Watched {
    State& box;
    Clock::duration& left;
    HeapLimit heap;
    Watched(State& state, Clock::duration& time_left) : box(state), left(time_left), heap(state.limits.memory_bytes) {
      box.deadline = Clock::now() + left;
      sqlite3_progress_handler(box.db.handle(), 10'000, &State::is_late, &box);
    }
    ~Watched() {
      sqlite3_progress_handler(box.db.handle(), 0, nullptr, nullptr);
      left = box.deadline - Clock::now();
    }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;
  };

  /// While it lives the guard is asked. Our own connection keeps it, for when SQLite compiles a statement again; a lent
  /// one goes back as it was.
  struct Guarded {
    State& box;
    explicit Guarded(State& state) : box(state) {
      sqlite3_set_authorizer(box.db.handle(), &QueryGuard::authorize, &box.guard);
    }
    ~Guarded() {
      if (!box.own) sqlite3_set_authorizer(box.db.handle(), nullptr, nullptr);
    }
    Guarded(const Guarded&) = delete;
    Guarded& operator=(const Guarded&) = delete;
  };

  /// The first statement of `sql`, which moves behind it; null when there is none.
  sqlite3_stmt* compile(std::string_view& sql) {
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    if (sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()), 0, &statement, &tail) != SQLITE_OK)
      fail_query(sql);
    sql.remove_prefix(static_cast<std::size_t>(tail - sql.data()));
    return statement;
  }

  /// Nothing but blanks and comments.
  bool is_blank(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()), 0, &statement, nullptr);
    sqlite3_finalize(statement);
    return code == SQLITE_OK && statement == nullptr;
  }

  bool is_stopped() const { return limits.stopped != nullptr && *limits.stopped; }

  static int is_late(void* self) {
    auto& state = *static_cast<State*>(self);
    state.timed_out = Clock::now() >= state.deadline;
    return state.timed_out || state.is_stopped() ? 1 : 0;
  }

  [[noreturn]] void fail_query(std::string_view sql) {
    const int code = sqlite3_errcode(db.handle()) & 0xff;
    const std::string words = sqlite3_errmsg(db.handle());
    if (timed_out)
      fail(ErrorKind::user_code, "query: stopped after {} s; narrow it down",
           format_real(static_cast<double>(limits.time.count()) / 1000));
    if (code == SQLITE_INTERRUPT && is_stopped()) fail(ErrorKind::user_code, "query: stopped");
    if (!guard.refused().empty()) fail_refused(guard.refused());
    switch (code) {
      case SQLITE_NOMEM:
        fail(ErrorKind::user_code, "query: needs more than {} MB of memory; narrow it down", limits.memory_bytes >> 20);
      case SQLITE_TOOBIG:
        fail(ErrorKind::user_code, "query: a value is longer than 64 MB ({})", words);
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
      case SQLITE_IOERR:
      case SQLITE_BUSY:
      case SQLITE_CANTOPEN:
        fail_sqlite(db.handle(), sql);
      default:
        break;
    }
    const int offset = sqlite3_error_offset(db.handle());
    fail(ErrorKind::user_code, "query{}: {}{}", place(sql, offset), visible(words), suggestion(words));
  }

  std::string suggestion(const std::string& words) const {
    constexpr std::string_view k_no_table = "no such table: ";
    if (!words.starts_with(k_no_table)) return "";
    const std::vector<std::string_view> names(views.begin(), views.end());
    return did_you_mean(std::string_view(words).substr(k_no_table.size()), names);
  }
};

struct Query::State {
  QueryBox::State& box;
  std::string sql;
  sqlite3_stmt* statement = nullptr;
  bool allowed = false;  ///< it passed the guard, and so may run again
  Clock::duration left;  ///< of its time
  std::string hex;
  State(QueryBox::State& owner, std::string text) : box(owner), sql(std::move(text)), left(owner.limits.time) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (allowed)
      box.give_back(sql, statement);
    else
      sqlite3_finalize(statement);
  }
};

QueryBox::QueryBox(Store& store, QueryLimits limits) : state_(std::make_unique<State>(store, limits)) {}
QueryBox::~QueryBox() = default;

namespace {

/// A value as people type it: 42 and 0.5 are numbers; 007 and 1e3 stay text, since an id may look like that.
void bind_text_value(sqlite3_stmt* statement, int index, const std::string& text) {
  if (const auto integer = parse_integer(text); integer && std::to_string(*integer) == text)
    sqlite3_bind_int64(statement, index, *integer);
  else if (const auto real = parse_real(text); real && format_real(*real) == text)
    sqlite3_bind_double(statement, index, *real);
  else
    sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void bind_value(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    sqlite3_bind_int64(statement, index, *integer);
  else if (const auto* real = std::get_if<double>(&value))
    sqlite3_bind_double(statement, index, *real);
  else if (const auto* text = std::get_if<std::string>(&value))
    sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  else
    sqlite3_bind_null(statement, index);
}

void bind_parameters(sqlite3_stmt* statement, std::span<const QueryParameter> parameters) {
  const int count = sqlite3_bind_parameter_count(statement);
  std::vector<bool> used(parameters.size());
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement, i);
    if (name == nullptr)
      fail(ErrorKind::user_code, "query: write a parameter as :name; '?' has no name to give a value to");
    bool bound = false;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      if (parameters[p].name != name + 1) continue;
      if (parameters[p].value)
        bind_value(statement, i, *parameters[p].value);
      else
        bind_text_value(statement, i, parameters[p].text);
      used[p] = bound = true;
    }
    const auto with_mark = std::ranges::find(parameters, std::string_view(name), &QueryParameter::name);
    if (with_mark != parameters.end())
      fail(ErrorKind::user_code, "query: --param gives '{}'; write the name without its mark: {}=VALUE", name,
           name + 1);
    if (!bound) fail(ErrorKind::user_code, "query: {} has no value; give it with --param {}=VALUE", name, name + 1);
  }
  for (std::size_t p = 0; p < parameters.size(); ++p)
    if (!used[p]) fail(ErrorKind::user_code, "query: there is no parameter :{} in it", visible(parameters[p].name));
}

}  // namespace

Query QueryBox::prepare(std::string_view sql, std::span<const QueryParameter> parameters) {
  auto& box = *state_;
  box.guard.clear();
  box.timed_out = false;
  auto again = std::make_unique<Query::State>(box, std::string(sql));
  again->statement = box.take_idle(again->sql);
  if (again->statement != nullptr) {
    again->allowed = true;
    bind_parameters(again->statement, parameters);
    return Query(std::move(again));
  }
  if (sql.find('\0') != std::string_view::npos) fail(ErrorKind::user_code, "query: has a NUL byte in it");
  if (const auto what = box.guard.forbidden(sql); !what.empty()) fail_refused(what);

  auto query = std::move(again);
  {
    const QueryBox::State::Watched watched(box, query->left);
    const QueryBox::State::Guarded guarded(box);
    std::string_view rest = query->sql;
    query->statement = box.compile(rest);
    if (query->statement == nullptr) fail(ErrorKind::user_code, "query: there is no statement in it");
    if (sqlite3_stmt_readonly(query->statement) == 0)
      fail(ErrorKind::user_code, "query: this statement writes and is not allowed; a query only reads");
    if (!box.is_blank(rest)) fail(ErrorKind::user_code, "query: a second statement is not allowed; run one at a time");
  }
  query->allowed = true;
  bind_parameters(query->statement, parameters);
  return Query(std::move(query));
}

Query::Query(std::unique_ptr<State> state) : state_(std::move(state)) {}
Query::Query(Query&&) noexcept = default;
Query::~Query() = default;

int Query::columns() const { return sqlite3_column_count(state_->statement); }

std::string Query::column_name(int column) const {
  const char* name = sqlite3_column_name(state_->statement, column);
  return name == nullptr ? "" : name;
}

bool Query::step() {
  auto& box = state_->box;
  int code = SQLITE_OK;
  {
    const QueryBox::State::Watched watched(box, state_->left);
    code = sqlite3_step(state_->statement);
  }
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  box.fail_query(state_->sql);
}

model::Cell Query::cell(int column) const {
  auto* statement = state_->statement;
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
      return std::monostate{};
    default:
      break;
  }
  const auto bytes = [&](const void* data) {
    return std::string_view(data == nullptr ? "" : static_cast<const char*>(data),
                            data == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
  };
  if (sqlite3_column_type(statement, column) == SQLITE_TEXT) return bytes(sqlite3_column_text(statement, column));
  state_->hex.clear();
  for (const char c : bytes(sqlite3_column_blob(statement, column)))
    state_->hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return std::string_view(state_->hex);
}

}  // namespace sitrep::store
