#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "model/rows.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace sitrep::store {

class FixedTime;

enum class Access { read_only, read_write };

/// One SQLite connection. Every return code is checked; an Error{store} carries the SQL and SQLite's words.
///
/// With `now`, SQLite's own clock ('now', CURRENT_TIMESTAMP) stands still at that moment, so that a query gives the
/// same answer on every run.
class Database {
 public:
  /// Opens an existing file. read_only: nothing can be written through it; works in a folder that cannot be written.
  static Database open(const std::filesystem::path& file, Access access, std::optional<UnixTime> now = std::nullopt);
  /// Makes a new, empty file. Error{store} when there is one.
  static Database create(const std::filesystem::path& file);
  static Database memory(std::optional<UnixTime> now = std::nullopt);

  /// Another moment for a clock that stands still.
  void set_now(UnixTime now);
  /// From now on statements that end wait, compiled, for the next one of their text: for connections that are asked the
  /// same again and again.
  void keep_statements();

  void execute(std::string_view sql);  ///< one or more statements without parameters
  std::int64_t changes() const;
  std::int64_t last_insert_rowid() const;
  sqlite3* handle() const { return db_.get(); }

 private:
  friend class Statement;
  class Kept;
  struct Close {
    std::shared_ptr<FixedTime> time;  // must outlive the connection
    void operator()(sqlite3* db) const noexcept;
  };
  Database(sqlite3* db, std::shared_ptr<FixedTime> time);
  static Database open(const std::filesystem::path& file, int flags, std::optional<UnixTime> now);
  std::unique_ptr<sqlite3, Close> db_;
  std::shared_ptr<Kept> kept_;  // goes first
};

/// Throws Error{store} for the last failure on `db`: what it means for the person at the prompt, the SQL, SQLite's
/// words.
[[noreturn]] void fail_sqlite(sqlite3* db, std::string_view sql);

/// An SQL identifier in double quotes.
std::string quote_name(std::string_view name);

/// Earlier than any time.
inline constexpr std::int64_t k_no_time = std::numeric_limits<std::int64_t>::min();

/// A prepared statement. bind() resets first; text is bound by reference and must live until the next reset.
class Statement {
 public:
  Statement(Database& db, std::string_view sql);

  template <class... Args>
  Statement& bind(const Args&... args) {
    reset();
    int index = 0;
    (bind_one(++index, args), ...);
    return *this;
  }
  void bind_one(int index, std::nullptr_t);
  void bind_one(int index, std::int64_t value);
  void bind_one(int index, int value) { bind_one(index, std::int64_t{value}); }
  void bind_one(int index, double value);
  void bind_one(int index, std::string_view text);
  void bind_one(int index, const char* text) { bind_one(index, std::string_view(text)); }
  void bind_one(int index, const std::string& text) { bind_one(index, std::string_view(text)); }
  void bind_one(int index, UnixTime t) { bind_one(index, unix_seconds(t)); }
  void bind_one(int index, const model::Cell& cell);
  void bind_blob(int index, std::string_view bytes);
  template <class T>
  void bind_one(int index, const std::optional<T>& value) {
    if (value)
      bind_one(index, *value);
    else
      bind_one(index, nullptr);
  }
  /// The index of ":name"; 0 when the statement has no such parameter.
  int parameter(const std::string& name) const;

  bool step();  ///< true while a row is there
  void run();   ///< steps to the end and resets
  void reset();

  int columns() const;
  std::string_view column_name(int column) const;
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::optional<std::int64_t> integer_or_null(int column) const;
  std::optional<double> real(int column) const;
  std::string_view text(int column) const;  ///< view until the next step; "" for NULL
  std::optional<std::string> text_or_null(int column) const;
  std::string_view blob(int column) const;
  UnixTime time(int column) const { return unix_time(integer(column)); }
  std::optional<UnixTime> time_or_null(int column) const;
  /// A time as Unix seconds where millions are held: k_no_time for NULL.
  std::int64_t seconds(int column) const { return is_null(column) ? k_no_time : integer(column); }
  model::Cell cell(int column) const;  ///< text is a view until the next step
  sqlite3_stmt* handle() const { return statement_.get(); }

 private:
  struct Finalize {
    std::shared_ptr<Database::Kept> kept;
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  Database* db_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// BEGIN IMMEDIATE; rolls back unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(Database& db);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& db_;
  bool open_ = true;
};

}  // namespace sitrep::store
