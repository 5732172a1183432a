#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace sitrep::json {

enum class Kind { null, boolean, integer, unsigned_integer, real, string, array, object };

enum class KeyOrder {
  document,
  sorted,  ///< by bytes: values that differ in the order of keys only give the same text
};

struct Member;

/// One value of a parsed document. A view: valid while its Document lives and is not parsed into again. Cheap to copy.
class Value {
 public:
  Kind kind() const;
  bool is_null() const { return kind() == Kind::null; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }
  bool is_string() const { return kind() == Kind::string; }

  /// The value if it is of that kind (real() takes integers too); nullopt otherwise, never a conversion of text.
  std::optional<bool> boolean() const;
  std::optional<std::int64_t> integer() const;  ///< nullopt beyond int64: see unsigned_integer()
  std::optional<std::uint64_t> unsigned_integer() const;
  std::optional<double> real() const;
  std::optional<std::string_view> string() const;  ///< unescaped, valid UTF-8, may hold U+0000

  /// Elements of an array or members of an object; 0 for scalars.
  std::size_t size() const;
  /// The member of that name. nullopt when absent or not an object.
  std::optional<Value> get(std::string_view key) const;
  /// The element at an index; nullopt outside or not an array.
  std::optional<Value> at(std::size_t index) const;

  /// Iterates an array (key empty) or an object in document order, without allocating: for (Member m :
  /// value.members()).
  class Members;
  Members members() const;

  /// Compact JSON text of this value.
  std::string to_json() const;
  void append_json(std::string& out, KeyOrder order = KeyOrder::document) const;
  /// How people read a scalar: text bare, numbers and booleans as JSON, null as "".
  std::string to_text() const;
  /// to_text() == text, without making the text where that is possible.
  bool reads_as(std::string_view text) const;

 private:
  friend struct ValueAccess;
  using Raw = std::array<std::uint64_t, 2>;  // simdjson::dom::element, kept out of this header for compile time
  explicit Value(Raw raw) : raw_(raw) {}
  Raw raw_;
};

struct Member {
  std::string_view key;
  Value value;
};

class Value::Members {
 public:
  class Iterator {
   public:
    Member operator*() const;
    Iterator& operator++();
    bool operator!=(const Iterator& other) const { return position_[1] != other.position_[1]; }

   private:
    friend class Members;
    Raw position_{};
    bool keyed_ = false;
  };
  Iterator begin() const;
  Iterator end() const;

 private:
  friend class Value;
  explicit Members(Raw raw) : raw_(raw) {}
  Raw raw_;
};

/// Where and why a text is not JSON. `line` and `column` count from 1; column in bytes.
class SyntaxError : public Error {
 public:
  SyntaxError(std::size_t line, std::size_t column, const std::string& reason);
  std::size_t line() const { return line_; }
  std::size_t column() const { return column_; }

 private:
  std::size_t line_, column_;
};

/// Counted while parsing; part of a sync's report.
struct ParseNotes {
  std::size_t duplicate_keys = 0;   ///< members of objects that a later one of the same name replaced
  std::size_t lone_surrogates = 0;  ///< halves of a surrogate pair (\ud83d alone), each read as U+FFFD
};

/// The deepest nesting of arrays and objects that is read; an empty one at the bottom is not counted.
constexpr std::size_t k_max_depth = 512;

/// A parsed text and its buffers, which are reused by the next parse. Move-only.
class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  /// Parses a whole text (one JSON value; a UTF-8 byte order mark is skipped), nested at most k_max_depth deep. Where
  /// an object repeats a key, its last member stands and the earlier ones are gone (counted in notes()).
  /// SyntaxError{data} with line and column for anything that is not RFC 8259 JSON in UTF-8, UTF-16 included.
  /// NumberError{data}: valid JSON in which a number does not fit (see records.hpp for reading such a page).
  Value parse(std::string_view text);
  Value root() const;
  /// What the last successful parse met.
  const ParseNotes& notes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A text that is JSON but holds an integer beyond 64 bits or a real beyond double.
class NumberError : public SyntaxError {
 public:
  using SyntaxError::SyntaxError;
};

}  // namespace sitrep::json
