#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "templating/methods.hpp"
#include "templating/parser_core.hpp"

namespace sitrep::templating {

namespace {

// A chain of operators, filters or subscripts is as deep in the tree as it is long.
constexpr int k_longest_chain = 200;

}  // namespace

void Parser::check_chain(int links) const {
  if (links > k_longest_chain) fail_here(fmt::format("this expression has more than {} links", k_longest_chain));
}

ExprPtr Parser::parse_expression(Conditionals conditionals) {
  const Level level(*this);
  return conditionals == Conditionals::yes ? parse_conditional() : parse_or();
}

ExprPtr Parser::parse_conditional() {
  auto expr = parse_or();
  for (int links = 0; at_word("if"); check_chain(++links)) {
    const auto offset = next().offset;
    auto test = parse_or();
    ExprPtr otherwise;
    if (skip_word("else")) {
      const Level level(*this);
      otherwise = parse_conditional();
    }
    expr = std::make_unique<ConditionalExpr>(std::move(test), std::move(expr), std::move(otherwise), offset);
  }
  return expr;
}

ExprPtr Parser::parse_or() {
  auto left = parse_and();
  for (int links = 0; at_word("or"); check_chain(++links)) {
    const auto offset = next().offset;
    left = std::make_unique<BinaryExpr>(ExprKind::logic, Operator::logical_or, std::move(left), parse_and(), offset);
  }
  return left;
}

ExprPtr Parser::parse_and() {
  auto left = parse_not();
  for (int links = 0; at_word("and"); check_chain(++links)) {
    const auto offset = next().offset;
    left = std::make_unique<BinaryExpr>(ExprKind::logic, Operator::logical_and, std::move(left), parse_not(), offset);
  }
  return left;
}

ExprPtr Parser::parse_not() {
  if (!at_word("not")) return parse_compare();
  const Level level(*this);
  const auto offset = next().offset;
  return std::make_unique<UnaryExpr>(Operator::logical_not, parse_not(), offset);
}

std::optional<Operator> Parser::skip_comparison() {
  static constexpr std::pair<std::string_view, Operator> k_operators[] = {
      {"==", Operator::equal},      {"!=", Operator::not_equal}, {"<", Operator::less},
      {"<=", Operator::less_equal}, {">", Operator::greater},    {">=", Operator::greater_equal}};
  if (current().kind == TokenKind::punctuation) {
    for (const auto& [text, op] : k_operators) {
      if (skip_punctuation(text)) return op;
    }
    return std::nullopt;
  }
  if (skip_word("in")) return Operator::in;
  if (at_word("not") && look().kind == TokenKind::name && look().text == "in") {
    at_ += 2;
    return Operator::not_in;
  }
  return std::nullopt;
}

ExprPtr Parser::parse_compare() {
  auto first = parse_sum();
  auto offset = current().offset;
  auto op = skip_comparison();
  if (!op) return first;
  auto compare = std::make_unique<CompareExpr>(std::move(first), offset);
  while (op) {
    compare->steps.push_back({*op, parse_sum(), offset});
    offset = current().offset;
    op = skip_comparison();
  }
  return compare;
}

ExprPtr Parser::parse_sum() {
  auto left = parse_concat();
  for (int links = 0; at_punctuation("+") || at_punctuation("-"); check_chain(++links)) {
    const auto op = at_punctuation("+") ? Operator::add : Operator::subtract;
    const auto offset = next().offset;
    left = std::make_unique<BinaryExpr>(ExprKind::binary, op, std::move(left), parse_concat(), offset);
  }
  return left;
}

ExprPtr Parser::parse_concat() {
  auto first = parse_product();
  if (!at_punctuation("~")) return first;
  const auto offset = current().offset;
  std::vector<ExprPtr> parts;
  parts.push_back(std::move(first));
  while (skip_punctuation("~")) parts.push_back(parse_product());
  return std::make_unique<ConcatExpr>(std::move(parts), offset);
}

ExprPtr Parser::parse_product() {
  static constexpr std::pair<std::string_view, Operator> k_operators[] = {
      {"*", Operator::multiply}, {"/", Operator::divide}, {"//", Operator::floor_divide}, {"%", Operator::modulo}};
  auto left = parse_power();
  for (int links = 0;; check_chain(++links)) {
    const auto found = std::find_if(std::begin(k_operators), std::end(k_operators),
                                    [this](const auto& entry) { return at_punctuation(entry.first); });
    if (found == std::end(k_operators)) return left;
    const auto offset = next().offset;
    left = std::make_unique<BinaryExpr>(ExprKind::binary, found->second, std::move(left), parse_power(), offset);
  }
}

// Unlike Python's, Jinja's ** binds weaker than a sign and to the left: -2**2 is 4, 2**3**2 is 64.
ExprPtr Parser::parse_power() {
  auto left = parse_unary();
  for (int links = 0; at_punctuation("**"); check_chain(++links)) {
    const auto offset = next().offset;
    left = std::make_unique<BinaryExpr>(ExprKind::binary, Operator::power, std::move(left), parse_unary(), offset);
  }
  return left;
}

ExprPtr Parser::parse_unary(bool with_filters) {
  const Level level(*this);
  ExprPtr expr;
  if (at_punctuation("-") || at_punctuation("+")) {
    const auto op = at_punctuation("-") ? Operator::negate : Operator::plus;
    const auto offset = next().offset;
    expr = std::make_unique<UnaryExpr>(op, parse_unary(false), offset);
  } else {
    expr = parse_primary();
  }
  expr = parse_postfix(std::move(expr));
  return with_filters ? parse_filters_and_tests(std::move(expr)) : std::move(expr);
}

ExprPtr Parser::parse_name() {
  const auto& token = next();
  if (token.text == "true" || token.text == "True") return std::make_unique<ConstantExpr>(true, token.offset);
  if (token.text == "false" || token.text == "False") return std::make_unique<ConstantExpr>(false, token.offset);
  if (token.text == "none" || token.text == "None") return std::make_unique<ConstantExpr>(Value::none(), token.offset);
  auto name = std::make_unique<NameExpr>(token.text, token.offset);
  scopes_.read(*name);
  return name;
}

ExprPtr Parser::parse_primary() {
  const auto offset = current().offset;
  switch (current().kind) {
    case TokenKind::name:
      return parse_name();
    case TokenKind::string: {
      std::string text;
      while (current().kind == TokenKind::string) text += next().text;
      return std::make_unique<ConstantExpr>(std::move(text), offset);
    }
    case TokenKind::integer:
      return std::make_unique<ConstantExpr>(next().integer, offset);
    case TokenKind::real:
      return std::make_unique<ConstantExpr>(next().real, offset);
    default:
      break;
  }
  if (skip_punctuation("(")) {
    auto expr = parse_tuple(Conditionals::yes, {}, true);
    expect_punctuation(")");
    return expr;
  }
  if (at_punctuation("[")) return parse_list();
  if (at_punctuation("{")) return parse_dict();
  fail_here(fmt::format("unexpected {}", describe(current())));
}

bool Parser::at_tuple_end(std::string_view end_word) const {
  return current().kind == TokenKind::variable_end || current().kind == TokenKind::block_end || at_punctuation(")") ||
         (!end_word.empty() && at_word(end_word));
}

ExprPtr Parser::parse_tuple(Conditionals conditionals, std::string_view end_word, bool parentheses) {
  const auto offset = current().offset;
  std::vector<ExprPtr> items;
  bool is_tuple = false;
  while (!at_tuple_end(end_word)) {
    items.push_back(parse_expression(conditionals));
    if (!skip_punctuation(",")) break;
    is_tuple = true;
  }
  if (!is_tuple && items.size() == 1) return std::move(items.front());
  if (items.empty() && !parentheses) fail_here(fmt::format("expected an expression, got {}", describe(current())));
  return std::make_unique<ListExpr>(std::move(items), ListForm::tuple, offset);
}

ExprPtr Parser::parse_list() {
  const auto offset = current().offset;
  expect_punctuation("[");
  std::vector<ExprPtr> items;
  while (!at_punctuation("]")) {
    items.push_back(parse_expression());
    if (!at_punctuation("]")) expect_punctuation(",");
  }
  expect_punctuation("]");
  return std::make_unique<ListExpr>(std::move(items), ListForm::list, offset);
}

ExprPtr Parser::parse_dict() {
  auto dict = std::make_unique<DictExpr>(current().offset);
  expect_punctuation("{");
  while (!at_punctuation("}")) {
    auto key = parse_expression();
    expect_punctuation(":");
    dict->members.emplace_back(std::move(key), parse_expression());
    if (!at_punctuation("}")) expect_punctuation(",");
  }
  expect_punctuation("}");
  return dict;
}

ExprPtr Parser::parse_postfix(ExprPtr expr) {
  for (int links = 0;; check_chain(++links)) {
    if (at_punctuation(".") || at_punctuation("[")) {
      expr = parse_subscript(std::move(expr));
    } else if (at_punctuation("(")) {
      expr = parse_call(std::move(expr));
    } else {
      return expr;
    }
  }
}

ExprPtr Parser::parse_filters_and_tests(ExprPtr expr) {
  for (int links = 0;; check_chain(++links)) {
    if (at_punctuation("|")) {
      expr = parse_filters(std::move(expr));
    } else if (at_word("is")) {
      expr = parse_test(std::move(expr));
    } else if (at_punctuation("(")) {
      expr = parse_call(std::move(expr));
    } else {
      return expr;
    }
  }
}

ExprPtr Parser::parse_subscript(ExprPtr expr) {
  const auto offset = current().offset;
  if (skip_punctuation(".")) {
    const auto& token = next();
    if (token.kind == TokenKind::integer) {
      auto key = std::make_unique<ConstantExpr>(token.integer, token.offset);
      return std::make_unique<ItemExpr>(std::move(expr), std::move(key), token.offset);
    }
    if (token.kind != TokenKind::name) fail_at(token.offset, "expected a name or number after '.'");
    if (expr->kind == ExprKind::name)
      note_use(CallSite::Kind::member, static_cast<const NameExpr&>(*expr).name + "." + token.text, {}, token.offset);
    auto attribute = std::make_unique<AttributeExpr>(std::move(expr), token.text, token.offset);
    attribute->number = tree_.attribute_count++;
    attribute->is_dict_method = method_of(Value::Kind::dict, attribute->name) != nullptr;
    return attribute;
  }
  expect_punctuation("[");
  std::vector<ExprPtr> keys;
  ExprPtr slice;
  while (!at_punctuation("]")) {
    keys.push_back(parse_slice_or_key(offset, slice));
    if (!at_punctuation("]")) expect_punctuation(",");
  }
  if (slice != nullptr && keys.size() > 1) fail_at(offset, "a slice can't be one of several keys");
  expect_punctuation("]");
  if (slice != nullptr) {
    static_cast<SliceExpr&>(*slice).object = std::move(expr);
    return slice;
  }
  ExprPtr key =
      keys.size() == 1 ? std::move(keys.front()) : std::make_unique<ListExpr>(std::move(keys), ListForm::tuple, offset);
  return std::make_unique<ItemExpr>(std::move(expr), std::move(key), offset);
}

ExprPtr Parser::parse_slice_or_key(std::uint32_t offset, ExprPtr& slice) {
  ExprPtr start;
  if (!at_punctuation(":")) {
    start = parse_expression();
    if (!at_punctuation(":")) return start;
  }
  auto node = std::make_unique<SliceExpr>(offset);
  node->start = std::move(start);
  expect_punctuation(":");
  const auto at_end = [this] { return at_punctuation("]") || at_punctuation(","); };
  if (!at_punctuation(":") && !at_end()) node->stop = parse_expression();
  if (skip_punctuation(":") && !at_end()) node->step = parse_expression();
  slice = std::move(node);
  return nullptr;
}

ExprPtr Parser::parse_call(ExprPtr callee) {
  const auto offset = current().offset;
  auto arguments = parse_arguments();
  note_call(*callee, arguments);
  return std::make_unique<CallExpr>(std::move(callee), std::move(arguments), offset);
}

namespace {

std::optional<std::string> written_text(const Expr& expr) {
  if (expr.kind != ExprKind::constant) return std::nullopt;
  const auto& value = static_cast<const ConstantExpr&>(expr).value;
  return value.is_string() ? std::optional(value.string()) : std::nullopt;
}

}  // namespace

void Parser::note_call(const Expr& callee, const ArgumentExprs& arguments) {
  if (callee.kind == ExprKind::name)
    return note_use(CallSite::Kind::call, static_cast<const NameExpr&>(callee).name, arguments, callee.offset);
  if (callee.kind != ExprKind::attribute) return;
  const auto& member = static_cast<const AttributeExpr&>(callee);
  if (member.object->kind == ExprKind::name)
    note_use(CallSite::Kind::call, static_cast<const NameExpr&>(*member.object).name + "." + member.name, arguments,
             callee.offset);
}

void Parser::note_use(CallSite::Kind kind, std::string name, const ArgumentExprs& arguments, std::uint32_t offset) {
  CallSite call;
  call.kind = kind;
  call.name = std::move(name);
  call.offset = offset;
  if (!arguments.positional.empty()) call.text = written_text(*arguments.positional[0]);
  if (arguments.positional.size() > 1) call.second = written_text(*arguments.positional[1]);
  call.positional = arguments.positional.size();
  call.takes_apart = arguments.rest || arguments.named_rest;
  for (const auto& argument : arguments.named) call.keywords.push_back({argument.name, argument.offset});
  tree_.calls.push_back(std::move(call));
}

void Parser::note_asked(const Expr* expr) {
  if (expr != nullptr && expr->kind == ExprKind::name)
    tree_.asked_names.push_back(static_cast<const NameExpr&>(*expr).name);
}

void Parser::note_template(CallSite::Kind kind, const Expr& template_name, std::string name,
                           std::vector<CallSite::Keyword> taken) {
  CallSite site;
  site.kind = kind;
  site.name = std::move(name);
  site.text = written_text(template_name);
  site.keywords = std::move(taken);
  site.offset = template_name.offset;
  if (site.text) tree_.calls.push_back(std::move(site));
}

ArgumentExprs Parser::parse_arguments() {
  ArgumentExprs arguments;
  const auto require = [this](bool condition, const char* reason) {
    if (!condition) fail_here(reason);
  };
  expect_punctuation("(");
  while (!at_punctuation(")")) {
    if (skip_punctuation("*")) {
      require(!arguments.rest && !arguments.named_rest, "only one *argument is possible, before any **argument");
      arguments.rest = parse_expression();
    } else if (skip_punctuation("**")) {
      require(!arguments.named_rest, "only one **argument is possible");
      arguments.named_rest = parse_expression();
    } else if (current().kind == TokenKind::name && look().kind == TokenKind::punctuation && look().text == "=") {
      require(!arguments.named_rest, "a named argument can't follow a **argument");
      const auto given = [&](const NamedExpr& argument) { return argument.name == current().text; };
      require(std::none_of(arguments.named.begin(), arguments.named.end(), given), "this argument is given twice");
      const auto& name = next();
      next();
      arguments.named.push_back({name.text, name.offset, parse_expression()});
    } else {
      require(!arguments.rest && !arguments.named_rest && arguments.named.empty(),
              "an argument without a name can't follow a named one");
      arguments.positional.push_back(parse_expression());
    }
    if (!at_punctuation(")")) expect_punctuation(",");
  }
  expect_punctuation(")");
  return arguments;
}

std::string Parser::parse_dotted_name() {
  auto name = expect_name();
  while (skip_punctuation(".")) name += "." + expect_name();
  return name;
}

ExprPtr Parser::parse_filters(ExprPtr input, bool first_without_pipe) {
  for (int links = 0; first_without_pipe || at_punctuation("|"); check_chain(++links)) {
    if (!first_without_pipe) next();
    first_without_pipe = false;
    const auto offset = current().offset;
    const auto name = parse_dotted_name();
    const auto* function = environment_.filter(name);
    if (function == nullptr) fail_at(offset, environment_.no_filter(name));
    ArgumentExprs arguments;
    if (at_punctuation("(")) arguments = parse_arguments();
    note_use(CallSite::Kind::filter, name, arguments, offset);
    if (name == "default" || name == "d") note_asked(input.get());
    input = std::make_unique<ApplyExpr>(ExprKind::filter, std::move(input), function, std::move(arguments), offset);
  }
  return input;
}

ExprPtr Parser::parse_test(ExprPtr expr) {
  expect_word("is");
  const bool negated = skip_word("not");
  const auto offset = current().offset;
  const auto name = parse_dotted_name();
  const auto* function = environment_.test(name);
  if (function == nullptr) fail_at(offset, environment_.no_test(name));
  ArgumentExprs arguments;
  const auto kind = current().kind;
  if (at_punctuation("(")) {
    arguments = parse_arguments();
  } else if ((kind == TokenKind::name && !at_any_word({"else", "or", "and"})) || kind == TokenKind::string ||
             kind == TokenKind::integer || kind == TokenKind::real || at_punctuation("[") || at_punctuation("{")) {
    if (at_word("is")) fail_here("tests can't be chained with 'is'");
    arguments.positional.push_back(parse_postfix(parse_primary()));
  }
  note_use(CallSite::Kind::test, name, arguments, offset);
  if (name == "defined" || name == "undefined") note_asked(expr.get());
  ExprPtr test = std::make_unique<ApplyExpr>(ExprKind::test, std::move(expr), function, std::move(arguments), offset);
  if (negated) test = std::make_unique<UnaryExpr>(Operator::logical_not, std::move(test), offset);
  return test;
}

}  // namespace sitrep::templating
