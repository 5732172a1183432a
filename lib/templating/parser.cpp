#include "templating/parser.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/error.hpp"
#include "templating/lexer.hpp"
#include "templating/parser_core.hpp"
#include "templating/unicode.hpp"

namespace sitrep::templating {

namespace {

// Nested tags and parentheses; each level costs some twelve stack frames here and a few in the evaluator.
constexpr int k_deepest_nesting = 100;

}  // namespace

Parser::Level::Level(Parser& parser) : parser_(parser) {
  if (parser.level_ >= k_deepest_nesting) {
    parser.fail_here(fmt::format("the template is nested deeper than {}", k_deepest_nesting));
  }
  ++parser.level_;
}

const Token& Parser::next() {
  const auto& token = tokens_[at_];
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool Parser::at_punctuation(std::string_view text) const {
  return current().kind == TokenKind::punctuation && current().text == text;
}

bool Parser::at_word(std::string_view word) const {
  return current().kind == TokenKind::name && current().text == word;
}

bool Parser::at_any_word(Words words) const {
  for (const auto word : words) {
    if (at_word(word)) return true;
  }
  return false;
}

bool Parser::skip_punctuation(std::string_view text) {
  if (!at_punctuation(text)) return false;
  next();
  return true;
}

bool Parser::skip_word(std::string_view word) {
  if (!at_word(word)) return false;
  next();
  return true;
}

void Parser::expect_punctuation(std::string_view text) {
  if (!skip_punctuation(text)) fail_here(fmt::format("expected '{}', got {}", text, describe(current())));
}

void Parser::expect_word(std::string_view word) {
  if (!skip_word(word)) fail_here(fmt::format("expected '{}', got {}", word, describe(current())));
}

void Parser::expect_kind(TokenKind kind, std::string_view what) {
  if (current().kind != kind) fail_here(fmt::format("expected {}, got {}", what, describe(current())));
  next();
}

std::string Parser::expect_name() {
  if (current().kind != TokenKind::name) fail_here(fmt::format("expected a name, got {}", describe(current())));
  return next().text;
}

void Parser::fail_here(std::string reason) const { fail_at(current().offset, std::move(reason)); }

void Parser::fail_at(std::uint32_t offset, std::string reason) { throw SyntaxProblem{offset, std::move(reason)}; }

std::shared_ptr<const Tree> parse(std::string name, Source source, const EnvironmentState& environment) {
  auto tree = std::make_shared<Tree>();
  tree->file = source.file.empty() ? name : std::move(source.file);
  tree->name = std::move(name);
  tree->first_line = source.first_line;
  if (source.text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    fail(ErrorKind::user_code, "{}: a template can't be larger than 4 GB", tree->file);
  }
  const auto& options = environment.options;
  tree->source = normalise_source(source.text, options.keep_trailing_newline);
  try {
    Parser(tokenize(tree->source, {options.trim_blocks, options.lstrip_blocks}), environment, *tree).run();
  } catch (const SyntaxProblem& problem) {
    throw SyntaxError(ErrorKind::user_code, tree->place(problem.offset), problem.reason, tree->line_at(problem.offset),
                      {});
  }
  return tree;
}

Place Tree::place(std::uint32_t offset) const {
  const auto before = std::string_view(source).substr(0, offset);
  const auto newline = before.rfind('\n');
  const auto line_start = newline == std::string_view::npos ? 0 : newline + 1;
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  return {file, first_line + line, count_characters(before.substr(line_start)) + 1};
}

std::string Tree::line_at(std::uint32_t offset) const {
  const auto newline = source.rfind('\n', offset == 0 ? 0 : offset - 1);
  const auto start = newline == std::string::npos || newline >= offset ? 0 : newline + 1;
  const auto end = source.find('\n', std::max<std::size_t>(start, offset));
  return source.substr(start, end == std::string::npos ? std::string::npos : end - start);
}

}  // namespace sitrep::templating
