#include <fmt/format.h>

#include "base/error.hpp"
#include "templating/evaluator.hpp"
#include "templating/evaluator_scopes.hpp"
#include "templating/methods.hpp"
#include "templating/operators.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

/// A method without its call: {{ text.upper }}, or one that is handed on.
class BoundMethod : public Object, public RawCallable {
 public:
  BoundMethod(Value self, const Function* function)
      : Object(self.nesting()), self_(std::move(self)), function_(function) {}
  std::string type_name() const override { return "builtin_function_or_method"; }
  Value attribute(std::string_view) const override { return {}; }
  std::string text() const override {
    return fmt::format("<built-in method {} of {} object>", function_->name, self_.type_name());
  }
  RawCallable* raw_callable() override { return this; }
  Value invoke(Evaluator& evaluator, std::span<const Value> positional, const Named& named) override {
    ArgumentList arguments;
    arguments.add(self_);
    for (const auto& value : positional) arguments.add(value);
    CallArguments matched(*function_, evaluator, arguments.positional(), named);
    return function_->run(matched);
  }

 private:
  Value self_;
  const Function* function_;
};

const Value* list_item(const List& list, std::int64_t index) {
  const auto size = static_cast<std::int64_t>(list.size());
  if (index < 0) index += size;
  return index >= 0 && index < size ? &list[static_cast<std::size_t>(index)] : nullptr;
}

}  // namespace

Origin Evaluator::here() const { return {now_.tree, now_.offset}; }

Value Evaluator::evaluate(const Expr& expr) {
  step();
  const Level level(*this);
  switch (expr.kind) {
    case ExprKind::constant:
      return static_cast<const ConstantExpr&>(expr).value;
    case ExprKind::name:
      return evaluate_name(static_cast<const NameExpr&>(expr));
    case ExprKind::list:
      return evaluate_list(static_cast<const ListExpr&>(expr));
    case ExprKind::dict:
      return evaluate_dict(static_cast<const DictExpr&>(expr));
    case ExprKind::unary:
      return evaluate_unary(static_cast<const UnaryExpr&>(expr));
    case ExprKind::binary: {
      const auto& node = static_cast<const BinaryExpr&>(expr);
      const auto left = evaluate(*node.left);
      const auto right = evaluate(*node.right);
      at(node.offset);
      return binary(node.op, left, right, *this);
    }
    case ExprKind::logic:
      return evaluate_logic(static_cast<const BinaryExpr&>(expr));
    case ExprKind::compare:
      return evaluate_compare(static_cast<const CompareExpr&>(expr));
    case ExprKind::concat:
      return evaluate_concat(static_cast<const ConcatExpr&>(expr));
    case ExprKind::conditional:
      return evaluate_conditional(static_cast<const ConditionalExpr&>(expr));
    case ExprKind::attribute:
      return evaluate_attribute(static_cast<const AttributeExpr&>(expr));
    case ExprKind::item: {
      const auto& node = static_cast<const ItemExpr&>(expr);
      const auto object = evaluate(*node.object);
      const auto key = evaluate(*node.key);
      at(node.offset);
      return item(object, key);
    }
    case ExprKind::slice:
      return evaluate_slice(static_cast<const SliceExpr&>(expr));
    case ExprKind::call:
      return evaluate_call(static_cast<const CallExpr&>(expr));
    case ExprKind::filter:
    case ExprKind::test:
      return evaluate_apply(static_cast<const ApplyExpr&>(expr), nullptr);
  }
  return {};
}

const Value* Evaluator::find_variable(const NameExpr& name) {
  for (const auto& reference : name.slots) {
    Frame* frame = now_.frame;
    for (auto depth = reference.depth; depth > 0; --depth) frame = frame->parent.get();
    const auto& value = frame->slots[reference.slot];
    if (!value.is_unset()) return &value;
  }
  if (const auto* value = now_.instance->context->find(name.name)) return value;
  const auto global = environment_.globals.find(name.name);
  return global == environment_.globals.end() ? nullptr : &global->second;
}

const Value& Evaluator::peek(const Expr& expr, Value& scratch) {
  if (expr.kind == ExprKind::constant) return static_cast<const ConstantExpr&>(expr).value;
  if (expr.kind == ExprKind::name) {
    const auto& name = static_cast<const NameExpr&>(expr);
    if (!name.is_special()) {
      if (const auto* found = find_variable(name)) return *found;
    }
  } else if (expr.kind == ExprKind::attribute) {
    const auto& node = static_cast<const AttributeExpr&>(expr);
    Value base_scratch;
    const auto& base = peek(*node.object, base_scratch);
    // A base that lives in base_scratch goes away with it, so that case takes the slow path below.
    if (base.is_dict() && &base != &base_scratch && !node.is_dict_method) {
      auto& hint = now_.hints[node.number];
      const auto& dict = base.dict();
      const auto position = dict.position(node.name, hint);
      if (position < dict.size()) {
        hint = static_cast<std::uint32_t>(position);
        return dict.at(position).second;
      }
    }
    step();
    at(node.offset);
    return scratch = attribute(base, node.name);
  }
  return scratch = evaluate(expr);
}

Value Evaluator::evaluate_name(const NameExpr& name) {
  if (name.is_special()) return special_name(name);
  if (const auto* found = find_variable(name)) return *found;
  return undefined_variable(name.name, {now_.tree, name.offset});
}

Value Evaluator::evaluate_list(const ListExpr& list) {
  List items;
  items.reserve(list.items.size());
  for (const auto& expr : list.items) items.push_back(evaluate(*expr));
  at(list.offset);
  return {std::move(items), list.form};
}

Value Evaluator::evaluate_dict(const DictExpr& node) {
  Dict dict;
  for (const auto& [key_expr, value_expr] : node.members) {
    auto key = evaluate(*key_expr);
    auto value = evaluate(*value_expr);
    at(key_expr->offset);
    dict.set(std::move(key), std::move(value));
  }
  at(node.offset);
  return dict;
}

Value Evaluator::evaluate_unary(const UnaryExpr& unary) {
  const auto value = evaluate(*unary.operand);
  at(unary.offset);
  if (unary.op == Operator::negate) return negate(value);
  if (unary.op == Operator::plus) return positive(value);
  return !truth(value);
}

Value Evaluator::evaluate_logic(const BinaryExpr& logic) {
  auto left = evaluate(*logic.left);
  at(logic.offset);
  const bool stops = truth(left) == (logic.op == Operator::logical_or);
  return stops ? left : evaluate(*logic.right);
}

bool Evaluator::compare_values(Operator op, const Value& left, const Value& right) {
  switch (op) {
    case Operator::equal:
      return equal(left, right);
    case Operator::not_equal:
      return !equal(left, right);
    case Operator::less:
      return compare(left, right, "<") == -1;
    case Operator::less_equal: {
      const int order = compare(left, right, "<=");
      return order == -1 || order == 0;
    }
    case Operator::greater:
      return compare(left, right, ">") == 1;
    case Operator::greater_equal: {
      const int order = compare(left, right, ">=");
      return order == 1 || order == 0;
    }
    case Operator::in:
      return contains(right, left);
    default:
      return !contains(right, left);
  }
}

Value Evaluator::evaluate_compare(const CompareExpr& node) {
  auto left = evaluate(*node.first);
  for (const auto& next : node.steps) {
    auto right = evaluate(*next.operand);
    at(next.offset);
    if (right.is_list()) charge(right.list().size());
    if (!compare_values(next.op, left, right)) return false;
    left = std::move(right);
  }
  return true;
}

Value Evaluator::evaluate_concat(const ConcatExpr& concat) {
  List parts;
  parts.reserve(concat.parts.size());
  bool markup = false;
  for (const auto& part : concat.parts) {
    parts.push_back(evaluate(*part));
    markup = markup || parts.back().is_markup();
  }
  at(concat.offset);
  std::string text;
  for (const auto& part : parts) {
    if (markup && escaping_) {
      text += escaped_text(part, *this);
    } else {
      append_text(text, part);
    }
  }
  charge_text(text.size());
  return markup && escaping_ ? Value::markup(std::move(text)) : Value(std::move(text));
}

Value Evaluator::evaluate_conditional(const ConditionalExpr& conditional) {
  const auto test = evaluate(*conditional.test);
  at(conditional.offset);
  if (truth(test)) return evaluate(*conditional.yes);
  if (conditional.no) return evaluate(*conditional.no);
  return lenient_undefined("the inline if-expression evaluated to false and no else section was defined",
                           {now_.tree, conditional.offset});
}

Value Evaluator::evaluate_attribute(const AttributeExpr& node) {
  Value scratch;
  return peek(node, scratch);
}

Value Evaluator::attribute(const Value& value, std::string_view name) {
  switch (value.kind()) {
    case Value::Kind::undefined:
      throw UndefinedUse(value);
    case Value::Kind::object: {
      auto found = value.object().attribute(name);
      if (!found.is_unset()) return found;
      break;
    }
    default:
      if (const auto* method = method_of(value.kind(), name)) return Value::object(new BoundMethod(value, method));
      if (const auto* member = value.find(name)) return *member;
  }
  return undefined_attribute(value, std::string(name), here());
}

Value Evaluator::item(const Value& value, const Value& key) {
  if (value.is_undefined()) throw UndefinedUse(value);
  if (key.is_undefined()) throw UndefinedUse(key);
  if (value.is_dict()) {
    if (!(key.is_list() && key.list_form() != ListForm::tuple) && !key.is_dict()) {
      if (const auto* found = value.dict().find(key)) return *found;
    }
  } else if (key.is_integral()) {
    if (value.is_list() && (value.list_form() == ListForm::list || value.list_form() == ListForm::tuple)) {
      if (const auto* found = list_item(value.list(), key.integer())) return *found;
    } else if (value.is_string()) {
      const auto characters = iterate(value);
      if (const auto* found = list_item(characters, key.integer())) {
        return value.is_markup() ? Value::markup(found->string()) : *found;
      }
    } else if (value.is_object() && value.object().items() != nullptr) {
      if (const auto* found = list_item(*value.object().items(), key.integer())) return *found;
    }
  }
  if (key.is_string()) return attribute(value, key.string());
  return undefined_because(fmt::format("'{} object' has no element {}", value.type_name(), repr(key)), here());
}

Value Evaluator::evaluate_slice(const SliceExpr& node) {
  const auto object = evaluate(*node.object);
  const auto bound = [this](const ExprPtr& expr) { return expr ? evaluate(*expr) : Value::none(); };
  const auto start = bound(node.start);
  const auto stop = bound(node.stop);
  const auto step_value = bound(node.step);
  at(node.offset);
  if (object.is_list())
    charge(object.list().size() / 16);
  else if (object.is_string())
    charge(object.string().size() / 64);
  return slice(object, start, stop, step_value);
}

void Evaluator::evaluate_arguments(const ArgumentExprs& exprs, ArgumentList& arguments) {
  for (const auto& expr : exprs.positional) arguments.add(evaluate(*expr));
  for (const auto& named : exprs.named) arguments.named.emplace_back(named.name, evaluate(*named.value));
  if (exprs.rest) {
    const auto rest = evaluate(*exprs.rest);
    at(exprs.rest->offset);
    for (auto& value : iterate(rest)) arguments.add(std::move(value));
  }
  if (exprs.named_rest) {
    const auto rest = evaluate(*exprs.named_rest);
    at(exprs.named_rest->offset);
    if (!rest.is_dict()) fail_user("the argument after ** must be a mapping, not {}", rest.type_name());
    for (const auto& [key, value] : rest.dict()) {
      if (!key.is_string()) fail_user("keywords must be strings, not {}", key.type_name());
      arguments.named.emplace_back(key.string(), value);
    }
  }
}

Value Evaluator::call_function(const Function& function, std::span<const Value> positional, const Named& named) {
  CallArguments arguments(function, *this, positional, named);
  return function.run(arguments);
}

Value Evaluator::evaluate_call(const CallExpr& node) {
  ArgumentList arguments;
  if (node.callee->kind == ExprKind::attribute) {
    const auto& attribute_node = static_cast<const AttributeExpr&>(*node.callee);
    auto self = evaluate(*attribute_node.object);
    at(attribute_node.offset);
    if (const auto* method = method_of(self.kind(), attribute_node.name)) {
      arguments.add(std::move(self));
      evaluate_arguments(node.arguments, arguments);
      at(attribute_node.offset);
      return call_function(*method, arguments.positional(), arguments.named);
    }
    const auto callee = attribute(self, attribute_node.name);
    evaluate_arguments(node.arguments, arguments);
    at(attribute_node.offset);
    return call(callee, arguments.positional(), arguments.named);
  }
  const auto callee = evaluate(*node.callee);
  evaluate_arguments(node.arguments, arguments);
  at(node.callee->offset);
  return call(callee, arguments.positional(), arguments.named);
}

Value Evaluator::call(const Value& callable, std::span<const Value> positional, const Named& named) {
  if (callable.is_undefined()) throw UndefinedUse(callable);
  if (callable.is_callable()) return call_function(callable.function(), positional, named);
  if (callable.is_object()) {
    // Keeps the object alive: the call may drop the last other owner.
    const Value keep = callable;
    auto& object = keep.object();
    if (auto* raw = object.raw_callable()) return raw->invoke(*this, positional, named);
    if (const auto* signature = object.signature()) {
      CallArguments arguments(*signature, *this, positional, named);
      return object.call(arguments);
    }
  }
  fail_user("'{}' object is not callable", callable.type_name());
}

Value Evaluator::evaluate_apply(const ApplyExpr& apply, const Value* input) {
  ArgumentList arguments;
  arguments.add(input != nullptr ? *input : evaluate(*apply.input));
  evaluate_arguments(apply.arguments, arguments);
  at(apply.offset);
  return call_function(*apply.function, arguments.positional(), arguments.named);
}

}  // namespace sitrep::templating
