#include "templating/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "templating/function.hpp"
#include "templating/methods.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

struct CallableStorage : Shared {
  explicit CallableStorage(Function f) : function(std::move(f)) {}
  Function function;
};

thread_local Engine* t_working = nullptr;

unsigned deeper(unsigned nesting) {
  if (nesting >= k_max_nesting) fail_user("lists and dicts are nested deeper than {}", k_max_nesting);
  return nesting + 1;
}

}  // namespace

Value Value::none() {
  Value value;
  value.kind_ = Kind::none;
  return value;
}

Value undefined_because(std::string reason, Origin origin) {
  auto* storage = new UndefinedStorage;
  storage->reason = std::move(reason);
  storage->origin = origin;
  return Value::from_shared(Value::Kind::undefined, storage);
}

Value lenient_undefined(std::string reason, Origin origin) {
  auto* storage = new UndefinedStorage;
  storage->reason = std::move(reason);
  storage->origin = origin;
  storage->lenient = true;
  return Value::from_shared(Value::Kind::undefined, storage);
}

bool is_lenient(const Value& value) noexcept {
  const auto* story = value.is_undefined() ? static_cast<const UndefinedStorage*>(value.shared()) : nullptr;
  return story != nullptr && story->lenient;
}

void check_use(const Value& value) {
  if (value.is_undefined() && !is_lenient(value)) throw UndefinedUse(value);
}

Value undefined_variable(std::string name, Origin origin) {
  auto* storage = new UndefinedStorage;
  storage->name = std::move(name);
  storage->origin = origin;
  return Value::from_shared(Value::Kind::undefined, storage);
}

Value undefined_attribute(Value base, std::string name, Origin origin) {
  auto* storage = new UndefinedStorage;
  storage->name = std::move(name);
  storage->base = std::move(base);
  storage->origin = origin;
  return Value::from_shared(Value::Kind::undefined, storage);
}

Value Value::from_shared(Kind kind, Shared* shared) { return {kind, shared}; }

Value::Value(std::string text) : Value(Kind::string, new StringStorage(std::move(text), false)) {}

Value Value::markup(std::string text) { return {Kind::string, new StringStorage(std::move(text), true)}; }

Value::Value(List items, ListForm form) : kind_(Kind::none) {
  const auto nesting = deeper(nesting_of(items));
  *this = Value(Kind::list, new ListStorage(std::move(items), form, nesting));
}

Value Value::appended(Value list, const Value& more) {
  const List& added = more.list();
  if (!list.data_.shared->has_one_holder()) {
    List items;
    items.reserve(list.list().size() + added.size());
    items.insert(items.end(), list.list().begin(), list.list().end());
    items.insert(items.end(), added.begin(), added.end());
    return {std::move(items), list.list_form()};
  }
  auto& storage = *static_cast<ListStorage*>(list.data_.shared);
  storage.items.insert(storage.items.end(), added.begin(), added.end());
  storage.nesting = std::max(storage.nesting, more.nesting());
  return list;
}

Value::Value(Dict dict) : kind_(Kind::none) {
  unsigned nesting = 0;
  for (const auto& [key, value] : dict) nesting = std::max({nesting, key.nesting(), value.nesting()});
  nesting = deeper(nesting);
  *this = Value(Kind::dict, new DictStorage(std::move(dict), nesting));
}

Value Value::callable(Function function) { return {Kind::callable, new CallableStorage(std::move(function))}; }

Value Value::object(Object* object) { return {Kind::object, object}; }

bool Value::is_markup() const noexcept {
  return kind_ == Kind::string && static_cast<const StringStorage*>(data_.shared)->markup;
}

const std::string& Value::string() const noexcept { return static_cast<const StringStorage*>(data_.shared)->text; }
const List& Value::list() const noexcept { return static_cast<const ListStorage*>(data_.shared)->items; }
ListForm Value::list_form() const noexcept { return static_cast<const ListStorage*>(data_.shared)->form; }
const Dict& Value::dict() const noexcept { return static_cast<const DictStorage*>(data_.shared)->dict; }
const Function& Value::function() const noexcept { return static_cast<const CallableStorage*>(data_.shared)->function; }
Object& Value::object() const noexcept { return *static_cast<Object*>(data_.shared); }

std::string Value::reason() const {
  if (data_.shared == nullptr) return "an undefined value is used";
  const auto& story = *static_cast<const UndefinedStorage*>(data_.shared);
  if (!story.reason.empty()) return story.reason;
  if (story.base.is_unset()) return fmt::format("'{}' is undefined", story.name);
  std::vector<std::string> own;
  if (story.base.is_object()) own = story.base.object().attribute_names();
  auto names = method_names(story.base.kind());
  names.insert(names.end(), own.begin(), own.end());
  if (story.base.is_dict()) {
    for (const auto& [key, value] : story.base.dict()) {
      if (key.is_string()) names.emplace_back(key.string());
    }
  }
  std::sort(names.begin(), names.end());
  // Only the filter `attr` tells the two apart.
  const bool member = story.base.find(story.name) != nullptr;
  return fmt::format("'{} object' has no attribute '{}'{}", story.base.type_name(), story.name,
                     member ? fmt::format("; it is a member: use .{}, or map(attribute='{}')", story.name, story.name)
                            : did_you_mean(story.name, names));
}

const Value* Value::find(std::string_view key) const noexcept { return is_dict() ? dict().find(key) : nullptr; }

std::string Value::type_name() const {
  switch (kind_) {
    case Kind::undefined:
      return "Undefined";
    case Kind::none:
      return "NoneType";
    case Kind::boolean:
      return "bool";
    case Kind::integer:
      return "int";
    case Kind::real:
      return "float";
    case Kind::string:
      return is_markup() ? "Markup" : "str";
    case Kind::list:
      switch (list_form()) {
        case ListForm::list:
          return "list";
        case ListForm::tuple:
          return "tuple";
        case ListForm::dict_items:
          return "dict_items";
        case ListForm::dict_keys:
          return "dict_keys";
        case ListForm::dict_values:
          return "dict_values";
      }
      return "list";
    case Kind::dict:
      return "dict";
    case Kind::callable:
      return "function";
    case Kind::object:
      return object().type_name();
  }
  return "object";
}

bool Value::same_as(const Value& other) const noexcept {
  if (kind_ != other.kind_) return false;
  switch (kind_) {
    case Kind::none:
      return true;
    case Kind::boolean:
      return boolean() == other.boolean();
    case Kind::integer:
      return integer() == other.integer();
    case Kind::string:
      return data_.shared == other.data_.shared || string() == other.string();
    case Kind::real:
      return data_.real == other.data_.real;
    default:
      return data_.shared == other.data_.shared;
  }
}

unsigned nesting_of(const List& items) noexcept {
  unsigned nesting = 0;
  for (const auto& item : items) nesting = std::max(nesting, item.nesting());
  return nesting;
}

unsigned Value::nesting() const noexcept {
  if (kind_ == Kind::object) return object().nesting();
  if (kind_ == Kind::list) return static_cast<const ListStorage*>(data_.shared)->nesting;
  if (kind_ == Kind::dict) return static_cast<const DictStorage*>(data_.shared)->nesting;
  return 0;
}

WorkScope::WorkScope(Engine& engine) noexcept : outer_(std::exchange(t_working, &engine)) {}
WorkScope::~WorkScope() { t_working = outer_; }

void charge_walk(std::size_t items) {
  if (t_working != nullptr) t_working->charge(items + 1);
}

void charge_growth(const std::string& text) {
  if (t_working != nullptr) t_working->charge_text(text.size());
}

UndefinedUse::UndefinedUse(const Value& value) : Error(ErrorKind::user_code, value.reason()) {
  const auto* story = static_cast<const UndefinedStorage*>(value.shared());
  if (story == nullptr) return;
  origin_ = story->origin;
  if (story->base.is_unset()) variable_ = story->name;
}

Object::Object(unsigned nesting) : nesting_(deeper(nesting)) {}

void Object::append_text_to(std::string& out, unsigned /*depth*/) const { out += text(); }

std::string Object::text() const { return fmt::format("<{}>", type_name()); }

Value Object::call(CallArguments& /*arguments*/) { fail_user("'{}' object is not callable", type_name()); }

}  // namespace sitrep::templating
