#include "sources/field_watch.hpp"

#include <array>

#include "base/text.hpp"
#include "json/writer.hpp"

namespace sitrep::sources {
namespace {

constexpr std::size_t k_most_fields = 1000;
constexpr std::array<std::string_view, 5> k_types = {"boolean", "number", "string", "list", "object"};

/// The set of a value's type: one bit; 0 for null.
unsigned type_of(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::null:
      return 0;
    case json::Kind::boolean:
      return 1;
    case json::Kind::integer:
    case json::Kind::unsigned_integer:
    case json::Kind::real:
      return 2;
    case json::Kind::string:
      return 4;
    case json::Kind::array:
      return 8;
    case json::Kind::object:
      return 16;
  }
  return 0;
}

std::string names_of(unsigned types) {
  std::string names;
  for (std::size_t i = 0; i < k_types.size(); ++i) {
    if ((types >> i & 1U) != 0) names += (names.empty() ? "" : " or ") + std::string(k_types[i]);
  }
  return names.empty() ? "null" : names;
}

std::string shown(std::string_view field) { return truncate_display(visible(field), 60); }

}  // namespace

std::string FieldChange::text() const {
  switch (what) {
    case What::added:
      return fmt::format("new field '{}' ({})", shown(field), is);
    case What::vanished:
      return fmt::format("field '{}' is gone (was {})", shown(field), was);
    case What::retyped:
      return fmt::format("field '{}' is {}, was {}", shown(field), is, was);
  }
  return {};
}

FieldWatch::FieldWatch(std::string_view known) {
  if (known.empty()) return;
  try {
    json::Document document;
    for (const json::Member member : document.parse(known).members())
      fields_[std::string(member.key)].known = static_cast<unsigned>(member.value.integer().value_or(0));
    first_ = fields_.empty();
  } catch (const json::SyntaxError&) {  // of another version: learned anew
  }
}

std::optional<std::string> FieldWatch::observe(const json::Fields& record) {
  constexpr unsigned k_no_type = ~0U;
  if (off_) return std::nullopt;
  if (record.shape() != shape_) {
    shape_ = record.shape();
    types_.assign(record.size(), k_no_type);
  }
  std::optional<std::string> odd;
  for (std::size_t place = 0; place < types_.size(); ++place) {
    const unsigned type = type_of(record.value(place));
    if (types_[place] == type) continue;
    if (auto what = note(record.key(place), type); what && !odd) odd = std::move(what);
    types_[place] = type;
  }
  if (odd) types_.assign(types_.size(), k_no_type);  // a record that does not fit is met again by the next of its kind
  return odd;
}

std::optional<std::string> FieldWatch::note(std::string_view key, unsigned type) {
  seen_.clear();
  auto found = fields_.find(key);
  if (found == fields_.end()) {
    if (fields_.size() >= k_most_fields) {
      off_ = true;
      fields_.clear();
      return std::nullopt;
    }
    found = fields_.emplace(std::string(key), Field{}).first;
    found->second.seen = type | 32U;
    if (first_) return std::nullopt;
    return FieldChange{FieldChange::What::added, std::string(key), "", names_of(type)}.text();
  }
  Field& field = found->second;
  field.seen |= type | 32U;  // bit 5: met, if only as null
  if (first_) return std::nullopt;
  if (field.known == 0) return FieldChange{FieldChange::What::added, std::string(key), "", names_of(type)}.text();
  const unsigned known = field.known & 31U;
  if (known == 0 || (type & ~known) == 0) return std::nullopt;
  return FieldChange{FieldChange::What::retyped, std::string(key), names_of(known), names_of(type)}.text();
}

std::vector<FieldChange> FieldWatch::changes(bool whole) const {
  std::vector<FieldChange> changes;
  if (first_) return changes;
  using What = FieldChange::What;
  for (const auto& [name, field] : fields_) {
    const unsigned known = field.known & 31U, seen = field.seen & 31U;
    if (field.known == 0)
      changes.push_back({What::added, name, "", names_of(seen)});
    else if (field.seen == 0 && whole)
      changes.push_back({What::vanished, name, names_of(known), ""});
    else if (known != 0 && (seen & ~known) != 0)
      changes.push_back({What::retyped, name, names_of(known), names_of(seen)});
  }
  return changes;
}

const std::string& FieldWatch::seen() {
  if (!seen_.empty()) return seen_;
  if (off_) return seen_ = "false";
  json::Writer writer;
  writer.begin_object();
  for (const auto& [name, field] : fields_)
    if (field.seen != 0) writer.member(name, static_cast<std::int64_t>(field.seen));
  return seen_ = writer.end_object().take();
}

void FieldWatch::go_on(std::string_view seen) {
  if (seen.empty()) return;
  seen_.clear();
  json::Document document;
  const auto root = document.parse(seen);
  if (!root.is_object()) {
    off_ = true;
    fields_.clear();
    return;
  }
  for (const json::Member member : root.members())
    fields_[std::string(member.key)].seen |= static_cast<unsigned>(member.value.integer().value_or(0));
}

std::string FieldWatch::to_json(bool whole) const {
  json::Writer writer;
  writer.begin_object();
  for (const auto& [name, field] : fields_) {
    if (whole && field.seen == 0 && !first_) continue;
    writer.member(name, static_cast<std::int64_t>(field.known | field.seen | 32U));
  }
  return writer.end_object().take();
}

}  // namespace sitrep::sources
