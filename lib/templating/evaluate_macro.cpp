#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "templating/evaluator.hpp"
#include "templating/evaluator_scopes.hpp"
#include "templating/macro_object.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

/// super() and super.super().
class SuperObject : public Object, public RawCallable {
 public:
  SuperObject(Instance* instance, std::string block, std::size_t level)
      : instance_(instance), block_(std::move(block)), level_(level) {}
  std::string type_name() const override { return "BlockReference"; }
  Value attribute(std::string_view name) const override {
    if (name != "super") return {};
    return Value::object(new SuperObject(instance_, block_, level_ + 1));
  }
  RawCallable* raw_callable() override { return this; }
  Value invoke(Evaluator& evaluator, std::span<const Value> positional, const Named& named) override {
    if (!positional.empty() || !named.empty()) fail_user("blocks take no arguments");
    return evaluator.call_block(*instance_, block_, level_);
  }

 private:
  Instance* instance_;  // kept by the render
  std::string block_;
  std::size_t level_;
};

/// self.block_name()
class SelfObject : public Object {
 public:
  explicit SelfObject(Instance* instance) : instance_(instance) {}
  std::string type_name() const override { return "TemplateReference"; }
  Value attribute(std::string_view name) const override {
    const auto found = instance_->blocks.find(name);
    if (found == instance_->blocks.end()) return {};
    return Value::object(new SuperObject(instance_, found->first, 0));
  }
  std::vector<std::string> attribute_names() const override {
    std::vector<std::string> names;
    for (const auto& [name, definitions] : instance_->blocks) names.push_back(name);
    return names;
  }

 private:
  Instance* instance_;
};

}  // namespace

Value MacroObject::attribute(std::string_view name) const {
  if (name == "name") return unit_.name;
  if (name == "arguments") {
    List names;
    for (const auto& parameter : unit_.parameters) names.emplace_back(parameter.name);
    return Value::tuple(std::move(names));
  }
  if (name == "catch_kwargs") return unit_.uses_named;
  if (name == "catch_varargs") return unit_.uses_rest;
  if (name == "caller") return unit_.uses_caller;
  return {};
}

Value Evaluator::special_name(const NameExpr& name) {
  if (const auto* found = find_variable(name)) return *found;
  if (name.name == "self") return Value::object(new SelfObject(now_.instance));
  if (now_.block == nullptr) return undefined_because("'super' is only there inside a block", {now_.tree, name.offset});
  return Value::object(new SuperObject(now_.instance, *now_.block, now_.block_level + 1));
}

Value Evaluator::make_macro(const MacroUnit& unit) { return Value::object(new MacroObject(unit, now_)); }

void Evaluator::run_macro(const MacroStatement& macro) {
  at(macro.offset);
  assign(macro.target, make_macro(macro.unit));
}

void Evaluator::run_call_block(const CallBlockStatement& block) {
  if (silent()) return;
  ArgumentList arguments;
  const auto callee = evaluate(*block.call->callee);
  evaluate_arguments(block.call->arguments, arguments);
  arguments.named.emplace_back("caller", make_macro(block.unit));
  at(block.call->callee->offset);
  const auto value = call(callee, arguments.positional(), arguments.named);
  at(block.offset);
  write(value);
}

void Evaluator::bind_parameters(const MacroUnit& unit, std::span<const Value> positional, const Named& named) {
  auto& slots = now_.frame->slots;
  const auto taken = std::min(positional.size(), unit.parameters.size());
  for (std::size_t i = 0; i < taken; ++i) slots[unit.parameters[i].slot] = positional[i];
  std::vector<bool> given(unit.parameters.size());
  std::fill_n(given.begin(), taken, true);

  if (positional.size() > taken && !unit.uses_rest) {
    fail_user("macro '{}' takes not more than {}", unit.name,
              count_of(static_cast<std::int64_t>(unit.parameters.size()), "argument"));
  }
  if (unit.uses_rest) {
    slots[unit.rest_slot] =
        Value::tuple(List(positional.begin() + static_cast<std::ptrdiff_t>(taken), positional.end()));
  }
  Dict more;
  for (const auto& [name, value] : named) {
    const auto parameter = std::ranges::find(unit.parameters, name, &MacroUnit::Parameter::name);
    if (parameter != unit.parameters.end()) {
      const auto position = static_cast<std::size_t>(parameter - unit.parameters.begin());
      if (given[position]) fail_user("macro '{}' got the argument '{}' twice", unit.name, name);
      given[position] = true;
      slots[parameter->slot] = value;
    } else if (name == "caller" && unit.uses_caller) {
      slots[unit.caller_slot] = value;
    } else if (unit.uses_named) {
      more.set(name, value);
    } else {
      std::vector<std::string_view> names;
      for (const auto& p : unit.parameters) names.emplace_back(p.name);
      fail_user("macro '{}' takes no keyword argument '{}'{}", unit.name, name, did_you_mean(name, names));
    }
  }
  if (unit.uses_named) slots[unit.named_slot] = std::move(more);
  if (unit.uses_caller && slots[unit.caller_slot].is_unset()) {
    slots[unit.caller_slot] = undefined_because("no caller defined", {});
  }
  for (std::size_t i = 0; i < unit.parameters.size(); ++i) {
    if (given[i]) continue;
    const auto& parameter = unit.parameters[i];
    slots[parameter.slot] = parameter.fallback
                                ? evaluate(*parameter.fallback)
                                : undefined_because(fmt::format("parameter '{}' was not provided", parameter.name), {});
  }
}

Value Evaluator::call_macro(const MacroUnit& unit, const Activation& home, Frame& closure,
                            std::span<const Value> positional, const Named& named) {
  const FrameOwner frame(new Frame(unit.slot_count, &closure));
  Activation next = home;
  next.frame = frame.get();
  next.at_root = false;
  next.extended = false;
  next.offset = now_.tree == home.tree ? now_.offset : home.offset;
  Capture capture(*this);
  {
    Switch scope(*this, next);
    scope.run([&] {
      bind_parameters(unit, positional, named);
      run(unit.body);
    });
  }
  return captured(capture.take());
}

}  // namespace sitrep::templating
