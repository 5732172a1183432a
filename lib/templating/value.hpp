#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sitrep::templating {

class Value;
class Dict;
class Object;
class CallArguments;
struct Function;

using List = std::vector<Value>;

/// What a list is for a reader: they behave alike, but print as in Python: [1, 2], (1, 2), dict_items([…]).
enum class ListForm : std::uint8_t { list, tuple, dict_items, dict_keys, dict_values };

/// Shared, counted storage behind a Value. Counted atomically, so that values may be shared by renders in threads.
class Shared {
 public:
  Shared() = default;
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  virtual ~Shared() = default;
  void retain() const noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() const noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
  /// Nobody but the caller holds it: nobody can see it change.
  bool has_one_holder() const noexcept { return references_.load(std::memory_order_acquire) == 1; }

 private:
  mutable std::atomic<std::uint32_t> references_{0};
};

/// Owns one count of a Shared; null allowed.
template <class T>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T* borrowed) noexcept : pointer_(borrowed) {
    if (pointer_ != nullptr) pointer_->retain();
  }
  Handle(const Handle& other) noexcept : Handle(other.pointer_) {}
  Handle(Handle&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
  Handle& operator=(Handle other) noexcept {
    std::swap(pointer_, other.pointer_);
    return *this;
  }
  ~Handle() {
    if (pointer_ != nullptr) pointer_->release();
  }
  T* get() const noexcept { return pointer_; }
  T& operator*() const noexcept { return *pointer_; }
  T* operator->() const noexcept { return pointer_; }
  explicit operator bool() const noexcept { return pointer_ != nullptr; }

 private:
  T* pointer_ = nullptr;
};

/// A value of the template language, with Python's meaning of truth, order and text. 16 bytes; copies share lists,
/// dicts and strings, which never change once made (only namespaces and other Objects do).
class Value {
 public:
  enum class Kind : std::uint8_t { undefined, none, boolean, integer, real, string, list, dict, callable, object };

  /// Undefined without a story: what a variable holds before it is set.
  Value() = default;
  static Value none();
  template <std::same_as<bool> T>
  Value(T flag) : kind_(Kind::boolean) {
    data_.boolean = flag;
  }
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  Value(T number) : kind_(Kind::integer) {
    static_assert(sizeof(T) < 8 || std::is_signed_v<T>, "convert an unsigned 64-bit number by hand");
    data_.integer = static_cast<std::int64_t>(number);
  }
  Value(double number) : kind_(Kind::real) { data_.real = number; }
  Value(std::string text);
  Value(std::string_view text) : Value(std::string(text)) {}
  Value(const char* text) : Value(std::string(text)) {}
  Value(List items, ListForm form = ListForm::list);
  Value(Dict dict);
  /// Text that is already escaped for the target: output as it is.
  static Value markup(std::string text);
  static Value tuple(List items) { return Value(std::move(items), ListForm::tuple); }
  static Value callable(Function function);
  static Value object(Object* object);  ///< takes shared ownership of a new object

  Value(const Value& other) noexcept : kind_(other.kind_), data_(other.data_) { retain(); }
  Value(Value&& other) noexcept : kind_(other.kind_), data_(other.data_) { other.kind_ = Kind::none; }
  Value& operator=(const Value& other) noexcept {
    Value copy(other);
    return *this = std::move(copy);
  }
  Value& operator=(Value&& other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(data_, other.data_);
    return *this;
  }
  ~Value() { release(); }

  Kind kind() const noexcept { return kind_; }
  bool is_undefined() const noexcept { return kind_ == Kind::undefined; }
  bool is_none() const noexcept { return kind_ == Kind::none; }
  bool is_boolean() const noexcept { return kind_ == Kind::boolean; }
  bool is_integer() const noexcept { return kind_ == Kind::integer; }
  bool is_real() const noexcept { return kind_ == Kind::real; }
  bool is_string() const noexcept { return kind_ == Kind::string; }
  bool is_list() const noexcept { return kind_ == Kind::list; }
  bool is_dict() const noexcept { return kind_ == Kind::dict; }
  bool is_callable() const noexcept { return kind_ == Kind::callable; }
  bool is_object() const noexcept { return kind_ == Kind::object; }
  /// Python counts booleans as numbers: True + 1 is 2.
  bool is_number() const noexcept { return kind_ == Kind::boolean || is_integer() || is_real(); }
  bool is_integral() const noexcept { return kind_ == Kind::boolean || is_integer(); }
  bool is_markup() const noexcept;
  /// Undefined without a story: the variable was never set.
  bool is_unset() const noexcept { return kind_ == Kind::undefined && data_.shared == nullptr; }

  // The content; the kind must match.
  bool boolean() const noexcept { return data_.boolean; }
  std::int64_t integer() const noexcept { return kind_ == Kind::boolean ? data_.boolean : data_.integer; }
  double real() const noexcept { return kind_ == Kind::real ? data_.real : static_cast<double>(integer()); }
  const std::string& string() const noexcept;
  const List& list() const noexcept;
  ListForm list_form() const noexcept;
  const Dict& dict() const noexcept;
  const Function& function() const noexcept;
  Object& object() const noexcept;
  /// Why an undefined value is undefined.
  std::string reason() const;

  /// The member of a dict by text key; null when absent or not a dict.
  const Value* find(std::string_view key) const noexcept;

  /// Python's words for the type: "int", "str", "dict" …
  std::string type_name() const;
  /// The same storage or the same scalar (Python's `is`).
  bool same_as(const Value& other) const noexcept;
  /// How deep lists and dicts are nested in this value; bounded by k_max_nesting.
  unsigned nesting() const noexcept;

  // For the module's own files: two lists of one form in one; what nobody else holds of the first grows in place.
  static Value appended(Value list, const Value& more);
  // The storage of a counted kind.
  static Value from_shared(Kind kind, Shared* shared);
  const Shared* shared() const noexcept { return shares() ? data_.shared : nullptr; }

 private:
  void retain() const noexcept {
    if (shares()) data_.shared->retain();
  }
  void release() const noexcept {
    if (shares()) data_.shared->release();
  }
  bool shares() const noexcept {
    return (kind_ >= Kind::string || kind_ == Kind::undefined) && data_.shared != nullptr;
  }
  Value(Kind kind, Shared* shared) : kind_(kind) {
    data_.shared = shared;
    retain();
  }

  Kind kind_ = Kind::undefined;
  union Data {
    Shared* shared = nullptr;
    bool boolean;
    std::int64_t integer;
    double real;
  } data_;
};

/// Deepest nesting of lists and dicts: making a deeper one is Error{user_code}. Bounds every recursion over a value.
inline constexpr unsigned k_max_nesting = 200;

/// A dict that keeps the order of insertion. Keys are any hashable value: 1, 1.0 and True are one key, as in Python.
class Dict {
 public:
  using Entry = std::pair<Value, Value>;
  Dict() = default;
  Dict(std::initializer_list<Entry> entries);
  /// Replaces the value of an equal key or appends. Error{user_code} for a key that can't be one (a list).
  void set(Value key, Value value);
  /// Of an entry that is there: for dicts of the same keys, copied from one that has them all.
  void put(std::size_t position, Value value) noexcept { entries_[position].second = std::move(value); }
  void reserve(std::size_t count) { entries_.reserve(count); }
  const Value* find(const Value& key) const;
  const Value* find(std::string_view key) const noexcept;
  /// The position of a text key, or size(); `hint` is tried first.
  std::size_t position(std::string_view key, std::size_t hint) const noexcept;
  const Entry& at(std::size_t position) const noexcept { return entries_[position]; }
  std::size_t size() const noexcept { return entries_.size(); }
  bool empty() const noexcept { return entries_.empty(); }
  auto begin() const noexcept { return entries_.begin(); }
  auto end() const noexcept { return entries_.end(); }

 private:
  std::size_t find_slot(std::uint64_t hash, const Value& key) const;
  void rebuild_index();
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> index_;  // open addressing, entry number + 1; empty while the dict is small
};

/// Something with identity and behaviour of its own: a namespace, `loop`, a chart drawer, a period.
class Object : public Shared {
 public:
  Object() = default;
  /// `nesting` is that of the deepest value it holds; Error{user_code} beyond k_max_nesting.
  explicit Object(unsigned nesting);
  unsigned nesting() const noexcept { return nesting_; }
  /// What an error calls it: "Namespace".
  virtual std::string type_name() const = 0;
  /// The attribute (or, with `[…]`, the item of that text key); an undefined value without story when there is none.
  virtual Value attribute(std::string_view name) const = 0;
  /// Names for "did you mean".
  virtual std::vector<std::string> attribute_names() const { return {}; }
  virtual bool truth() const { return true; }
  /// What output prints; Error{user_code} when it has no text is fine.
  virtual std::string text() const;
  /// The same for objects that print values they hold, which are `depth` deep by now.
  virtual void append_text_to(std::string& out, unsigned depth) const;
  /// Items for a loop; null when it can't be looped over.
  virtual const List* items() const { return nullptr; }
  virtual bool is_mapping() const { return false; }
  virtual Value call(CallArguments& arguments);
  /// Drops what it refers to, so that circles of values come apart; called at the end of a render for adopted objects.
  virtual void let_go() {}
  /// What a call accepts; null when it can't be called.
  virtual const Function* signature() const { return nullptr; }
  /// For the module's own objects, which take arguments as they come.
  virtual class RawCallable* raw_callable() { return nullptr; }

 private:
  unsigned nesting_ = 0;
};

// Python's meaning of values. Errors are Error{user_code} without a place; the evaluator adds it.

/// Undefined values fail here and below; the one of `x if y` without else is nothing: false, "", no items.
bool truth(const Value& value);
/// str(value): what output prints.
std::string to_text(const Value& value);
void append_text(std::string& out, const Value& value, unsigned depth = 0);
/// repr(value): strings in quotes.
std::string repr(const Value& value);
void append_repr(std::string& out, const Value& value, unsigned depth = 0);
/// ascii(value): repr with other characters as \x, \u and \U.
std::string ascii(const Value& value);
/// Python's text of a float: 1.0, 1e+16, nan.
std::string real_text(double value);

bool equal(const Value& a, const Value& b);
/// -1, 0 or 1 (2 = unordered, for NaN); fails with Python's words for values that have no order.
int compare(const Value& a, const Value& b, std::string_view operation = "<");
std::uint64_t hash(const Value& value);
/// `item in container`.
bool contains(const Value& container, const Value& item);
/// len(value) in characters, items or members; fails for values without one.
std::int64_t length(const Value& value);
/// The deepest nesting of the items.
unsigned nesting_of(const List& items) noexcept;
/// What a loop sees: items of a list, characters of a text, keys of a dict. Fails for what can't be looped over.
List iterate(const Value& value);

}  // namespace sitrep::templating
