#include "templating/scope.hpp"

#include <algorithm>

namespace sitrep::templating {

namespace {

constexpr std::size_t k_none = static_cast<std::size_t>(-1);

}  // namespace

ScopeBuilder::ScopeBuilder() {
  scopes_.push_back({k_none, 0, Opens::isolated_unit, false, {}, 0});
  unit_sizes_.push_back(0);
}

void ScopeBuilder::open(Opens what) {
  auto unit = scopes_[current_].unit;
  if (what != Opens::scope) {
    unit = unit_sizes_.size();
    unit_sizes_.push_back(0);
  }
  scopes_.push_back({current_, unit, what, false, {}, 0});
  current_ = scopes_.size() - 1;
}

void ScopeBuilder::close() {
  for (auto& range : ranges_) {
    if (range.scope == current_ && range.end_scope == 0) range.end_scope = scopes_.size();
  }
  current_ = scopes_[current_].parent;
}

std::size_t ScopeBuilder::add_variable(std::string_view name, bool* used) {
  auto& variables = scopes_[current_].variables;
  const auto found =
      std::find_if(variables.begin(), variables.end(), [name](const Variable& v) { return v.name == name; });
  if (found != variables.end()) return static_cast<std::size_t>(found - variables.begin());
  variables.push_back({std::string(name), used});
  return variables.size() - 1;
}

void ScopeBuilder::declare(std::string_view name, std::uint32_t* slot) {
  slots_.push_back({current_, add_variable(name, nullptr), slot});
}

void ScopeBuilder::declare_implicit(std::string_view name, std::uint32_t* slot, bool* used) {
  slots_.push_back({current_, add_variable(name, used), slot});
}

void ScopeBuilder::read(NameExpr& name) {
  const bool hidden = name.name == "loop" && scopes_[current_].hides_loop;
  reads_.push_back({&name, current_, hidden});
}

void ScopeBuilder::hide_loop(bool hidden) { scopes_[current_].hides_loop = hidden; }

void ScopeBuilder::want_range(SlotRange* own) { ranges_.push_back({current_, 0, own, false}); }
void ScopeBuilder::want_subtree(SlotRange* subtree) { ranges_.push_back({current_, 0, subtree, true}); }
void ScopeBuilder::want_visible(std::vector<VisibleName>* visible) { visibles_.push_back({current_, visible}); }
void ScopeBuilder::want_slot_count(std::uint32_t* count) { counts_.emplace_back(scopes_[current_].unit, count); }

// Scopes are numbered in the order of the text, so those inside a scope follow it and their slots lie together.
void ScopeBuilder::give_slots() {
  for (auto& scope : scopes_) {
    scope.first_slot = unit_sizes_[scope.unit];
    unit_sizes_[scope.unit] += static_cast<std::uint32_t>(scope.variables.size());
  }
  for (const auto& slot : slots_)
    *slot.slot = scopes_[slot.scope].first_slot + static_cast<std::uint32_t>(slot.variable);
  for (const auto& [unit, count] : counts_) *count = unit_sizes_[unit];
  for (const auto& range : ranges_) {
    const auto& scope = scopes_[range.scope];
    range.range->first = scope.first_slot;
    range.range->last = scope.first_slot + static_cast<std::uint32_t>(scope.variables.size());
    if (!range.subtree) continue;
    for (auto inner = range.scope; inner < range.end_scope; ++inner) {
      if (scopes_[inner].unit != scope.unit) continue;
      range.range->last = scopes_[inner].first_slot + static_cast<std::uint32_t>(scopes_[inner].variables.size());
    }
  }
}

std::vector<SlotReference> ScopeBuilder::slots_of(std::string_view name, std::size_t scope, bool loop_hidden) const {
  std::vector<SlotReference> found;
  std::uint32_t depth = 0;
  while (scope != k_none) {
    const auto& here = scopes_[scope];
    for (std::size_t i = 0; i < here.variables.size() && !loop_hidden; ++i) {
      if (here.variables[i].name != name) continue;
      found.push_back({depth, here.first_slot + static_cast<std::uint32_t>(i)});
      if (here.variables[i].used != nullptr) *here.variables[i].used = true;
    }
    loop_hidden = false;
    if (here.opens == Opens::isolated_unit) break;
    if (here.opens == Opens::unit) ++depth;
    scope = here.parent;
  }
  return found;
}

void ScopeBuilder::resolve(Tree& tree) {
  give_slots();
  tree.top_names = scopes_.front().variables.size();
  for (const auto& scope : scopes_) {
    for (const auto& variable : scope.variables) tree.variable_names.push_back(variable.name);
  }
  for (const auto& read : reads_) {
    read.name->slots = slots_of(read.name->name, read.scope, read.loop_hidden);
    if (read.name->slots.empty()) tree.free_names.emplace_back(read.name->name, read.name->offset);
  }
  std::sort(tree.free_names.begin(), tree.free_names.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; });
  for (const auto& visible : visibles_) {
    for (auto scope = visible.scope; scope != k_none; scope = scopes_[scope].parent) {
      for (const auto& variable : scopes_[scope].variables) {
        const auto known = [&](const VisibleName& v) { return v.name == variable.name; };
        if (variable.used != nullptr && !*variable.used) continue;
        if (std::any_of(visible.names->begin(), visible.names->end(), known)) continue;
        visible.names->push_back({variable.name, slots_of(variable.name, visible.scope, false)});
      }
      if (scopes_[scope].opens == Opens::isolated_unit) break;
    }
  }
}

}  // namespace sitrep::templating
