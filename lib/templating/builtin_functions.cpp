#include <fmt/format.h>

#include "templating/builtins.hpp"
#include "templating/methods.hpp"
#include "templating/namespace_object.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

constexpr std::int64_t k_longest_range = 1'000'000;

Value range(CallArguments& call) {
  auto from = call.integer(0);
  auto to = from;
  if (call.given(1)) {
    to = call.integer(1);
  } else {
    from = 0;
  }
  const auto by = call.integer(2);
  if (by == 0) fail_user("range() arg 3 must not be zero");
  List items;
  for (auto i = from; by > 0 ? i < to : i > to;) {
    if (static_cast<std::int64_t>(items.size()) == k_longest_range) {
      fail_user("range() with more than {} items", k_longest_range);
    }
    items.emplace_back(i);
    if (__builtin_add_overflow(i, by, &i)) break;
  }
  call.engine().charge(items.size());
  return items;
}

/// Pairs and named arguments as Python's dict().
Value make_dict(CallArguments& call) {
  Dict dict;
  if (call.given(0)) {
    const auto& source = call[0];
    if (source.is_dict()) {
      dict = source.dict();
    } else {
      for (const auto& pair : iterate(source)) {
        const auto parts = iterate(pair);
        if (parts.size() != 2) fail_user("dict() needs pairs; one has {} items", parts.size());
        dict.set(parts[0], parts[1]);
      }
    }
  }
  for (const auto& [name, value] : call.named_rest()) dict.set(name, value);
  return dict;
}

Value make_namespace(CallArguments& call) {
  const auto members = make_dict(call);
  auto* space = new NamespaceObject;
  auto value = Value::object(space);
  for (const auto& [key, member] : members.dict()) space->set(to_text(key), member);
  call.engine().charge(50);
  call.engine().adopt(*space);
  return value;
}

class CyclerObject : public Object {
 public:
  explicit CyclerObject(List items)
      : Object(nesting_of(items)),
        items_(std::move(items)),
        next_("next", "", "the current item; then goes on to the next one", [this](CallArguments&) { return next(); }),
        reset_("reset", "", "goes back to the first item", [this](CallArguments&) {
          position_ = 0;
          return Value::none();
        }) {}
  std::string type_name() const override { return "Cycler"; }
  Value attribute(std::string_view name) const override {
    if (name == "current") return items_[position_];
    if (name == "next") return method(next_);
    if (name == "reset") return method(reset_);
    return {};
  }
  std::vector<std::string> attribute_names() const override { return {"current", "next", "reset"}; }

 private:
  /// The method keeps the cycler.
  Value method(const Function& function) const {
    const Handle<CyclerObject> self(const_cast<CyclerObject*>(this));
    return Value::callable(
        {function.name, "", function.doc, [self, &function](CallArguments& call) { return function.run(call); }});
  }
  Value next() {
    auto value = items_[position_];
    position_ = (position_ + 1) % items_.size();
    return value;
  }
  List items_;
  std::size_t position_ = 0;
  Function next_, reset_;
};

Value make_cycler(CallArguments& call) {
  if (call.rest().empty()) fail_user("cycler() needs at least one item");
  return Value::object(new CyclerObject(List(call.rest().begin(), call.rest().end())));
}

class JoinerObject : public Object {
 public:
  explicit JoinerObject(Value separator)
      : Object(separator.nesting()), separator_(std::move(separator)), signature_("joiner", "", "", nullptr) {}
  std::string type_name() const override { return "Joiner"; }
  Value attribute(std::string_view) const override { return {}; }
  const Function* signature() const override { return &signature_; }
  Value call(CallArguments&) override {
    if (used_) return separator_;
    used_ = true;
    return "";
  }

 private:
  Value separator_;
  bool used_ = false;
  Function signature_;
};

}  // namespace

void NamespaceObject::append_text_to(std::string& out, unsigned depth) const {
  if (printing_) {
    out += "<Namespace {...}>";
    return;
  }
  printing_ = true;
  out += "<Namespace ";
  try {
    append_text(out, Value(members_), depth);
  } catch (...) {
    printing_ = false;
    throw;
  }
  printing_ = false;
  out += '>';
}

Value NamespaceObject::attribute(std::string_view name) const {
  const auto* found = members_.find(name);
  return found == nullptr ? Value() : *found;
}

std::vector<std::string> NamespaceObject::attribute_names() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : members_) names.push_back(key.string());
  return names;
}

std::vector<Function> builtin_functions() {
  return {
      {"range", "start, stop=none, step=1", "numbers from start (0 when alone) up to, without, stop", range},
      {"dict", "source=none, **members", "a dict of pairs and named members", make_dict},
      {"namespace", "source=none, **members",
       "an object whose members `set ns.x = …` may change, also from inside loops", make_namespace},
      {"cycler", "*items", "goes round the items: next(), current, reset()", make_cycler},
      {"joiner", "separator=', '", "a function that gives nothing at its first call and the separator afterwards",
       [](CallArguments& call) { return Value::object(new JoinerObject(call[0])); }},
  };
}

}  // namespace sitrep::templating
