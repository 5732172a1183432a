#include "json/duplicates.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <unordered_map>
#include <vector>

#include "base/numbers.hpp"
#include "json/simdjson_access.hpp"
#include "json/writer.hpp"

namespace sitrep::json {
namespace {

// Objects up to this many members are compared pair by pair once a filter has seen a likely repetition; longer ones are
// sorted, so that no choice of keys makes this quadratic.
constexpr std::size_t k_small = 64;

class KeyCounter {
 public:
  void clear() {
    keys_.clear();
    filter_.reset();
    repeated_ = 0;
  }

  void add(std::string_view key) {
    if (keys_.size() < k_small) {
      const std::size_t bit = hash(key) % filter_.size();
      if (filter_[bit] && std::find(keys_.begin(), keys_.end(), key) != keys_.end()) ++repeated_;
      filter_[bit] = true;
    }
    keys_.push_back(key);
  }

  std::size_t repeated() {
    if (keys_.size() <= k_small) return repeated_;
    std::sort(keys_.begin(), keys_.end());
    return keys_.size() - static_cast<std::size_t>(std::unique(keys_.begin(), keys_.end()) - keys_.begin());
  }

 private:
  static std::size_t hash(std::string_view key) {
    if (key.empty()) return 0;
    const auto byte = [&key](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(key[i])); };
    return key.size() * 421 + byte(0) * 7 + byte(key.size() / 2) * 61 + byte(key.size() - 1) * 191;
  }

  std::vector<std::string_view> keys_;
  std::bitset<1024> filter_;
  std::size_t repeated_ = 0;
};

// Objects of a list mostly have the same keys in the same order: what was counted for one holds for the next.
class Shapes {
 public:
  /// How many members repeat the key of an earlier one; hands each container among the values to `sink`.
  template <class Sink>
  std::size_t repeated(const simdjson::dom::object& object, const Sink& sink) {
    Shape& shape = shapes_[object.size() % shapes_.size()];
    std::size_t place = 0;
    bool same = true;
    for (auto i = object.begin(), end = object.end(); i != end; ++i, ++place) {
      same = same && place < shape.keys.size() && same_key(shape.keys[place], i.key());
      const auto value = i.value();
      if (value.is_object() || value.is_array()) sink(value);
    }
    if (same && place == shape.keys.size()) return shape.repeated;
    counter_.clear();
    shape.keys.clear();
    for (auto i = object.begin(), end = object.end(); i != end; ++i) {
      counter_.add(i.key());
      shape.keys.push_back(i.key());
    }
    shape.repeated = counter_.repeated();
    return shape.repeated;
  }

 private:
  struct Shape {
    std::vector<std::string_view> keys;
    std::size_t repeated = 0;
  };
  std::array<Shape, 32> shapes_;  // by number of members
  KeyCounter counter_;
};

void append_kept_real(std::string& out, double value) {
  const std::string text = format_real(value);
  out += text;
  if (text.find_first_of(".e") == std::string::npos) out += ".0";
}

struct Level {
  Value::Members::Iterator at, end;
  bool object;
  bool first;
  std::unordered_map<std::string_view, std::size_t> left;  // occurrences of each key still to come
};

Level open_level(const Value& value) {
  Level level{value.members().begin(), value.members().end(), value.is_object(), true, {}};
  if (level.object) {
    for (const Member member : value.members()) ++level.left[member.key];
  }
  return level;
}

}  // namespace

std::size_t count_duplicate_keys(const Value& root) {
  using simdjson::dom::element;
  std::size_t repeated = 0;
  std::vector<element> pending{ValueAccess::element(root)};
  Shapes shapes;
  const auto keep = [&pending](const element& value) { pending.push_back(value); };
  while (!pending.empty()) {
    const element container = pending.back();
    pending.pop_back();
    simdjson::dom::object object;
    simdjson::dom::array array;
    if (container.get_object().get(object) == simdjson::SUCCESS) {
      repeated += shapes.repeated(object, keep);
    } else if (container.get_array().get(array) == simdjson::SUCCESS) {
      for (const element value : array) {
        if (value.is_object() || value.is_array()) keep(value);
      }
    }
  }
  return repeated;
}

std::string without_duplicate_keys(const Value& root) {
  std::string out;
  std::vector<Level> open;
  const auto begin = [&](const Value& value) {
    if (value.kind() == Kind::real) return append_kept_real(out, *value.real());
    if (!value.is_array() && !value.is_object()) return value.append_json(out);
    out += value.is_object() ? '{' : '[';
    open.push_back(open_level(value));
  };
  begin(root);
  while (!open.empty()) {
    Level& level = open.back();
    if (!(level.at != level.end)) {
      out += level.object ? '}' : ']';
      open.pop_back();
      continue;
    }
    const Member member = *level.at;
    ++level.at;
    if (level.object && --level.left[member.key] > 0) continue;
    if (!level.first) out += ',';
    level.first = false;
    if (level.object) {
      append_quoted(out, member.key);
      out += ':';
    }
    begin(member.value);
  }
  return out;
}

}  // namespace sitrep::json
