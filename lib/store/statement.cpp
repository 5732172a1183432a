#include <sqlite3.h>

#include <new>
#include <unordered_map>

#include "store/database.hpp"

namespace sitrep::store {

/// Compiled statements that nobody uses, by text.
class Database::Kept {
 public:
  ~Kept() {
    for (const auto& [sql, statement] : idle_) sqlite3_finalize(statement);
  }
  sqlite3_stmt* take(const std::string& sql) {
    const auto found = idle_.find(sql);
    return found == idle_.end() ? nullptr : idle_.extract(found).mapped();
  }
  void give_back(sqlite3_stmt* statement) noexcept {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    try {
      idle_.emplace(sqlite3_sql(statement), statement);
    } catch (const std::bad_alloc&) {
      sqlite3_finalize(statement);
    }
  }

 private:
  std::unordered_multimap<std::string, sqlite3_stmt*> idle_;
};

void Database::keep_statements() {
  if (!kept_) kept_ = std::make_shared<Kept>();
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  if (kept)
    kept->give_back(statement);
  else
    sqlite3_finalize(statement);
}

Statement::Statement(Database& db, std::string_view sql) : db_(&db), statement_(nullptr, Finalize{db.kept_}) {
  if (db.kept_) statement_.reset(db.kept_->take(std::string(sql)));
  if (statement_) return;
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &raw, nullptr);
  statement_.reset(raw);
  if (code != SQLITE_OK) fail_sqlite(db.handle(), sql);
}

void Statement::bind_one(int index, std::nullptr_t) {
  if (sqlite3_bind_null(handle(), index) != SQLITE_OK) fail_sqlite(db_->handle(), sqlite3_sql(handle()));
}

void Statement::bind_one(int index, std::int64_t value) {
  if (sqlite3_bind_int64(handle(), index, value) != SQLITE_OK) fail_sqlite(db_->handle(), sqlite3_sql(handle()));
}

void Statement::bind_one(int index, double value) {
  if (sqlite3_bind_double(handle(), index, value) != SQLITE_OK) fail_sqlite(db_->handle(), sqlite3_sql(handle()));
}

void Statement::bind_one(int index, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();  // a null pointer would bind NULL
  if (sqlite3_bind_text64(handle(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK)
    fail_sqlite(db_->handle(), sqlite3_sql(handle()));
}

void Statement::bind_one(int index, const model::Cell& cell) {
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>)
          bind_one(index, nullptr);
        else
          bind_one(index, value);
      },
      cell);
}

void Statement::bind_blob(int index, std::string_view bytes) {
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  if (sqlite3_bind_blob64(handle(), index, data, bytes.size(), SQLITE_STATIC) != SQLITE_OK)
    fail_sqlite(db_->handle(), sqlite3_sql(handle()));
}

int Statement::parameter(const std::string& name) const { return sqlite3_bind_parameter_index(handle(), name.c_str()); }

bool Statement::step() {
  const int code = sqlite3_step(handle());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail_sqlite(db_->handle(), sqlite3_sql(handle()));
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() { sqlite3_reset(handle()); }  // its code repeats the error that step() has thrown already

int Statement::columns() const { return sqlite3_column_count(handle()); }

std::string_view Statement::column_name(int column) const { return sqlite3_column_name(handle(), column); }

bool Statement::is_null(int column) const { return sqlite3_column_type(handle(), column) == SQLITE_NULL; }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle(), column); }

std::optional<std::int64_t> Statement::integer_or_null(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<double> Statement::real(int column) const {
  if (is_null(column)) return std::nullopt;
  return sqlite3_column_double(handle(), column);
}

std::string_view Statement::text(int column) const {
  const auto* data = sqlite3_column_text(handle(), column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle(), column))};
}

std::optional<std::string> Statement::text_or_null(int column) const {
  if (is_null(column)) return std::nullopt;
  return std::string(text(column));
}

std::string_view Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(handle(), column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle(), column))};
}

std::optional<UnixTime> Statement::time_or_null(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

model::Cell Statement::cell(int column) const {
  switch (sqlite3_column_type(handle(), column)) {
    case SQLITE_INTEGER:
      return integer(column);
    case SQLITE_FLOAT:
      return sqlite3_column_double(handle(), column);
    case SQLITE_TEXT:
      return text(column);
    case SQLITE_BLOB:
      return blob(column);
    default:
      return std::monostate{};
  }
}

}  // namespace sitrep::store
