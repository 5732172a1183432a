#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "templating/builtins.hpp"
#include "templating/operators.hpp"
#include "templating/unicode.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

AttributePath::AttributePath(const Value& path, Engine& engine, Case letters) : engine_(engine), case_(letters) {
  if (path.is_none()) return;
  if (!path.is_string()) {
    parts_.push_back(path);
    return;
  }
  for (const auto part : split_views(path.string(), '.')) {
    const bool digits = !part.empty() && part.size() < 19 &&
                        std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits) {
      std::int64_t number = 0;
      for (const char c : part) number = number * 10 + (c - '0');
      parts_.emplace_back(number);
    } else {
      parts_.emplace_back(part);
    }
  }
}

Value AttributePath::operator()(const Value& item) const {
  Value value = item;
  for (const auto& part : parts_) {
    value = engine_.item(value, part);
    if (value.is_undefined() && !default_.is_none()) value = default_;
  }
  return case_ == Case::ignore ? ignore_case(value) : value;
}

Value ignore_case(const Value& value) { return value.is_string() ? like(value, to_lower(value.string())) : value; }

namespace {

using Call = CallArguments;
using Case = AttributePath::Case;

Case case_of(const Call& call, std::size_t parameter) { return call.flag(parameter) ? Case::keep : Case::ignore; }

/// Items of the first argument; the work is charged.
List items_of(Call& call) {
  auto items = iterate(call[0]);
  call.engine().charge(items.size());
  return items;
}

/// Sorts by keys, stable; `reverse` keeps the order of equals as Python does.
List sorted_by(List items, const List& keys, bool reverse) {
  std::vector<std::size_t> order(items.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return reverse ? compare(keys[b], keys[a]) == -1 : compare(keys[a], keys[b]) == -1;
  });
  List sorted;
  sorted.reserve(items.size());
  for (const auto i : order) sorted.push_back(std::move(items[i]));
  return sorted;
}

Value sort(Call& call) {
  auto items = items_of(call);
  std::vector<AttributePath> paths;
  if (call[3].is_string()) {
    for (const auto part : split_views(call[3].string(), ',')) {
      paths.emplace_back(Value(part), call.engine(), case_of(call, 2));
    }
  } else {
    paths.emplace_back(call[3], call.engine(), case_of(call, 2));
  }
  List keys;
  keys.reserve(items.size());
  for (const auto& item : items) {
    List key;
    for (const auto& path : paths) key.push_back(path(item));
    if (key.size() == 1 && !key[0].is_undefined()) {
      keys.push_back(std::move(key[0]));
    } else {
      for (const auto& part : key) {
        if (part.is_undefined()) throw UndefinedUse(part);
      }
      keys.emplace_back(std::move(key));
    }
  }
  return sorted_by(std::move(items), keys, call.flag(1));
}

Value dictsort(Call& call) {
  const auto by = call.text(2);
  if (by != "key" && by != "value") fail_user("you can only sort by either \"key\" or \"value\"");
  List items, keys;
  for (const auto& [key, value] : call.dict(0)) {
    items.push_back(Value::tuple({key, value}));
    const auto& chosen = by == "key" ? key : value;
    keys.push_back(call.flag(1) ? chosen : ignore_case(chosen));
  }
  call.engine().charge(items.size());
  return sorted_by(std::move(items), keys, call.flag(3));
}

Value unique(Call& call) {
  const AttributePath path(call[2], call.engine(), case_of(call, 1));
  Dict seen;
  List kept;
  for (auto& item : items_of(call)) {
    const auto key = path(item);
    if (seen.find(key) != nullptr) continue;
    seen.set(key, true);
    kept.push_back(std::move(item));
  }
  return kept;
}

Value extreme(Call& call, int wanted) {
  const auto items = items_of(call);
  if (items.empty()) return undefined_because("no aggregated item, sequence was empty", {});
  const AttributePath path(call[2], call.engine(), case_of(call, 1));
  const Value* best = &items[0];
  auto best_key = path(items[0]);
  for (std::size_t i = 1; i < items.size(); ++i) {
    auto key = path(items[i]);
    if (compare(key, best_key, wanted < 0 ? "<" : ">") == wanted) {
      best = &items[i];
      best_key = std::move(key);
    }
  }
  return *best;
}

/// A (grouper, list) pair that also has these names.
class Group : public Object {
 public:
  explicit Group(List pair) : Object(nesting_of(pair)), pair_(std::move(pair)) {}
  std::string type_name() const override { return "_GroupTuple"; }
  void append_text_to(std::string& out, unsigned depth) const override { append_text(out, Value::tuple(pair_), depth); }
  Value attribute(std::string_view name) const override {
    if (name == "grouper") return pair_[0];
    if (name == "list") return pair_[1];
    return {};
  }
  std::vector<std::string> attribute_names() const override { return {"grouper", "list"}; }
  const List* items() const override { return &pair_; }

 private:
  List pair_;
};

Value groupby(Call& call) {
  auto items = items_of(call);
  AttributePath key_path(call[1], call.engine(), case_of(call, 3));
  AttributePath shown_path(call[1], call.engine());
  key_path.set_default(call[2]);
  shown_path.set_default(call[2]);
  List keys;
  for (const auto& item : items) keys.push_back(key_path(item));
  items = sorted_by(std::move(items), keys, false);
  List groups, members;
  Value current;
  const auto finish = [&] {
    if (members.empty()) return;
    auto grouper = shown_path(members[0]);
    groups.push_back(Value::object(new Group({std::move(grouper), Value(std::exchange(members, {}))})));
  };
  for (auto& item : items) {
    auto key = key_path(item);
    if (members.empty() || !equal(key, current)) {
      finish();
      current = std::move(key);
    }
    members.push_back(std::move(item));
  }
  finish();
  return groups;
}

Value batch(Call& call) {
  const auto size = call.integer(1);
  List batches, row;
  for (auto& item : items_of(call)) {
    if (static_cast<std::int64_t>(row.size()) == size) batches.emplace_back(std::exchange(row, {}));
    row.push_back(std::move(item));
  }
  if (!row.empty()) {
    if (!call[2].is_none() && size > 0) {
      call.engine().charge_text(static_cast<std::uint64_t>(size) * sizeof(Value));
      while (static_cast<std::int64_t>(row.size()) < size) row.push_back(call[2]);
    }
    batches.emplace_back(std::move(row));
  }
  return batches;
}

Value slice_filter(Call& call) {
  const auto items = items_of(call);
  const auto slices = call.integer(1);
  if (slices == 0) fail_user("integer division or modulo by zero");
  List columns;
  if (slices < 0) return columns;
  call.engine().charge(static_cast<std::uint64_t>(slices));
  const auto size = static_cast<std::int64_t>(items.size());
  auto begin = items.begin();
  for (std::int64_t i = 0; i < slices; ++i) {
    const auto count = size / slices + (i < size % slices ? 1 : 0);
    List column(begin, begin + count);
    begin += count;
    if (!call[2].is_none() && i >= size % slices) column.push_back(call[2]);
    columns.emplace_back(std::move(column));
  }
  return columns;
}

Value sum(Call& call) {
  const AttributePath path(call[1], call.engine());
  Value total = call[2];
  for (const auto& item : items_of(call)) total = binary(Operator::add, total, path(item), call.engine());
  return total;
}

Value first(Call& call) {
  if (call[0].is_list() && !call[0].list().empty()) return call[0].list().front();
  const auto items = items_of(call);
  return items.empty() ? undefined_because("no first item, sequence was empty", {}) : items.front();
}

Value last(Call& call) {
  if (call[0].is_list() && !call[0].list().empty()) return call[0].list().back();
  const auto items = items_of(call);
  return items.empty() ? undefined_because("no last item, sequence was empty", {}) : items.back();
}

Value reverse(Call& call) {
  auto items = items_of(call);
  std::reverse(items.begin(), items.end());
  if (!call[0].is_string()) return items;
  std::string text;
  for (const auto& character : items) text += character.string();
  return like(call[0], std::move(text));
}

Value join(Call& call) {
  auto items = items_of(call);
  if (!call[2].is_none()) {
    const AttributePath path(call[2], call.engine());
    for (auto& item : items) item = path(item);
  }
  const bool escapes = call.engine().autoescape();
  const bool markup = escapes && (call[1].is_markup() || std::any_of(items.begin(), items.end(),
                                                                     [](const Value& v) { return v.is_markup(); }));
  const auto text_of = [&](const Value& value) { return markup ? escaped_text(value, call.engine()) : to_text(value); };
  const auto separator = text_of(call[1]);
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += separator;
    text += text_of(items[i]);
    call.engine().charge_text(text.size());
  }
  call.engine().charge(text.size() / 16);
  return markup ? Value::markup(std::move(text)) : Value(std::move(text));
}

Value items_filter(Call& call) {
  List pairs;
  if (call[0].is_undefined()) return pairs;
  for (const auto& [key, value] : call.dict(0)) pairs.push_back(Value::tuple({key, value}));
  return pairs;
}

}  // namespace

void add_list_filters(std::vector<Function>& table) {
  const auto add = [&table](Function function) { table.push_back(std::move(function)); };
  add({"sort", "value, reverse=false, case_sensitive=false, attribute=none",
       "sorted items; `attribute` may name several, \"age,name\"", sort});
  add({"dictsort", "value, case_sensitive=false, by='key', reverse=false", "pairs of a dict, sorted by key or value",
       dictsort});
  add({"unique", "value, case_sensitive=false, attribute=none", "each item once, in order of first sight", unique});
  add({"min", "value, case_sensitive=false, attribute=none", "the smallest item",
       [](Call& call) { return extreme(call, -1); }});
  add({"max", "value, case_sensitive=false, attribute=none", "the largest item",
       [](Call& call) { return extreme(call, 1); }});
  add({"groupby", "value, attribute, default=none, case_sensitive=false",
       "groups by an attribute, sorted: each is a pair, and has .grouper and .list", groupby});
  add({"batch", "value, linecount, fill_with=none", "lists of `linecount` items each", batch});
  add({"slice", "value, slices, fill_with=none", "the items dealt into that many columns", slice_filter});
  add({"sum", "value, attribute=none, start=0", "the sum of numbers", sum});
  add({"first", "value", "the first item", first});
  add({"last", "value", "the last item", last});
  add({"reverse", "value", "items or characters in reverse order", reverse});
  add({"list", "value", "a list of the items; characters of a text",
       [](Call& call) -> Value { return items_of(call); }});
  add({"join", "value, d='', attribute=none", "the items as one text, `d` between them", join});
  add({"items", "value", "pairs of key and value; none of an undefined dict", items_filter});
  for (const auto* name : {"length", "count"}) {
    add({name, "value", "number of items, characters or members", [](Call& call) -> Value {
           if (call[0].is_string()) call.engine().charge(call[0].string().size() / 16);
           return length(call[0]);
         }});
  }
}

}  // namespace sitrep::templating
