#include <fmt/format.h>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "templating/evaluator.hpp"
#include "templating/evaluator_scopes.hpp"
#include "templating/macro_object.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

/// What `import x as y` gives: the names that the template sets at its top.
class ModuleObject : public Object {
 public:
  ModuleObject(std::string name, Handle<Context> context) : name_(std::move(name)), context_(std::move(context)) {}
  std::string type_name() const override { return "TemplateModule"; }
  std::string text() const override { return fmt::format("<TemplateModule '{}'>", name_); }
  Value attribute(std::string_view name) const override {
    if (name.starts_with('_')) return {};
    const auto found = context_->variables.find(name);
    return found == context_->variables.end() ? Value() : found->second;
  }
  std::vector<std::string> attribute_names() const override {
    std::vector<std::string> names;
    for (const auto& [name, value] : context_->variables) {
      if (!name.starts_with('_')) names.push_back(name);
    }
    return names;
  }

 private:
  std::string name_;
  Handle<Context> context_;
};

}  // namespace

const Value* Context::find(std::string_view name) const {
  for (const auto* context = this; context != nullptr; context = context->parent.get()) {
    const auto found = context->variables.find(name);
    if (found != context->variables.end()) return &found->second;
    if (context->given.is_dict()) {
      if (const auto* value = context->given.dict().find(name)) return value;
    }
  }
  return nullptr;
}

Evaluator::Switch::Switch(Evaluator& evaluator, Activation next)
    : evaluator_(evaluator), escaping_(evaluator.escaping_) {
  const auto deepest = static_cast<std::size_t>(evaluator.environment_.options.limits.depth);
  if (evaluator.callers_.size() >= deepest) {
    fail_user(
        "more than {} macros, includes, blocks and recursive loops inside each other: one may call itself "
        "without end",
        deepest);
  }
  evaluator.callers_.push_back(evaluator.now_);
  evaluator.now_ = next;
}

Evaluator::Switch::~Switch() {
  evaluator_.now_ = evaluator_.callers_.back();
  evaluator_.callers_.pop_back();
  evaluator_.escaping_ = escaping_;
}

Evaluator::Evaluator(const EnvironmentState& environment)
    : environment_(environment),
      escaping_(environment.options.autoescape != nullptr),
      deadline_(std::chrono::steady_clock::now() + environment.options.limits.time),
      last_deadline_(deadline_ - environment.options.limits.time + environment.options.limits.time_in_all) {
  steps_left_ = environment.options.limits.steps;
  fuel_ = 1;
}

// Frames, namespaces and macros may point at each other in circles: emptied, they let go.
Evaluator::~Evaluator() {
  for (auto& instance : instances_) {
    for (auto& frame : instance->roots) frame->slots.clear();
    instance->context->variables.clear();
  }
  for (auto& object : adopted_) object->let_go();
}

std::string Evaluator::render(const Tree& tree, const Value& context) {
  const WorkScope working(*this);
  Handle<Context> root(new Context);
  root->given = context;
  auto& instance = new_instance(std::move(root));
  std::string out;
  out_ = &out;
  now_.tree = &tree;
  now_.instance = &instance;
  try {
    run_template(tree, instance);
  } catch (const TemplateError&) {
    throw;
  } catch (const Error& error) {
    fail_with_place(error);
  }
  return out;
}

Instance& Evaluator::new_instance(Handle<Context> context) {
  charge(200);  // kept to the end of the render
  instances_.push_back(std::make_unique<Instance>());
  instances_.back()->context = std::move(context);
  return *instances_.back();
}

std::uint32_t* Evaluator::hints_of(const Tree& tree) {
  auto& hints = hints_[&tree];
  hints.resize(tree.attribute_count + 1);
  return hints.data();
}

// A template that extends another one runs for what it sets; then its parent runs with its blocks, and so on up.
void Evaluator::run_template(const Tree& tree, Instance& instance) {
  const Tree* current = &tree;
  while (current != nullptr) {
    for (const auto* block : current->blocks) instance.blocks[block->unit.name].push_back({block, current});
    Handle<Frame> frame(new Frame(current->root.slot_count));
    instance.roots.push_back(frame);
    Activation next;
    next.tree = current;
    next.frame = frame.get();
    next.instance = &instance;
    next.hints = hints_of(*current);
    next.at_root = true;
    const Tree* parent = nullptr;
    {
      Switch scope(*this, next);
      scope.run([&] {
        run(current->root.body);
        parent = now_.parent;
      });
    }
    current = parent;
  }
}

void Evaluator::run_extends(const ExtendsStatement& extends) {
  const auto name = evaluate(*extends.parent);
  at(extends.offset);
  if (now_.extended) fail_user("extended multiple times");
  now_.parent = load_first(name, false);
  now_.extended = true;
}

const Tree* Evaluator::load_first(const Value& name, bool ignore_missing) {
  const auto names = name.is_list() ? name.list() : List{name};
  std::string tried;
  for (const auto& candidate : names) {
    if (candidate.is_undefined()) throw UndefinedUse(candidate);
    if (!candidate.is_string()) fail_user("a template's name must be a text, not {}", candidate.type_name());
    if (const auto tree = environment_.load(candidate.string())) return tree.get();
    tried += (tried.empty() ? "'" : ", '") + visible(candidate.string()) + "'";
  }
  if (ignore_missing) return nullptr;
  if (names.size() == 1) fail_user("{}", environment_.no_template(names.front().string()));
  fail_user("no template named {}", tried.empty() ? "in an empty list" : tried);
}

const Value* Evaluator::visible_value(const VisibleName& name) const {
  for (const auto& reference : name.slots) {
    const Frame* frame = now_.frame;
    for (auto depth = reference.depth; depth > 0; --depth) frame = frame->parent.get();
    if (!frame->slots[reference.slot].is_unset()) return &frame->slots[reference.slot];
  }
  return nullptr;
}

Handle<Context> Evaluator::derived_context(bool with_context, const std::vector<VisibleName>& visible) {
  Handle<Context> context(new Context);
  if (!with_context) return context;
  Handle<Context> locals(new Context);
  for (const auto& name : visible) {
    if (const auto* value = visible_value(name)) locals->variables.insert_or_assign(name.name, *value);
  }
  locals->parent = now_.instance->context;
  context->parent = std::move(locals);
  return context;
}

void Evaluator::run_include(const IncludeStatement& include) {
  const auto name = evaluate(*include.name);
  at(include.offset);
  const auto* tree = load_first(name, include.ignore_missing);
  if (tree == nullptr) return;
  auto& instance = new_instance(derived_context(include.with_context, include.visible));
  if (!silent()) return run_template(*tree, instance);
  const Capture discarded(*this);
  run_template(*tree, instance);
}

Value Evaluator::module_of(const Tree& tree, Handle<Context> context, bool shareable) {
  if (shareable) {
    if (const auto known = modules_.find(tree.name); known != modules_.end()) return known->second;
  }
  auto& instance = new_instance(context);
  const Capture discarded(*this);
  run_template(tree, instance);
  auto module = Value::object(new ModuleObject(tree.name, std::move(context)));
  if (shareable) modules_.insert_or_assign(tree.name, module);
  return module;
}

void Evaluator::run_import(const ImportStatement& import) {
  const auto name = evaluate(*import.name);
  at(import.offset);
  const auto* tree = load_first(name, false);
  const auto module = module_of(*tree, derived_context(import.with_context, import.visible), !import.with_context);
  if (import.names.empty()) return assign(import.target, module);
  for (const auto& entry : import.names) {
    auto value = module.object().attribute(entry.name);
    if (value.is_unset()) {
      const auto names = module.object().attribute_names();
      const std::vector<std::string_view> views(names.begin(), names.end());
      value = undefined_because(fmt::format("the template '{}' does not export the name '{}'{}", tree->name, entry.name,
                                            did_you_mean(entry.name, views)),
                                {now_.tree, entry.target.offset});
    }
    assign(entry.target, std::move(value));
  }
}

void Evaluator::run_block(const BlockStatement& block) {
  if (silent()) return;
  at(block.offset);
  if (!block.scoped) {
    write(call_block(*now_.instance, block.unit.name, 0));
    return;
  }
  // A scoped block sees the variables around it: they join the context while it runs.
  auto outer = now_.instance->context;
  auto* instance = now_.instance;
  instance->context = derived_context(true, block.visible);
  try {
    write(call_block(*instance, block.unit.name, 0));
  } catch (...) {
    instance->context = outer;
    throw;
  }
  instance->context = outer;
}

Value Evaluator::call_block(Instance& instance, const std::string& name, std::size_t level) {
  const auto found = instance.blocks.find(name);
  if (found == instance.blocks.end() || level >= found->second.size()) fail_user("there is no parent block '{}'", name);
  const auto [block, tree] = found->second[level];
  if (block->required && level == 0) fail_user("required block '{}' not found", name);
  const FrameOwner frame(new Frame(block->unit.slot_count));
  Activation next;
  next.tree = tree;
  next.frame = frame.get();
  next.instance = &instance;
  next.offset = block->offset;
  next.hints = hints_of(*tree);
  next.block = &found->first;
  next.block_level = level;
  Capture capture(*this);
  {
    Switch scope(*this, next);
    scope.run([&] { run(block->unit.body); });
  }
  return captured(capture.take());
}

void Evaluator::refuel() {
  constexpr std::uint64_t k_steps_between_looks = 4096;
  const auto& limits = environment_.options.limits;
  if (steps_left_ == 0) fail_user("the template takes more than {} steps", limits.steps);
  const auto now = std::chrono::steady_clock::now();
  const auto seconds = [](std::chrono::milliseconds time) {
    return format_real(static_cast<double>(time.count()) / 1000);
  };
  if (now > last_deadline_) fail_user("the template takes longer than {} s", seconds(limits.time_in_all));
  if (now > deadline_) fail_user("the template itself takes longer than {} s", seconds(limits.time));
  fuel_ = std::min(steps_left_, k_steps_between_looks);
  steps_left_ -= fuel_;
}

void Evaluator::charge(std::uint64_t steps) {
  while (steps >= fuel_) {
    steps -= fuel_;
    fuel_ = 0;
    refuel();
  }
  fuel_ -= steps;
}

void Evaluator::give_time(std::chrono::steady_clock::duration waited) { deadline_ += waited; }

void Evaluator::charge_text(std::uint64_t bytes) {
  if (bytes > environment_.options.limits.output_bytes) {
    fail_user("the output or a text is larger than {} bytes", environment_.options.limits.output_bytes);
  }
}

std::string Evaluator::escape(std::string_view text) const {
  return environment_.options.autoescape != nullptr ? environment_.options.autoescape(text) : escape_html(text);
}

Value Evaluator::filter(std::string_view name, std::span<const Value> positional, const Named& named) {
  const auto* function = environment_.filter(name);
  if (function == nullptr) fail_user("{}", environment_.no_filter(name));
  return call_function(*function, positional, named);
}

bool Evaluator::test(std::string_view name, std::span<const Value> positional, const Named& named) {
  const auto* function = environment_.test(name);
  if (function == nullptr) fail_user("{}", environment_.no_test(name));
  return truth(call_function(*function, positional, named));
}

void Evaluator::fail_with_place(const Error& error) const {
  const auto* undefined = dynamic_cast<const UndefinedUse*>(&error);
  std::string reason = error.what();
  auto offset = now_.offset;
  if (undefined != nullptr) {
    if (undefined->origin().tree == now_.tree) offset = undefined->origin().offset;
    if (!undefined->variable().empty()) {
      std::vector<std::string_view> names(now_.tree->variable_names.begin(), now_.tree->variable_names.end());
      for (const auto* context = now_.instance->context.get(); context != nullptr; context = context->parent.get()) {
        for (const auto& [name, value] : context->variables) names.emplace_back(name);
        if (!context->given.is_dict()) continue;
        for (const auto& [key, value] : context->given.dict()) {
          if (key.is_string()) names.emplace_back(key.string());
        }
      }
      for (const auto& [name, value] : environment_.globals) names.emplace_back(name);
      std::erase(names, undefined->variable());  // the template sets it elsewhere
      std::sort(names.begin(), names.end());
      reason += did_you_mean(undefined->variable(), names);
    }
  }
  std::vector<Place> chain;
  const Tree* inner = now_.tree;
  for (auto caller = callers_.rbegin(); caller != callers_.rend(); ++caller) {
    if (caller->tree != inner && caller->frame != nullptr) chain.push_back(caller->tree->place(caller->offset));
    inner = caller->tree;
  }
  throw RenderError(error.kind(), now_.tree->place(offset), reason, now_.tree->line_at(offset), std::move(chain));
}

}  // namespace sitrep::templating
