#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "templating/parser_core.hpp"
#include "templating/unicode.hpp"

namespace sitrep::templating {

namespace {

using Opens = ScopeBuilder::Opens;

constexpr std::array<std::string_view, 13> k_tags = {"autoescape", "block", "call", "extends", "filter",
                                                     "for",        "from",  "if",   "import",  "include",
                                                     "macro",      "set",   "with"};

bool is_blank(const Body& body) {
  return std::all_of(body.begin(), body.end(), [](const auto& statement) {
    return statement->kind == StatementKind::text &&
           strip_view(static_cast<const TextStatement&>(*statement).text, Ends::left).empty();
  });
}

}  // namespace

void Parser::run() {
  scopes_.want_slot_count(&tree_.root.slot_count);
  tree_.root.name = tree_.name;
  tree_.root.body = parse_body({});
  scopes_.resolve(tree_);
}

Body Parser::parse_body(Words ends) {
  const Level level(*this);
  Body body;
  for (;;) {
    const auto& token = current();
    switch (token.kind) {
      case TokenKind::data:
        body.push_back(std::make_unique<TextStatement>(token.text, token.offset));
        next();
        break;
      case TokenKind::variable_begin: {
        next();
        const auto offset = current().offset;
        body.push_back(std::make_unique<OutputStatement>(parse_tuple(), offset));
        expect_kind(TokenKind::variable_end, "'}}'");
        break;
      }
      case TokenKind::block_begin:
        next();
        if (at_any_word(ends)) return body;
        if (at_word("print")) {
          parse_print(body);
        } else {
          body.push_back(parse_statement());
        }
        expect_kind(TokenKind::block_end, "'%}'");
        break;
      default:
        if (ends.size() == 0) return body;
        fail_here(fmt::format("unexpected end of template; the tag '{}' is still open and needs '{}'",
                              open_tags_.empty() ? "" : open_tags_.back(), *(ends.end() - 1)));
    }
  }
}

Body Parser::parse_block_body(std::string_view end) {
  expect_kind(TokenKind::block_end, "'%}'");
  auto body = parse_body({end});
  next();
  return body;
}

void Parser::fail_unknown_tag(const Token& tag) const {
  if (tag.text.starts_with("end") || tag.text == "else" || tag.text == "elif") {
    if (open_tags_.empty()) fail_at(tag.offset, fmt::format("'{}' closes nothing: no tag is open", tag.text));
    fail_at(tag.offset, fmt::format("unexpected '{0}': the innermost open tag is '{1}', which ends with 'end{1}'",
                                    tag.text, open_tags_.back()));
  }
  fail_at(tag.offset, fmt::format("unknown tag '{}'{}", tag.text, did_you_mean(tag.text, k_tags)));
}

Parser::StatementPtr Parser::parse_statement() {
  using Parse = StatementPtr (Parser::*)();
  static constexpr std::pair<std::string_view, Parse> k_statements[] = {{"if", &Parser::parse_branch},
                                                                        {"for", &Parser::parse_loop},
                                                                        {"set", &Parser::parse_set},
                                                                        {"macro", &Parser::parse_macro},
                                                                        {"call", &Parser::parse_call_block},
                                                                        {"filter", &Parser::parse_filter_block},
                                                                        {"with", &Parser::parse_with},
                                                                        {"block", &Parser::parse_block},
                                                                        {"extends", &Parser::parse_extends},
                                                                        {"include", &Parser::parse_include},
                                                                        {"import", &Parser::parse_import},
                                                                        {"from", &Parser::parse_from},
                                                                        {"autoescape", &Parser::parse_autoescape}};
  const auto& token = current();
  if (token.kind != TokenKind::name) fail_here("tag name expected");
  for (const auto& [name, parse] : k_statements) {
    if (name != token.text) continue;
    open_tags_.push_back(token.text);
    auto statement = (this->*parse)();
    open_tags_.pop_back();
    return statement;
  }
  fail_unknown_tag(token);
}

void Parser::parse_print(Body& body) {
  next();
  while (current().kind != TokenKind::block_end) {
    const auto offset = current().offset;
    body.push_back(std::make_unique<OutputStatement>(parse_expression(), offset));
    if (current().kind != TokenKind::block_end) expect_punctuation(",");
  }
}

Parser::StatementPtr Parser::parse_branch() {
  auto branch = std::make_unique<BranchStatement>(next().offset);
  for (;;) {
    auto test = parse_tuple(Conditionals::no);
    expect_kind(TokenKind::block_end, "'%}'");
    branch->branches.emplace_back(std::move(test), parse_body({"elif", "else", "endif"}));
    if (skip_word("elif")) continue;
    if (skip_word("else")) {
      branch->otherwise = parse_block_body("endif");
    } else {
      next();
    }
    return branch;
  }
}

Parser::StatementPtr Parser::parse_loop() {
  auto loop = std::make_unique<LoopStatement>(next().offset);
  loop->target = parse_target("in");
  expect_word("in");
  loop->items = parse_tuple(Conditionals::no, "recursive");
  scopes_.open(Opens::scope);
  declare(loop->target);
  scopes_.declare_implicit("loop", &loop->loop_slot, &loop->uses_loop);
  scopes_.want_range(&loop->own);
  scopes_.want_subtree(&loop->subtree);
  if (skip_word("if")) {
    scopes_.hide_loop(true);
    loop->condition = parse_expression();
    scopes_.hide_loop(false);
  }
  loop->recursive = skip_word("recursive");
  expect_kind(TokenKind::block_end, "'%}'");
  loop->body = parse_body({"else", "endfor"});
  scopes_.close();
  if (skip_word("else")) {
    scopes_.open(Opens::scope);
    loop->otherwise = parse_block_body("endfor");
    scopes_.close();
  } else {
    next();
  }
  return loop;
}

Target Parser::parse_name_target() {
  Target target;
  target.offset = current().offset;
  target.name = expect_name();
  static constexpr std::array<std::string_view, 6> k_constants = {"true", "false", "none", "True", "False", "None"};
  if (std::find(k_constants.begin(), k_constants.end(), target.name) != k_constants.end()) {
    fail_at(target.offset, fmt::format("can't assign to '{}'", target.name));
  }
  return target;
}

Target Parser::parse_single_target() {
  if (!skip_punctuation("(")) {
    auto target = parse_name_target();
    const bool in_loop = std::find(open_tags_.begin(), open_tags_.end(), "for") != open_tags_.end();
    if (in_loop && target.name == "loop" && open_tags_.back() != "with")
      fail_at(target.offset, "'loop' is the loop's own; choose another name");
    return target;
  }
  const Level level(*this);
  auto target = parse_target(")");
  expect_punctuation(")");
  return target;
}

Target Parser::parse_target(std::string_view end_word) {
  auto first = parse_single_target();
  if (!at_punctuation(",")) return first;
  Target tuple;
  tuple.kind = Target::Kind::tuple;
  tuple.offset = first.offset;
  tuple.parts.push_back(std::move(first));
  while (skip_punctuation(",")) {
    if (at_punctuation("=") || at_punctuation(")") || (!end_word.empty() && at_word(end_word))) break;
    tuple.parts.push_back(parse_single_target());
  }
  return tuple;
}

void Parser::declare(Target& target) {
  if (target.kind == Target::Kind::tuple) {
    for (auto& part : target.parts) declare(part);
  } else if (target.kind == Target::Kind::slot) {
    target.exported = scopes_.at_top();
    scopes_.declare(target);
  }
}

Parser::StatementPtr Parser::parse_set() {
  const auto offset = next().offset;
  Target target;
  if (look().kind == TokenKind::punctuation && look().text == ".") {
    target.kind = Target::Kind::member;
    target.offset = current().offset;
    target.space = std::make_unique<NameExpr>(expect_name(), target.offset);
    scopes_.read(*target.space);
    expect_punctuation(".");
    target.name = expect_name();
  } else {
    target = parse_target();
  }
  if (skip_punctuation("=")) {
    auto set = std::make_unique<SetStatement>(offset);
    set->value = parse_tuple();
    set->target = std::move(target);
    declare(set->target);
    return set;
  }
  auto set = std::make_unique<SetBlockStatement>(offset);
  if (at_punctuation("|")) set->filter = parse_filters(nullptr);
  scopes_.open(Opens::scope);
  scopes_.want_range(&set->own);
  set->body = parse_block_body("endset");
  scopes_.close();
  set->target = std::move(target);
  declare(set->target);
  return set;
}

void Parser::parse_signature(MacroUnit& unit) {
  bool had_default = false;
  expect_punctuation("(");
  while (!at_punctuation(")")) {
    auto target = parse_name_target();
    const auto same = [&](const auto& parameter) { return parameter.name == target.name; };
    if (std::any_of(unit.parameters.begin(), unit.parameters.end(), same)) {
      fail_at(target.offset, fmt::format("there are two parameters named '{}'", target.name));
    }
    unit.parameters.push_back({target.name, 0, nullptr});
    if (skip_punctuation("=")) {
      had_default = true;
      unit.parameters.back().fallback = parse_expression();
    } else if (had_default) {
      fail_at(target.offset, fmt::format("the parameter '{}' needs a default, as one before it has", target.name));
    }
    if (!at_punctuation(")")) expect_punctuation(",");
  }
  expect_punctuation(")");
}

void Parser::parse_macro_body(MacroUnit& unit, std::string_view end) {
  scopes_.want_slot_count(&unit.slot_count);
  for (auto& parameter : unit.parameters) scopes_.declare(parameter.name, &parameter.slot);
  scopes_.declare_implicit("varargs", &unit.rest_slot, &unit.uses_rest);
  scopes_.declare_implicit("kwargs", &unit.named_slot, &unit.uses_named);
  scopes_.declare_implicit("caller", &unit.caller_slot, &unit.uses_caller);
  unit.body = parse_block_body(end);
}

Parser::StatementPtr Parser::parse_macro() {
  auto macro = std::make_unique<MacroStatement>(next().offset);
  macro->target = parse_name_target();
  declare(macro->target);
  macro->unit.name = macro->target.name;
  scopes_.open(Opens::unit);
  parse_signature(macro->unit);
  parse_macro_body(macro->unit, "endmacro");
  scopes_.close();
  tree_.macros.push_back(&macro->unit);
  return macro;
}

void Parser::skip_parentheses() {
  int open = 0;
  do {
    if (at_punctuation("(")) ++open;
    if (at_punctuation(")")) --open;
    if (current().kind == TokenKind::block_end || current().kind == TokenKind::end) fail_here("expected ')'");
    next();
  } while (open > 0);
}

Parser::StatementPtr Parser::parse_call_block() {
  auto block = std::make_unique<CallBlockStatement>(next().offset);
  block->unit.name = "caller";
  // The body's parameters come first in the text, but belong to the scope inside; the called expression does not.
  const auto signature = at_;
  const bool has_signature = at_punctuation("(");
  if (has_signature) skip_parentheses();
  const auto call_offset = current().offset;
  auto call = parse_expression();
  if (call->kind != ExprKind::call) fail_at(call_offset, "a call block needs a call, as in {% call name() %}");
  block->call.reset(static_cast<CallExpr*>(call.release()));
  scopes_.open(Opens::unit);
  if (has_signature) {
    const auto after_call = at_;
    at_ = signature;
    parse_signature(block->unit);
    at_ = after_call;
  }
  parse_macro_body(block->unit, "endcall");
  scopes_.close();
  return block;
}

Parser::StatementPtr Parser::parse_filter_block() {
  auto block = std::make_unique<FilterBlockStatement>(next().offset);
  block->filter = parse_filters(nullptr, true);
  scopes_.open(Opens::scope);
  scopes_.want_range(&block->own);
  block->body = parse_block_body("endfilter");
  scopes_.close();
  return block;
}

Parser::StatementPtr Parser::parse_with() {
  auto with = std::make_unique<WithStatement>(next().offset);
  while (current().kind != TokenKind::block_end) {
    if (!with->targets.empty()) expect_punctuation(",");
    with->targets.push_back(parse_target());
    expect_punctuation("=");
    with->values.push_back(parse_expression());
  }
  scopes_.open(Opens::scope);
  scopes_.want_range(&with->own);
  for (auto& target : with->targets) declare(target);
  with->body = parse_block_body("endwith");
  scopes_.close();
  return with;
}

Parser::StatementPtr Parser::parse_block() {
  auto block = std::make_unique<BlockStatement>(next().offset);
  const auto name_offset = current().offset;
  block->unit.name = expect_name();
  for (const auto* other : tree_.blocks) {
    if (other->unit.name == block->unit.name) {
      fail_at(name_offset, fmt::format("block '{}' defined twice", block->unit.name));
    }
  }
  block->scoped = skip_word("scoped");
  block->required = skip_word("required");
  if (at_punctuation("-")) fail_here("block names can't have a '-'; use '_'");
  tree_.blocks.push_back(block.get());
  if (block->scoped) scopes_.want_visible(&block->visible);
  scopes_.open(Opens::isolated_unit);
  scopes_.want_slot_count(&block->unit.slot_count);
  block->unit.body = parse_block_body("endblock");
  scopes_.close();
  if (block->required && !is_blank(block->unit.body)) {
    fail_at(name_offset, "a required block can hold only comments and white space");
  }
  skip_word(block->unit.name);
  return block;
}

Parser::StatementPtr Parser::parse_extends() {
  auto extends = std::make_unique<ExtendsStatement>(next().offset);
  extends->parent = parse_expression();
  note_template(CallSite::Kind::include, *extends->parent, {}, {});
  return extends;
}

std::optional<bool> Parser::parse_context_words() {
  if (!at_any_word({"with", "without"}) || look().kind != TokenKind::name || look().text != "context") {
    return std::nullopt;
  }
  const bool with = at_word("with");
  at_ += 2;
  return with;
}

Parser::StatementPtr Parser::parse_include() {
  auto include = std::make_unique<IncludeStatement>(next().offset);
  include->name = parse_expression();
  if (at_word("ignore") && look().text == "missing") {
    include->ignore_missing = true;
    at_ += 2;
  }
  if (!include->ignore_missing) note_template(CallSite::Kind::include, *include->name, {}, {});
  include->with_context = parse_context_words().value_or(true);
  if (include->with_context) scopes_.want_visible(&include->visible);
  return include;
}

Parser::StatementPtr Parser::parse_import() {
  auto import = std::make_unique<ImportStatement>(next().offset);
  import->name = parse_expression();
  expect_word("as");
  import->target = parse_name_target();
  note_template(CallSite::Kind::import, *import->name, import->target.name, {});
  import->with_context = parse_context_words().value_or(false);
  if (import->with_context) scopes_.want_visible(&import->visible);
  declare(import->target);
  return import;
}

Parser::StatementPtr Parser::parse_from() {
  auto import = std::make_unique<ImportStatement>(next().offset);
  import->name = parse_expression();
  expect_word("import");
  std::vector<CallSite::Keyword> taken;
  for (;;) {
    if (const auto context = parse_context_words()) {
      import->with_context = *context;
      break;
    }
    auto target = parse_name_target();
    auto name = target.name;
    if (name.starts_with('_')) fail_at(target.offset, "names that start with '_' can't be imported");
    taken.push_back({name, target.offset});
    if (skip_word("as")) target = parse_name_target();
    import->names.push_back({std::move(name), std::move(target)});
    if (const auto context = parse_context_words()) {
      import->with_context = *context;
      break;
    }
    if (!skip_punctuation(",")) break;
  }
  if (import->names.empty()) fail_here("expected a name to import");
  note_template(CallSite::Kind::import, *import->name, {}, std::move(taken));
  if (import->with_context) scopes_.want_visible(&import->visible);
  for (auto& entry : import->names) declare(entry.target);
  return import;
}

Parser::StatementPtr Parser::parse_autoescape() {
  auto statement = std::make_unique<AutoescapeStatement>(next().offset);
  statement->on = parse_expression();
  scopes_.open(Opens::scope);
  scopes_.want_range(&statement->own);
  statement->body = parse_block_body("endautoescape");
  scopes_.close();
  return statement;
}

}  // namespace sitrep::templating
