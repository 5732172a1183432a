#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"
#include "store/value.hpp"

namespace sitrep::store {

struct QueryLimits {
  std::chrono::milliseconds time{30'000};             ///< that SQLite takes for one query
  std::int64_t memory_bytes = std::int64_t{1} << 30;  ///< beyond what SQLite holds already
  const std::atomic<bool>* stopped = nullptr;         ///< borrowed; true ends the query soon
};

/// ":name" of a query and its value as text. What looks like a number, written as numbers are, is bound as one.
struct QueryParameter {
  std::string name;
  std::string text;
  std::optional<Value> value = {};  ///< bound as it is, in place of the text: templates know their types
};

class QueryBox;

/// A running query of a user. Rows come one at a time, in constant memory. Error{user_code} when a limit stops it.
class Query {
 public:
  Query(Query&&) noexcept;
  ~Query();
  int columns() const;
  std::string column_name(int column) const;
  bool step();                         ///< true while a row is there
  model::Cell cell(int column) const;  ///< text is a view until the next step; a BLOB reads as its hex

 private:
  friend class QueryBox;
  struct State;
  explicit Query(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Where SQL written by users runs: a connection of its own that can only read, behind an authorizer that allows the
/// documented views and a list of functions, as of what the store shows. SQLite's clock is the store's now, and random
/// functions are refused, so that the same store gives the same answer.
class QueryBox {
 public:
  explicit QueryBox(Store& store, QueryLimits limits = {});
  ~QueryBox();
  QueryBox(const QueryBox&) = delete;
  QueryBox& operator=(const QueryBox&) = delete;

  /// One statement. Error{user_code}: not SQL (with its place), not allowed (with the name of what is not), a second
  /// statement, a parameter without value or a value without parameter. The query must go before the box does.
  Query prepare(std::string_view sql, std::span<const QueryParameter> parameters = {});

 private:
  friend class Query;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sitrep::store
