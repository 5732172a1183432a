#include "json/path.hpp"

#include "base/numbers.hpp"

namespace sitrep::json {
namespace {

// Reads the grammar of path.hpp from left to right; errors show the text and the column.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::pair<int, std::vector<Path::Step>> parse() {
    if (text_.empty()) fail("is empty; '$' means the whole value");
    int parents = 0;
    if (take('$')) {
    } else {
      while (take('^')) {
        ++parents;
        if (peek() == '.' && peek(1) == '^') ++at_;
      }
    }
    const bool rooted = at_ > 0;
    if (!rooted && peek() != '[') key();
    while (at_ < text_.size()) {
      if (take('.'))
        key();
      else if (take('['))
        bracket();
      else
        fail("expects '.' or '['");
    }
    return {parents, std::move(steps_)};
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  [[noreturn]] void fail(std::string_view what) const {
    sitrep::fail(ErrorKind::config, "path '{}' {} at column {}", text_, what, at_ + 1);
  }

  std::string quoted_text() {
    ++at_;
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_++];
    }
    if (!take('"')) fail("has a quote that is not closed");
    return out;
  }

  std::string bare_text(std::string_view stops) {
    const std::size_t from = at_;
    while (at_ < text_.size() && stops.find(text_[at_]) == std::string_view::npos) ++at_;
    if (at_ == from) fail("expects a name");
    return std::string(text_.substr(from, at_ - from));
  }

  void key() { steps_.emplace_back(Path::Key{peek() == '"' ? quoted_text() : bare_text(".[]\"^")}); }

  void bracket() {
    if (peek() == '*' && peek(1) == ']') {
      at_ += 2;
      steps_.emplace_back(Path::Every{});
      return;
    }
    const std::string first = peek() == '"' ? quoted_text() : bare_text("=]\"");
    if (take('=')) {
      std::string equals = peek() == '"' ? quoted_text() : bare_text("]");
      steps_.emplace_back(Path::Where{first, std::move(equals)});
    } else if (const auto index = parse_integer(first)) {
      steps_.emplace_back(Path::Index{*index});
    } else {
      fail("expects a number, '*' or key=value in brackets");
    }
    if (!take(']')) fail("expects ']'");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Path::Step> steps_;
};

std::optional<Value> element(const Value& array, std::int64_t position) {
  if (!array.is_array()) return std::nullopt;
  if (position < 0) position += static_cast<std::int64_t>(array.size());
  if (position < 0) return std::nullopt;
  return array.at(static_cast<std::size_t>(position));
}

/// `a.b` inside an element; keys that hold a dot cannot be asked for there.
std::optional<Value> inside(Value value, std::string_view dotted) {
  for (std::optional<Value> at = value; at;) {
    const auto dot = dotted.find('.');
    at = at->get(dotted.substr(0, dot));
    if (dot == std::string_view::npos) return at;
    dotted.remove_prefix(dot + 1);
  }
  return std::nullopt;
}

struct Found {
  std::int64_t index;
  Value value;
};

std::optional<Found> first_where(const Value& array, const Path::Where& where) {
  if (!array.is_array()) return std::nullopt;
  std::int64_t index = 0;
  for (const Member member : array.members()) {
    const auto found = inside(member.value, where.key);
    if (found && found->reads_as(where.equals)) return Found{index, member.value};
    ++index;
  }
  return std::nullopt;
}

// Calls `sink` with each value that the steps from `at` lead to, until it returns false. Recurses once per wildcard of
// the path, which its author bounds.
template <class Sink>
bool walk(std::optional<Value> value, const std::vector<Path::Step>& steps, std::size_t at, const Sink& sink) {
  for (; value && at < steps.size(); ++at) {
    const Path::Step& step = steps[at];
    if (const auto* key = std::get_if<Path::Key>(&step)) {
      value = value->get(key->name);
    } else if (const auto* index = std::get_if<Path::Index>(&step)) {
      value = element(*value, index->position);
    } else if (const auto* where = std::get_if<Path::Where>(&step)) {
      const auto found = first_where(*value, *where);
      value = found ? std::optional(found->value) : std::nullopt;
    } else {
      if (!value->is_array()) return true;
      for (const Member member : value->members()) {
        if (!walk(std::optional<Value>(member.value), steps, at + 1, sink)) return false;
      }
      return true;
    }
  }
  return value ? sink(*value) : true;
}

}  // namespace

Path Path::parse(std::string_view text) {
  Path path;
  path.text_ = text;
  std::tie(path.parents_, path.steps_) = Parser(text).parse();
  return path;
}

bool Path::has_wildcard() const {
  for (const Step& step : steps_) {
    if (std::holds_alternative<Every>(step)) return true;
  }
  return false;
}

namespace {

std::optional<Value> first_of(Value value, const std::vector<Path::Step>& steps, std::size_t at) {
  std::optional<Value> found;
  walk(value, steps, at, [&found](const Value& match) {
    found = match;
    return false;
  });
  return found;
}

}  // namespace

std::optional<Value> Path::find(Value root) const { return first_of(root, steps_, 0); }

std::optional<Value> Path::find_after_first(Value value) const {
  return steps_.size() == 1 ? value : first_of(value, steps_, 1);
}

std::vector<Path::Step> Path::resolved(Value root) const {
  std::vector<Step> steps = steps_;
  std::optional<Value> value = root;
  for (Step& step : steps) {
    if (!value || std::holds_alternative<Every>(step)) break;
    if (const auto* key = std::get_if<Key>(&step)) {
      value = value->get(key->name);
    } else if (const auto* index = std::get_if<Index>(&step)) {
      const auto size = static_cast<std::int64_t>(value->size());
      const auto position = index->position < 0 ? index->position + size : index->position;
      value = element(*value, position);
      if (value) step = Index{position};
    } else {
      const auto found = first_where(*value, std::get<Where>(step));
      value = found ? std::optional(found->value) : std::nullopt;
      if (found) step = Index{found->index};
    }
  }
  return steps;
}

std::vector<Value> Path::find_all(Value root) const {
  std::vector<Value> found;
  walk(root, steps_, 0, [&found](const Value& value) {
    found.push_back(value);
    return true;
  });
  return found;
}

}  // namespace sitrep::json
