#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "templating/environment_state.hpp"
#include "templating/function.hpp"
#include "templating/tree.hpp"
#include "templating/value.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

class Evaluator;

/// The slots of one activation of a unit. A macro keeps the frame it was made in; when the activation ends its slots
/// are cleared, so that no cycle of frames and macros outlives a render.
struct Frame : Shared {
  explicit Frame(std::size_t size, Frame* p = nullptr) : slots(size), parent(p) {}
  std::vector<Value> slots;
  Handle<Frame> parent;  ///< of the unit around
};

/// Variables by name: what the caller gave, what a template set at its top, what an include passes on.
struct Context : Shared {
  const Value* find(std::string_view name) const;
  TextMap<Value> variables;
  Value given;  ///< a dict, or unset
  Handle<Context> parent;
};

/// One template with its parents: they share context and blocks.
struct Instance {
  struct Definition {
    const BlockStatement* block;
    const Tree* tree;
  };
  Handle<Context> context;
  TextMap<std::vector<Definition>> blocks;  ///< the most derived first
  std::vector<Handle<Frame>> roots;         ///< frames of the templates of the chain
};

/// Where evaluation is; what a call replaces and its end restores.
struct Activation {
  const Tree* tree = nullptr;
  Frame* frame = nullptr;
  Instance* instance = nullptr;
  std::uint32_t offset = 0;        ///< of the node whose work may fail
  std::uint32_t* hints = nullptr;  ///< of the tree: where attributes were found last
  const std::string* block = nullptr;
  std::size_t block_level = 0;  ///< how many supers deep
  bool extended = false;        ///< the template has a parent: its own output goes nowhere
  const Tree* parent = nullptr;
  bool at_root = false;
};

/// Takes a call's arguments as they come (macros, loop, super, methods).
class RawCallable {
 public:
  virtual ~RawCallable() = default;
  virtual Value invoke(Evaluator& evaluator, std::span<const Value> positional, const Named& named) = 0;
};

/// Evaluated arguments; the few that most calls have need no allocation.
class ArgumentList {
 public:
  void add(Value value) {
    if (more_.empty() && size_ < few_.size()) {
      few_[size_++] = std::move(value);
      return;
    }
    if (more_.empty()) more_.assign(few_.begin(), few_.end());
    more_.push_back(std::move(value));
  }
  std::span<const Value> positional() const {
    return more_.empty() ? std::span<const Value>(few_.data(), size_) : std::span<const Value>(more_);
  }
  Named named;

 private:
  std::array<Value, 6> few_;
  std::size_t size_ = 0;
  std::vector<Value> more_;
};

/// One render. Expressions are in evaluate_expression.cpp, statements in evaluate_statement.cpp, templates and blocks
/// in evaluate_template.cpp, macros in evaluate_macro.cpp.
class Evaluator : public Engine {
 public:
  explicit Evaluator(const EnvironmentState& environment);
  ~Evaluator() override;
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  std::string render(const Tree& tree, const Value& context);

  // Engine
  Value call(const Value& callable, std::span<const Value> positional, const Named& named) override;
  Value filter(std::string_view name, std::span<const Value> positional, const Named& named) override;
  bool test(std::string_view name, std::span<const Value> positional, const Named& named) override;
  bool knows_filter(std::string_view name) const override { return environment_.filter(name) != nullptr; }
  bool knows_test(std::string_view name) const override { return environment_.test(name) != nullptr; }
  Value attribute(const Value& value, std::string_view name) override;
  Value item(const Value& value, const Value& key) override;
  bool autoescape() const override { return escaping_; }
  std::string escape(std::string_view text) const override;
  void charge(std::uint64_t steps) override;
  void charge_text(std::uint64_t bytes) override;
  void give_time(std::chrono::steady_clock::duration waited) override;
  void adopt(Object& object) override { adopted_.emplace_back(&object); }

  // For macros, loops and blocks
  Value call_macro(const MacroUnit& unit, const Activation& home, Frame& closure, std::span<const Value> positional,
                   const Named& named);
  Value call_block(Instance& instance, const std::string& name, std::size_t level);
  Value call_loop(const LoopStatement& loop, const Activation& home, const Value& items, std::int64_t depth);
  Origin here() const;

 private:
  class Level;    // counts the depth of the C++ stack
  class Switch;   // runs a piece in another activation and adds the place to its errors
  class Capture;  // collects output into a text

  // Expressions
  Value evaluate(const Expr& expr);
  /// The value without a copy where it has a home; otherwise it is put into `scratch`.
  const Value& peek(const Expr& expr, Value& scratch);
  const Value* find_variable(const NameExpr& name);
  Value evaluate_name(const NameExpr& name);
  Value special_name(const NameExpr& name);
  Value evaluate_list(const ListExpr& list);
  Value evaluate_dict(const DictExpr& dict);
  Value evaluate_unary(const UnaryExpr& unary);
  Value evaluate_logic(const BinaryExpr& logic);
  Value evaluate_compare(const CompareExpr& compare);
  bool compare_values(Operator op, const Value& left, const Value& right);
  Value evaluate_concat(const ConcatExpr& concat);
  Value evaluate_conditional(const ConditionalExpr& conditional);
  Value evaluate_attribute(const AttributeExpr& attribute);
  Value evaluate_slice(const SliceExpr& slice);
  Value evaluate_call(const CallExpr& call);
  /// `input` stands in for apply.input unless it is null.
  Value evaluate_apply(const ApplyExpr& apply, const Value* input);
  /// A chain of filters whose innermost one has no input of its own.
  Value filter_chain(const Expr& expr, const Value& input);
  void evaluate_arguments(const ArgumentExprs& exprs, ArgumentList& arguments);
  Value call_function(const Function& function, std::span<const Value> positional, const Named& named);

  // Statements
  void run(const Body& body);
  void run_statement(const Statement& statement);
  void run_output(const OutputStatement& output);
  void run_branch(const BranchStatement& branch);
  void run_loop(const LoopStatement& loop);
  void run_loop_over(const LoopStatement& loop, const Value& items, std::int64_t depth);
  List loop_items(const LoopStatement& loop, const Value& items);
  void run_with(const WithStatement& with);
  void run_set_block(const SetBlockStatement& set);
  void run_filter_block(const FilterBlockStatement& block);
  void run_macro(const MacroStatement& macro);
  void run_call_block(const CallBlockStatement& block);
  void run_block(const BlockStatement& block);
  void run_extends(const ExtendsStatement& extends);
  void run_include(const IncludeStatement& include);
  void run_import(const ImportStatement& import);
  void run_autoescape(const AutoescapeStatement& statement);
  void assign(const Target& target, Value value);
  /// The value of `space.name + …` for that very member.
  Value grow(const Target& target, const BinaryExpr& sum);
  void clear(SlotRange range);
  void write(const Value& value);
  void write_text(std::string_view text);
  bool silent() const { return now_.at_root && now_.extended; }
  Value captured(std::string text) const;

  // Templates
  void run_template(const Tree& tree, Instance& instance);
  const Tree* load_first(const Value& name, bool ignore_missing);
  Handle<Context> derived_context(bool with_context, const std::vector<VisibleName>& visible);
  const Value* visible_value(const VisibleName& name) const;
  Value module_of(const Tree& tree, Handle<Context> context, bool shareable);
  std::uint32_t* hints_of(const Tree& tree);
  Value make_macro(const MacroUnit& unit);
  void bind_parameters(const MacroUnit& unit, std::span<const Value> positional, const Named& named);
  Instance& new_instance(Handle<Context> context);

  void at(std::uint32_t offset) { now_.offset = offset; }
  void step() {
    if (--fuel_ == 0) refuel();
  }
  void refuel();
  [[noreturn]] void fail_with_place(const Error& error) const;

  const EnvironmentState& environment_;
  Activation now_;
  std::vector<Activation> callers_;  // outermost first
  std::string* out_ = nullptr;
  bool escaping_ = false;
  int level_ = 0;
  std::uint64_t fuel_ = 0;        // steps to the next look at the clock
  std::uint64_t steps_left_ = 0;  // beyond those
  std::chrono::steady_clock::time_point deadline_, last_deadline_;
  std::vector<std::unique_ptr<Instance>> instances_;
  TextMap<Value> modules_;  // imported without context
  std::unordered_map<const Tree*, std::vector<std::uint32_t>> hints_;
  std::vector<Handle<Object>> adopted_;
};

}  // namespace sitrep::templating
