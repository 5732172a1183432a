#include "json/fields.hpp"

#include <algorithm>

#include "json/simdjson_access.hpp"

namespace sitrep::json {

void Fields::read(const Value& object) {
  values_.clear();
  bool same = true;
  simdjson::dom::object members;
  if (ValueAccess::element(object).get_object().get(members) == simdjson::SUCCESS) {
    for (auto i = members.begin(), end = members.end(); i != end; ++i) {
      const std::size_t place = values_.size();
      values_.push_back(ValueAccess::value(i.value()));
      const std::string_view key = i.key();
      if (place < keys_.size() && same_key(keys_[place], key)) continue;
      same = false;
      keys_.resize(std::max(keys_.size(), place + 1));
      keys_[place] = key;
    }
  }
  if (same && keys_.size() == values_.size()) return;
  keys_.resize(values_.size());
  ++shape_;
  for (std::size_t name = 0; name < names_.size(); ++name) {
    const auto found = std::ranges::find(keys_, names_[name]);
    places_[name] = found == keys_.end() ? k_nowhere : static_cast<std::size_t>(found - keys_.begin());
  }
}

}  // namespace sitrep::json
