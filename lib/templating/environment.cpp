#include "templating/environment.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "templating/environment_state.hpp"
#include "templating/evaluator.hpp"
#include "templating/methods.hpp"
#include "templating/parser.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

bool leaves_template_path(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos ||
      name.find('\0') != std::string_view::npos || (name.size() > 1 && name[1] == ':')) {
    return true;
  }
  const auto parts = split_views(name, '/');
  return std::any_of(parts.begin(), parts.end(),
                     [](std::string_view part) { return part == ".." || part == "." || part.empty(); });
}

void put(EnvironmentState& state, TextMap<std::shared_ptr<const Function>>& table, Function function) {
  auto& place = table[function.name];
  if (place) state.replaced.push_back(std::move(place));
  place = std::make_shared<const Function>(std::move(function));
}

template <class Map>
std::vector<const Function*> sorted(const Map& table) {
  std::vector<const Function*> list;
  for (const auto& [name, function] : table) list.push_back(function.get());
  std::sort(list.begin(), list.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  return list;
}

std::string unknown(std::string_view what, std::string_view name, const std::vector<const Function*>& known) {
  std::vector<std::string_view> names;
  for (const auto* function : known) names.emplace_back(function->name);
  return fmt::format("no {} named '{}'{}", what, visible(name), did_you_mean(name, names));
}

}  // namespace

std::shared_ptr<const Tree> EnvironmentState::load(std::string_view name) const {
  if (leaves_template_path(name)) {
    fail_user("'{}' is not a name inside the template path: no '..', no absolute path", visible(name));
  }
  {
    const std::lock_guard guard(lock_);
    if (const auto found = loaded_.find(name); found != loaded_.end()) return found->second;
  }
  auto source = loader ? loader(name) : std::nullopt;
  if (!source) return nullptr;
  auto tree = parse(std::string(name), std::move(*source), *this);
  const std::lock_guard guard(lock_);
  return loaded_.try_emplace(std::string(name), std::move(tree)).first->second;
}

const Function* EnvironmentState::filter(std::string_view name) const {
  const auto found = filters.find(name);
  return found == filters.end() ? nullptr : found->second.get();
}

const Function* EnvironmentState::test(std::string_view name) const {
  const auto found = tests.find(name);
  return found == tests.end() ? nullptr : found->second.get();
}

std::string EnvironmentState::no_filter(std::string_view name) const {
  return unknown("filter", name, sorted(filters));
}

std::string EnvironmentState::no_test(std::string_view name) const { return unknown("test", name, sorted(tests)); }

std::string EnvironmentState::no_template(std::string_view name) const {
  const auto known = loader_names ? loader_names() : std::vector<std::string>();
  return fmt::format("no template named '{}'{}", visible(name),
                     did_you_mean(name, std::vector<std::string_view>(known.begin(), known.end())));
}

Environment::Environment(Options options) : state_(std::make_shared<EnvironmentState>()) {
  state_->options = options;
  for (auto& function : builtin_filters()) put(*state_, state_->filters, std::move(function));
  for (auto& function : builtin_tests()) put(*state_, state_->tests, std::move(function));
  for (auto& function : builtin_functions()) add_function(std::move(function));
}

void Environment::set_loader(Loader loader, LoaderNames names) {
  state_->loader = std::move(loader);
  state_->loader_names = std::move(names);
}

void Environment::add_global(std::string name, Value value) {
  state_->globals.insert_or_assign(std::move(name), std::move(value));
}

void Environment::add_function(Function function) {
  auto name = function.name;
  add_global(std::move(name), Value::callable(std::move(function)));
}

void Environment::add_filter(Function function) { put(*state_, state_->filters, std::move(function)); }
void Environment::add_test(Function function) { put(*state_, state_->tests, std::move(function)); }

Template Environment::compile(std::string name, Source source) const {
  return {state_, parse(std::move(name), std::move(source), *state_)};
}

Template Environment::get(std::string_view name) const {
  auto tree = state_->load(name);
  if (!tree) fail_user("{}", state_->no_template(name));
  return {state_, std::move(tree)};
}

std::vector<const Function*> Environment::filters() const { return sorted(state_->filters); }
std::vector<const Function*> Environment::tests() const { return sorted(state_->tests); }

std::vector<const Function*> Environment::functions() const {
  std::vector<const Function*> list;
  for (const auto& [name, value] : state_->globals) {
    if (value.is_callable()) list.push_back(&value.function());
  }
  std::sort(list.begin(), list.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  return list;
}

Template::Template(std::shared_ptr<const EnvironmentState> state, std::shared_ptr<const Tree> tree)
    : state_(std::move(state)), tree_(std::move(tree)) {}

std::string Template::render(const Value& context) const { return Evaluator(*state_).render(*tree_, context); }

const std::string& Template::name() const { return tree_->name; }

const std::vector<CallSite>& Template::calls() const { return tree_->calls; }

std::span<const std::string> Template::set_names() const { return tree_->variable_names; }

std::span<const std::string> Template::top_names() const { return set_names().first(tree_->top_names); }

std::optional<std::vector<std::string>> Template::macro_parameters(std::string_view name) const {
  std::optional<std::vector<std::string>> parameters;
  for (const auto* macro : tree_->macros) {
    if (macro->name != name) continue;
    if (parameters || macro->uses_named || macro->uses_rest)
      return std::nullopt;  // which one is meant is known when it runs
    parameters.emplace();
    for (const auto& parameter : macro->parameters) parameters->push_back(parameter.name);
  }
  return parameters;
}

std::vector<FreeName> Template::free_names() const {
  std::vector<FreeName> names;
  const auto& asked = tree_->asked_names;
  for (const auto& [name, offset] : tree_->free_names)
    if (std::find(asked.begin(), asked.end(), name) == asked.end()) names.push_back({name, offset});
  return names;
}

TemplateError Template::error_at(std::uint32_t offset, std::string reason) const {
  return {ErrorKind::user_code, tree_->place(offset), std::move(reason), tree_->line_at(offset), {}};
}

}  // namespace sitrep::templating
