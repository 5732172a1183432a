#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::templating {

enum class TokenKind : std::uint8_t {
  data,
  variable_begin,
  variable_end,
  block_begin,
  block_end,
  name,
  integer,
  real,
  string,
  punctuation,  ///< operators and brackets; told apart by `text`
  end,
};

struct Token {
  TokenKind kind;
  std::uint32_t offset;  ///< of its first byte in the normalised source
  std::string text;      ///< data and strings decoded, numbers without underscores
  std::int64_t integer = 0;
  double real = 0;
};

struct LexerOptions {
  bool trim_blocks = false;
  bool lstrip_blocks = false;
};

/// What stops the lexer or the parser: the place is an offset that the caller turns into line and column.
struct SyntaxProblem {
  std::uint32_t offset;
  std::string reason;
};

/// Line ends as \n and, unless kept, one newline less at the end.
std::string normalise_source(std::string_view text, bool keep_trailing_newline);

/// Cuts a normalised source into tokens; the last one is `end`. Throws SyntaxProblem.
std::vector<Token> tokenize(std::string_view source, LexerOptions options);

/// How a token is named in a message: "end of template", "'foo'".
std::string describe(const Token& token);

}  // namespace sitrep::templating
