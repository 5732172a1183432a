#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "templating/environment.hpp"
#include "templating/function.hpp"
#include "templating/value.hpp"

// The immutable tree that the parser builds and the evaluator walks. A place is an offset into Tree::source.
//
// Variables live in slots of a frame. A unit (template, block, macro, body of a call) has one frame per activation; the
// scopes inside it (loops, with) own ranges of its slots. Which slots a name may mean is known after parsing: innermost
// scope first, an unset slot falls through to the next, and at last to the context.

namespace sitrep::templating {

struct SlotReference {
  std::uint32_t depth;  ///< units outward
  std::uint32_t slot;
};

enum class ExprKind : std::uint8_t {
  constant,
  name,
  list,
  dict,
  unary,
  binary,
  logic,
  compare,
  concat,
  conditional,
  attribute,
  item,
  slice,
  call,
  filter,
  test,
};

struct Expr {
  Expr(ExprKind k, std::uint32_t o) : kind(k), offset(o) {}
  virtual ~Expr() = default;
  ExprKind kind;
  std::uint32_t offset;
};
using ExprPtr = std::unique_ptr<Expr>;

struct ConstantExpr : Expr {
  ConstantExpr(Value v, std::uint32_t o) : Expr(ExprKind::constant, o), value(std::move(v)) {}
  Value value;
};

struct NameExpr : Expr {
  NameExpr(std::string n, std::uint32_t o) : Expr(ExprKind::name, o), name(std::move(n)) {}
  std::string name;
  std::vector<SlotReference> slots;
  bool is_special() const { return name == "self" || name == "super"; }
};

struct ListExpr : Expr {
  ListExpr(std::vector<ExprPtr> i, ListForm f, std::uint32_t o)
      : Expr(ExprKind::list, o), items(std::move(i)), form(f) {}
  std::vector<ExprPtr> items;
  ListForm form;
};

struct DictExpr : Expr {
  explicit DictExpr(std::uint32_t o) : Expr(ExprKind::dict, o) {}
  std::vector<std::pair<ExprPtr, ExprPtr>> members;
};

enum class Operator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  floor_divide,
  modulo,
  power,
  negate,
  plus,
  logical_not,
  logical_and,
  logical_or,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  not_in,
};

struct UnaryExpr : Expr {
  UnaryExpr(Operator p, ExprPtr e, std::uint32_t o) : Expr(ExprKind::unary, o), op(p), operand(std::move(e)) {}
  Operator op;
  ExprPtr operand;
};

/// `binary` evaluates both sides, `logic` (and, or) the right one only when needed.
struct BinaryExpr : Expr {
  BinaryExpr(ExprKind k, Operator p, ExprPtr l, ExprPtr r, std::uint32_t o)
      : Expr(k, o), op(p), left(std::move(l)), right(std::move(r)) {}
  Operator op;
  ExprPtr left, right;
};

struct CompareExpr : Expr {
  struct Step {
    Operator op;
    ExprPtr operand;
    std::uint32_t offset;
  };
  CompareExpr(ExprPtr f, std::uint32_t o) : Expr(ExprKind::compare, o), first(std::move(f)) {}
  ExprPtr first;
  std::vector<Step> steps;
};

struct ConcatExpr : Expr {
  ConcatExpr(std::vector<ExprPtr> p, std::uint32_t o) : Expr(ExprKind::concat, o), parts(std::move(p)) {}
  std::vector<ExprPtr> parts;
};

struct ConditionalExpr : Expr {
  ConditionalExpr(ExprPtr t, ExprPtr y, ExprPtr n, std::uint32_t o)
      : Expr(ExprKind::conditional, o), test(std::move(t)), yes(std::move(y)), no(std::move(n)) {}
  ExprPtr test, yes, no;  // `no` may be null
};

struct AttributeExpr : Expr {
  AttributeExpr(ExprPtr e, std::string n, std::uint32_t o)
      : Expr(ExprKind::attribute, o), object(std::move(e)), name(std::move(n)) {}
  ExprPtr object;
  std::string name;
  std::uint32_t number = 0;     ///< of this node in its tree: where the evaluator keeps the position of the last find
  bool is_dict_method = false;  ///< what dictionaries have under that name comes before their keys
};

struct ItemExpr : Expr {
  ItemExpr(ExprPtr e, ExprPtr k, std::uint32_t o) : Expr(ExprKind::item, o), object(std::move(e)), key(std::move(k)) {}
  ExprPtr object, key;
};

struct SliceExpr : Expr {
  explicit SliceExpr(std::uint32_t o) : Expr(ExprKind::slice, o) {}
  ExprPtr object, start, stop, step;  // all but the object may be null
};

struct NamedExpr {
  std::string name;
  std::uint32_t offset;  // of the name
  ExprPtr value;
};

struct ArgumentExprs {
  std::vector<ExprPtr> positional;
  std::vector<NamedExpr> named;
  ExprPtr rest, named_rest;  // *x, **x; may be null
};

struct CallExpr : Expr {
  CallExpr(ExprPtr c, ArgumentExprs a, std::uint32_t o)
      : Expr(ExprKind::call, o), callee(std::move(c)), arguments(std::move(a)) {}
  ExprPtr callee;
  ArgumentExprs arguments;
};

/// A filter (value | name(…)) or a test (value is name(…)); the input of a filter block is null.
struct ApplyExpr : Expr {
  ApplyExpr(ExprKind k, ExprPtr i, const Function* f, ArgumentExprs a, std::uint32_t o)
      : Expr(k, o), input(std::move(i)), function(f), arguments(std::move(a)) {}
  ExprPtr input;
  const Function* function;  // owned by the environment, which the template keeps alive
  ArgumentExprs arguments;
};

/// Where an assignment goes.
struct Target {
  enum class Kind : std::uint8_t { slot, tuple, member } kind = Kind::slot;
  std::uint32_t offset = 0;
  std::uint32_t slot = 0;
  bool exported = false;  ///< at the top of a template: also a variable of the context
  std::string name;       ///< of the variable, or of the namespace's member
  std::vector<Target> parts;
  std::unique_ptr<NameExpr> space;  ///< the namespace of a member
};

enum class StatementKind : std::uint8_t {
  text,
  output,
  branch,
  loop,
  set,
  set_block,
  macro,
  call_block,
  filter_block,
  with,
  block,
  extends,
  include,
  import,
  autoescape,
};

struct Statement {
  Statement(StatementKind k, std::uint32_t o) : kind(k), offset(o) {}
  virtual ~Statement() = default;
  StatementKind kind;
  std::uint32_t offset;
};
using Body = std::vector<std::unique_ptr<Statement>>;

struct SlotRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;  ///< one past
};

/// A variable that include, import with context and scoped blocks hand on.
struct VisibleName {
  std::string name;
  std::vector<SlotReference> slots;
};

struct Unit {
  std::string name;
  std::uint32_t slot_count = 0;
  Body body;
};

struct MacroUnit : Unit {
  struct Parameter {
    std::string name;
    std::uint32_t slot;
    ExprPtr fallback;  // may be null
  };
  std::vector<Parameter> parameters;
  std::uint32_t rest_slot = 0, named_slot = 0, caller_slot = 0;
  bool uses_rest = false, uses_named = false, uses_caller = false;
};

struct TextStatement : Statement {
  TextStatement(std::string t, std::uint32_t o) : Statement(StatementKind::text, o), text(std::move(t)) {}
  std::string text;
};

struct OutputStatement : Statement {
  OutputStatement(ExprPtr e, std::uint32_t o) : Statement(StatementKind::output, o), value(std::move(e)) {}
  ExprPtr value;
};

struct BranchStatement : Statement {
  explicit BranchStatement(std::uint32_t o) : Statement(StatementKind::branch, o) {}
  std::vector<std::pair<ExprPtr, Body>> branches;
  Body otherwise;
};

struct LoopStatement : Statement {
  explicit LoopStatement(std::uint32_t o) : Statement(StatementKind::loop, o) {}
  Target target;
  ExprPtr items, condition;  // condition may be null
  bool recursive = false;
  bool uses_loop = false;
  std::uint32_t loop_slot = 0;
  SlotRange own;      ///< set anew for each round
  SlotRange subtree;  ///< all slots inside; saved over a recursive call
  Body body, otherwise;
};

struct SetStatement : Statement {
  explicit SetStatement(std::uint32_t o) : Statement(StatementKind::set, o) {}
  Target target;
  ExprPtr value;
};

struct SetBlockStatement : Statement {
  explicit SetBlockStatement(std::uint32_t o) : Statement(StatementKind::set_block, o) {}
  Target target;
  ExprPtr filter;  // may be null
  Body body;
  SlotRange own;
};

struct MacroStatement : Statement {
  explicit MacroStatement(std::uint32_t o) : Statement(StatementKind::macro, o) {}
  Target target;
  MacroUnit unit;
};

struct CallBlockStatement : Statement {
  explicit CallBlockStatement(std::uint32_t o) : Statement(StatementKind::call_block, o) {}
  std::unique_ptr<CallExpr> call;
  MacroUnit unit;
};

struct FilterBlockStatement : Statement {
  explicit FilterBlockStatement(std::uint32_t o) : Statement(StatementKind::filter_block, o) {}
  ExprPtr filter;
  Body body;
  SlotRange own;
};

struct WithStatement : Statement {
  explicit WithStatement(std::uint32_t o) : Statement(StatementKind::with, o) {}
  std::vector<Target> targets;
  std::vector<ExprPtr> values;
  Body body;
  SlotRange own;
};

struct BlockStatement : Statement {
  explicit BlockStatement(std::uint32_t o) : Statement(StatementKind::block, o) {}
  bool scoped = false;
  bool required = false;
  std::vector<VisibleName> visible;  ///< of a scoped block
  Unit unit;
};

struct ExtendsStatement : Statement {
  explicit ExtendsStatement(std::uint32_t o) : Statement(StatementKind::extends, o) {}
  ExprPtr parent;
};

struct IncludeStatement : Statement {
  explicit IncludeStatement(std::uint32_t o) : Statement(StatementKind::include, o) {}
  ExprPtr name;
  bool ignore_missing = false;
  bool with_context = true;
  std::vector<VisibleName> visible;
};

/// `import x as y` (names empty) and `from x import a, b as c`.
struct ImportStatement : Statement {
  explicit ImportStatement(std::uint32_t o) : Statement(StatementKind::import, o) {}
  ExprPtr name;
  Target target;
  struct Name {
    std::string name;
    Target target;
  };
  std::vector<Name> names;
  bool with_context = false;
  std::vector<VisibleName> visible;
};

struct AutoescapeStatement : Statement {
  explicit AutoescapeStatement(std::uint32_t o) : Statement(StatementKind::autoescape, o) {}
  ExprPtr on;
  Body body;
  SlotRange own;
};

/// A parsed template.
struct Tree {
  std::string name;
  std::string file;
  std::size_t first_line = 1;
  std::string source;  ///< normalised
  Unit root;
  std::vector<const BlockStatement*> blocks;  ///< all of them, also nested ones
  std::uint32_t attribute_count = 0;
  std::vector<std::pair<std::string, std::uint32_t>> free_names;
  std::vector<std::string> asked_names;  ///< x of "x is defined" and "x | default": they may be missing
  std::vector<CallSite> calls;           ///< in the order of the text
  std::vector<const MacroUnit*> macros;
  std::vector<std::string> variable_names;  ///< all that are assigned somewhere, those at the top first
  std::size_t top_names = 0;                ///< how many of them are assigned at the top

  Place place(std::uint32_t offset) const;
  std::string line_at(std::uint32_t offset) const;
};

}  // namespace sitrep::templating
