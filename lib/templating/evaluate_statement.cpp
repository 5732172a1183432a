#include <fmt/format.h>

#include "templating/evaluator.hpp"
#include "templating/evaluator_scopes.hpp"
#include "templating/loop_object.hpp"
#include "templating/namespace_object.hpp"
#include "templating/operators.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

/// The sum of `set space.name = space.name + …`.
const BinaryExpr* growth_of(const SetStatement& set) {
  if (set.target.kind != Target::Kind::member || set.value->kind != ExprKind::binary) return nullptr;
  const auto& sum = static_cast<const BinaryExpr&>(*set.value);
  if (sum.op != Operator::add || sum.left->kind != ExprKind::attribute) return nullptr;
  const auto& left = static_cast<const AttributeExpr&>(*sum.left);
  if (left.name != set.target.name || left.object->kind != ExprKind::name) return nullptr;
  return static_cast<const NameExpr&>(*left.object).name == set.target.space->name ? &sum : nullptr;
}

}  // namespace

void Evaluator::run(const Body& body) {
  const Level level(*this);
  for (const auto& statement : body) run_statement(*statement);
}

void Evaluator::run_statement(const Statement& statement) {
  step();
  switch (statement.kind) {
    case StatementKind::text:
      at(statement.offset);
      if (!silent()) write_text(static_cast<const TextStatement&>(statement).text);
      return;
    case StatementKind::output:
      return run_output(static_cast<const OutputStatement&>(statement));
    case StatementKind::branch:
      return run_branch(static_cast<const BranchStatement&>(statement));
    case StatementKind::loop:
      return run_loop(static_cast<const LoopStatement&>(statement));
    case StatementKind::set: {
      const auto& set = static_cast<const SetStatement&>(statement);
      const auto* sum = growth_of(set);
      return assign(set.target, sum == nullptr ? evaluate(*set.value) : grow(set.target, *sum));
    }
    case StatementKind::set_block:
      return run_set_block(static_cast<const SetBlockStatement&>(statement));
    case StatementKind::macro:
      return run_macro(static_cast<const MacroStatement&>(statement));
    case StatementKind::call_block:
      return run_call_block(static_cast<const CallBlockStatement&>(statement));
    case StatementKind::filter_block:
      return run_filter_block(static_cast<const FilterBlockStatement&>(statement));
    case StatementKind::with:
      return run_with(static_cast<const WithStatement&>(statement));
    case StatementKind::block:
      return run_block(static_cast<const BlockStatement&>(statement));
    case StatementKind::extends:
      return run_extends(static_cast<const ExtendsStatement&>(statement));
    case StatementKind::include:
      return run_include(static_cast<const IncludeStatement&>(statement));
    case StatementKind::import:
      return run_import(static_cast<const ImportStatement&>(statement));
    case StatementKind::autoescape:
      return run_autoescape(static_cast<const AutoescapeStatement&>(statement));
  }
}

void Evaluator::write_text(std::string_view text) {
  charge_text(out_->size() + text.size());
  out_->append(text);
}

void Evaluator::write(const Value& value) {
  const auto before = out_->size();
  if (escaping_ && !value.is_number() && !value.is_none() && !value.is_markup()) {
    *out_ += escape(value.is_string() ? value.string() : to_text(value));
  } else {
    append_text(*out_, value);
  }
  if (out_->size() > environment_.options.limits.output_bytes) charge_text(out_->size());
  if (out_->size() - before > 1024) charge((out_->size() - before) / 16);
}

void Evaluator::run_output(const OutputStatement& output) {
  if (silent()) return;
  Value scratch;
  const auto& value = peek(*output.value, scratch);
  at(output.offset);
  write(value);
}

void Evaluator::run_branch(const BranchStatement& branch) {
  for (const auto& [test, body] : branch.branches) {
    const auto value = evaluate(*test);
    at(test->offset);
    if (truth(value)) return run(body);
  }
  run(branch.otherwise);
}

// How templates collect: a copy of all that was collected before for each addition would make that quadratic. The
// namespace lets its list go just before it is given the longer one; CPython treats `text = text + more` alike.
Value Evaluator::grow(const Target& target, const BinaryExpr& sum) {
  auto left = evaluate(*sum.left);
  const auto right = evaluate(*sum.right);
  at(sum.offset);
  if (!joins_lists(left, right)) return binary(sum.op, left, right, *this);
  const auto space = evaluate_name(*target.space);
  auto* object = space.is_object() ? dynamic_cast<NamespaceObject*>(&space.object()) : nullptr;
  if (object == nullptr || !object->attribute(target.name).same_as(left)) return binary(sum.op, left, right, *this);
  charge(right.list().size() + 1);
  object->set(target.name, Value::none());
  return Value::appended(std::move(left), right);
}

void Evaluator::clear(SlotRange range) {
  for (auto slot = range.first; slot < range.last; ++slot) now_.frame->slots[slot] = Value();
}

void Evaluator::assign(const Target& target, Value value) {
  switch (target.kind) {
    case Target::Kind::slot:
      if (target.exported) now_.instance->context->variables.insert_or_assign(target.name, value);
      now_.frame->slots[target.slot] = std::move(value);
      return;
    case Target::Kind::member: {
      const auto space = evaluate_name(*target.space);
      at(target.offset);
      if (space.is_undefined()) throw UndefinedUse(space);
      auto* object = space.is_object() ? dynamic_cast<NamespaceObject*>(&space.object()) : nullptr;
      if (object == nullptr) fail_user("cannot assign attribute '{}' on a non-namespace object", target.name);
      return object->set(target.name, std::move(value));
    }
    case Target::Kind::tuple: {
      at(target.offset);
      const auto items = iterate(value);
      if (items.size() < target.parts.size()) {
        fail_user("not enough values to unpack (expected {}, got {})", target.parts.size(), items.size());
      }
      if (items.size() > target.parts.size()) {
        fail_user("too many values to unpack (expected {}, got {})", target.parts.size(), items.size());
      }
      for (std::size_t i = 0; i < items.size(); ++i) assign(target.parts[i], items[i]);
    }
  }
}

void Evaluator::run_loop(const LoopStatement& loop) {
  const auto items = evaluate(*loop.items);
  at(loop.items->offset);
  run_loop_over(loop, items, 0);
}

// The condition of a loop sees the variables of the round it decides on.
List Evaluator::loop_items(const LoopStatement& loop, const Value& items) {
  auto all = iterate(items);
  if (!loop.condition) return all;
  List kept;
  for (auto& value : all) {
    clear(loop.own);
    assign(loop.target, value);
    const auto test = evaluate(*loop.condition);
    at(loop.condition->offset);
    if (truth(test)) kept.push_back(std::move(value));
  }
  return kept;
}

void Evaluator::run_loop_over(const LoopStatement& loop, const Value& items, std::int64_t depth) {
  Handle<LoopObject> object;
  List copied;
  // Lists can't change, so a loop walks the list itself unless it filters or tells its position.
  const List* list = items.is_list() ? &items.list() : nullptr;
  if (loop.uses_loop || loop.recursive) {
    object = Handle<LoopObject>(new LoopObject(loop, now_, loop_items(loop, items), depth));
    list = &object->all();
  } else if (list == nullptr || loop.condition) {
    copied = loop_items(loop, items);
    list = &copied;
  }
  if (list->empty()) {
    clear(loop.own);
    return run(loop.otherwise);
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    clear(loop.own);
    assign(loop.target, (*list)[i]);
    if (object) {
      object->move_to(i);
      now_.frame->slots[loop.loop_slot] = Value::object(object.get());
    }
    run(loop.body);
  }
  clear(loop.own);
  if (object) object->end();
}

Value Evaluator::call_loop(const LoopStatement& loop, const Activation& home, const Value& items, std::int64_t depth) {
  // The inner rounds use the slots of the outer round, which goes on afterwards. `home.frame` lives: its loop runs.
  Frame& frame = *home.frame;
  const auto first = frame.slots.begin() + loop.subtree.first;
  const auto last = frame.slots.begin() + loop.subtree.last;
  List saved(first, last);
  Capture capture(*this);
  {
    Switch scope(*this, home);
    scope.run([&] { run_loop_over(loop, items, depth); });
  }
  std::move(saved.begin(), saved.end(), first);
  return captured(capture.take());
}

void Evaluator::run_set_block(const SetBlockStatement& set) {
  std::string text;
  {
    Capture capture(*this);
    const bool extended = std::exchange(now_.extended, false);
    clear(set.own);
    run(set.body);
    clear(set.own);
    now_.extended = extended;
    text = capture.take();
  }
  auto value = captured(std::move(text));
  if (set.filter) {
    // The innermost filter of the chain has no input expression: it gets the text.
    value = filter_chain(*set.filter, value);
    if (escaping_ && value.is_string() && !value.is_markup()) value = Value::markup(escaped_text(value, *this));
  }
  assign(set.target, std::move(value));
}

Value Evaluator::filter_chain(const Expr& expr, const Value& input) {
  const auto& apply = static_cast<const ApplyExpr&>(expr);
  if (!apply.input) return evaluate_apply(apply, &input);
  const auto inner = filter_chain(*apply.input, input);
  return evaluate_apply(apply, &inner);
}

void Evaluator::run_filter_block(const FilterBlockStatement& block) {
  std::string text;
  {
    Capture capture(*this);
    clear(block.own);
    run(block.body);
    clear(block.own);
    text = capture.take();
  }
  if (silent()) return;
  const auto value = filter_chain(*block.filter, captured(std::move(text)));
  at(block.offset);
  write(value);
}

void Evaluator::run_with(const WithStatement& with) {
  List values;
  for (const auto& expr : with.values) values.push_back(evaluate(*expr));
  clear(with.own);
  for (std::size_t i = 0; i < values.size(); ++i) assign(with.targets[i], std::move(values[i]));
  run(with.body);
  clear(with.own);
}

void Evaluator::run_autoescape(const AutoescapeStatement& statement) {
  const auto on = evaluate(*statement.on);
  at(statement.on->offset);
  const bool before = std::exchange(escaping_, truth(on));
  clear(statement.own);
  run(statement.body);
  clear(statement.own);
  escaping_ = before;
}

Value Evaluator::captured(std::string text) const {
  return escaping_ ? Value::markup(std::move(text)) : Value(std::move(text));
}

}  // namespace sitrep::templating
