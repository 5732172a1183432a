#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json/value.hpp"

namespace sitrep::json {

/// The members of one object after another, for those who ask each of them for the same names. Records of a list mostly
/// have the same keys in the same order: then a name's place is known, and nothing is searched.
class Fields {
 public:
  /// `names`: what get() will be asked for, by position.
  explicit Fields(std::vector<std::string> names = {}) : names_(std::move(names)), places_(names_.size(), k_nowhere) {}

  /// Takes the members of an object; a value of another kind has none.
  void read(const Value& object);
  /// A number for the keys and their order: another one whenever they are not those of the object before.
  std::uint64_t shape() const { return shape_; }

  std::size_t size() const { return values_.size(); }
  const std::string& key(std::size_t place) const { return keys_[place]; }
  const Value& value(std::size_t place) const { return values_[place]; }
  /// The member of that name; nullopt when there is none. As long as the document of what was read lives.
  std::optional<Value> get(std::size_t name) const {
    const auto place = places_[name];
    return place == k_nowhere ? std::nullopt : std::optional(values_[place]);
  }

 private:
  static constexpr std::size_t k_nowhere = static_cast<std::size_t>(-1);

  std::vector<std::string> names_;
  std::vector<std::size_t> places_;  // by name
  std::vector<std::string> keys_;
  std::vector<Value> values_;
  std::uint64_t shape_ = 0;
};

}  // namespace sitrep::json
