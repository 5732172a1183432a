#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "templating/environment_state.hpp"
#include "templating/lexer.hpp"
#include "templating/scope.hpp"
#include "templating/tree.hpp"

namespace sitrep::templating {

/// Recursive descent over the tokens of one template; throws SyntaxProblem. Expressions are in expression_parser.cpp,
/// statements in statement_parser.cpp.
class Parser {
 public:
  Parser(std::vector<Token> tokens, const EnvironmentState& environment, Tree& tree)
      : tokens_(std::move(tokens)), environment_(environment), tree_(tree) {}

  /// Fills the tree's root, blocks and names.
  void run();

 private:
  enum class Conditionals { yes, no };
  using Words = std::initializer_list<std::string_view>;

  // Tokens
  const Token& current() const { return tokens_[at_]; }
  const Token& look(std::size_t ahead = 1) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  const Token& next();
  bool at_punctuation(std::string_view text) const;
  bool at_word(std::string_view word) const;
  bool at_any_word(Words words) const;
  bool skip_punctuation(std::string_view text);
  bool skip_word(std::string_view word);
  void expect_punctuation(std::string_view text);
  void expect_word(std::string_view word);
  void expect_kind(TokenKind kind, std::string_view what);
  std::string expect_name();
  [[noreturn]] void fail_here(std::string reason) const;
  [[noreturn]] static void fail_at(std::uint32_t offset, std::string reason);

  /// Counts how deep the text is nested while it lives; SyntaxProblem when too deep.
  class Level {
   public:
    explicit Level(Parser& parser);
    ~Level() { --parser_.level_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };
  void check_chain(int links) const;

  // Expressions
  ExprPtr parse_expression(Conditionals conditionals = Conditionals::yes);
  ExprPtr parse_conditional();
  ExprPtr parse_or();
  ExprPtr parse_and();
  ExprPtr parse_not();
  ExprPtr parse_compare();
  ExprPtr parse_sum();
  ExprPtr parse_concat();
  ExprPtr parse_product();
  ExprPtr parse_power();
  ExprPtr parse_unary(bool with_filters = true);
  void note_call(const Expr& callee, const ArgumentExprs& arguments);
  void note_use(CallSite::Kind kind, std::string name, const ArgumentExprs& arguments, std::uint32_t offset);
  /// Of another template, when its name is written out. What it is called here, and which names are taken from it.
  void note_asked(const Expr* expr);
  void note_template(CallSite::Kind kind, const Expr& template_name, std::string name,
                     std::vector<CallSite::Keyword> taken);
  ExprPtr parse_primary();
  ExprPtr parse_postfix(ExprPtr expr);
  ExprPtr parse_filters_and_tests(ExprPtr expr);
  ExprPtr parse_filters(ExprPtr input, bool first_without_pipe = false);
  ExprPtr parse_test(ExprPtr expr);
  ExprPtr parse_subscript(ExprPtr expr);
  ExprPtr parse_slice_or_key(std::uint32_t offset, ExprPtr& slice);
  ExprPtr parse_call(ExprPtr callee);
  ArgumentExprs parse_arguments();
  ExprPtr parse_tuple(Conditionals conditionals = Conditionals::yes, std::string_view end_word = {},
                      bool parentheses = false);
  bool at_tuple_end(std::string_view end_word) const;
  ExprPtr parse_list();
  ExprPtr parse_dict();
  ExprPtr parse_name();
  std::string parse_dotted_name();
  std::optional<Operator> skip_comparison();

  // Statements
  using StatementPtr = std::unique_ptr<Statement>;
  Body parse_body(Words ends);
  /// The same up to one end tag, which is skipped.
  Body parse_block_body(std::string_view end);
  StatementPtr parse_statement();
  StatementPtr parse_branch();
  StatementPtr parse_loop();
  StatementPtr parse_set();
  StatementPtr parse_macro();
  StatementPtr parse_call_block();
  StatementPtr parse_filter_block();
  StatementPtr parse_with();
  StatementPtr parse_block();
  StatementPtr parse_extends();
  StatementPtr parse_include();
  StatementPtr parse_import();
  StatementPtr parse_from();
  StatementPtr parse_autoescape();
  void parse_print(Body& body);
  std::optional<bool> parse_context_words();
  void skip_parentheses();
  void parse_signature(MacroUnit& unit);
  void parse_macro_body(MacroUnit& unit, std::string_view end);
  /// Reads names only; they are declared later, when their scope is open.
  Target parse_target(std::string_view end_word = {});
  Target parse_single_target();
  Target parse_name_target();
  void declare(Target& target);
  [[noreturn]] void fail_unknown_tag(const Token& tag) const;

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  const EnvironmentState& environment_;
  Tree& tree_;
  ScopeBuilder scopes_;
  int level_ = 0;
  std::vector<std::string> open_tags_;  // innermost last, for messages
};

}  // namespace sitrep::templating
