#include "store/field_change.hpp"

#include <map>

#include "base/time.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "store/own_entities.hpp"

namespace sitrep::store {
namespace {

using model::Cell;

/// The members of an extra as JSON texts; what is no object has one of no name.
std::map<std::string, std::string> members_of(const Cell& extra) {
  std::map<std::string, std::string> members;
  const auto* text = std::get_if<std::string_view>(&extra);
  if (text == nullptr) return members;
  try {
    json::Document document;
    const auto root = document.parse(*text);
    if (!root.is_object()) return {{"", std::string(*text)}};
    for (const json::Member member : root.members()) members.emplace(member.key, member.value.to_json());
  } catch (const json::SyntaxError&) {
    members = {{"", json::quoted(*text)}};
  }
  return members;
}

void compare_extra(const Cell& before, const Cell& after, std::vector<FieldChange>& changes) {
  const auto was = members_of(before), is = members_of(after);
  auto names = was;
  names.insert(is.begin(), is.end());
  const auto value = [](const auto& members, const std::string& name) -> Value {
    const auto found = members.find(name);
    if (found == members.end()) return std::monostate{};
    return found->second;
  };
  names.erase(std::string(k_was));  // of the store, not of the record
  for (const auto& [name, text] : names) {
    FieldChange change{std::string(k_in_extra) + name, value(was, name), value(is, name), std::nullopt};
    if (change.before != change.after) changes.push_back(std::move(change));
  }
}

std::optional<std::int64_t> days_between(const Cell& before, const Cell& after) {
  const auto* a = std::get_if<std::string_view>(&before);
  const auto* b = std::get_if<std::string_view>(&after);
  if (a == nullptr || b == nullptr) return std::nullopt;
  const auto from = parse_date(*a), to = parse_date(*b);
  if (!from || !to) return std::nullopt;
  return (*to - *from).count();
}

}  // namespace

std::vector<FieldChange> compare(const model::Entity& entity, std::span<const Cell> before,
                                 std::span<const Cell> after) {
  std::vector<FieldChange> changes;
  const auto same = [&](std::string_view name) {
    const int at = entity.index_of(name);
    return at < 0 || before[static_cast<std::size_t>(at)] == after[static_cast<std::size_t>(at)];
  };
  const bool same_stage = same("stage") && same("phase");  // the date of the next stage is progress
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (before[i] == after[i]) continue;
    const bool own = i < entity.columns.size();
    if (i > entity.columns.size()) {
      compare_extra(before[i], after[i], changes);
      continue;
    }
    FieldChange change{own ? entity.columns[i].name : "url", to_value(before[i]), to_value(after[i]), std::nullopt};
    if (own && entity.columns[i].type == model::ColumnType::date && same_stage)
      change.days = days_between(before[i], after[i]);
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace sitrep::store
