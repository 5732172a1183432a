#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/value.hpp"

namespace sitrep::json {

/// A path into a JSON value: `a.b`, `a[0]`, `a[-1]`, `a[*].b`, `a[id=27642].value`, `"quoted.key"`, `$` (the whole),
/// `^.a` (the parent record of an expand; `^` may repeat). Parsed once, evaluated per record without allocating.
class Path {
 public:
  /// Error{config} that shows the text and the place.
  static Path parse(std::string_view text);

  const std::string& text() const { return text_; }
  /// How many `^` lead the path: 0 for the record itself, 1 for the record it was expanded from.
  int parents() const { return parents_; }
  bool has_wildcard() const;

  /// The value there; nullopt when any step is missing or of the wrong kind. A wildcard takes the first match.
  std::optional<Value> find(Value root) const;
  /// The same, from what the first step leads to.
  std::optional<Value> find_after_first(Value value) const;
  /// Every value there, in document order: more than one only with a wildcard.
  std::vector<Value> find_all(Value root) const;

  struct Key {
    std::string name;
  };
  struct Index {
    std::int64_t position;  ///< negative: from the end
  };
  struct Every {};
  struct Where {
    std::string key, equals;  ///< the first element whose `key` reads as `equals`
  };
  using Step = std::variant<Key, Index, Every, Where>;
  const std::vector<Step>& steps() const { return steps_; }
  /// The steps as they lead through `root`: up to the first wildcard, an index from the end and a condition are the
  /// place that they mean there. As they are from where nothing is found.
  std::vector<Step> resolved(Value root) const;

 private:
  std::string text_;
  int parents_ = 0;
  std::vector<Step> steps_;
};

}  // namespace sitrep::json
