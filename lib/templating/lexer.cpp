#include "templating/lexer.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/numbers.hpp"
#include "templating/literals.hpp"
#include "templating/unicode.hpp"

namespace sitrep::templating {

namespace {

constexpr std::array<std::string_view, 6> k_long_operators = {"//", "**", "==", "!=", "<=", ">="};
constexpr std::string_view k_short_operators = "+-*/%~<>=.,:|()[]{}";

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  Lexer(std::string_view source, LexerOptions options) : source_(source), options_(options) {}

  std::vector<Token> run() {
    while (at_ < source_.size()) lex_text();
    add(TokenKind::end, source_.size(), {});
    return std::move(tokens_);
  }

 private:
  enum class Tag { variable, block, comment };

  bool starts(std::string_view text) const { return source_.substr(at_).starts_with(text); }
  [[noreturn]] static void fail_at(std::size_t offset, std::string reason) {
    throw SyntaxProblem{static_cast<std::uint32_t>(offset), std::move(reason)};
  }
  void add(TokenKind kind, std::size_t offset, std::string text) {
    tokens_.push_back({kind, static_cast<std::uint32_t>(offset), std::move(text), 0, 0});
  }

  static bool is_opening(std::string_view two) { return two == "{{" || two == "{%" || two == "{#"; }

  std::size_t next_opening(std::size_t from) const {
    for (auto at = source_.find('{', from); at != std::string_view::npos; at = source_.find('{', at + 1)) {
      if (is_opening(source_.substr(at, 2))) return at;
    }
    return source_.size();
  }

  void skip_space() { at_ = source_.size() - strip_view(source_.substr(at_), Ends::left).size(); }

  /// Text up to a tag, with the white-space control that the tag asks for.
  void add_data(std::size_t from, std::size_t to, char sign, bool strips_line) {
    auto text = source_.substr(from, to - from);
    if (sign == '-') {
      text = strip_view(text, Ends::right);
    } else if (sign != '+' && strips_line && options_.lstrip_blocks) {
      const auto newline = text.rfind('\n');
      const auto line = newline == std::string_view::npos ? 0 : newline + 1;
      const bool starts_line = line > 0 || from == 0 || source_[from - 1] == '\n';
      if (starts_line && strip_view(text.substr(line), Ends::left).empty()) text = text.substr(0, line);
    }
    if (!text.empty()) add(TokenKind::data, from, std::string(text));
  }

  void lex_text() {
    const auto start = at_;
    const auto opening = next_opening(at_);
    if (opening == source_.size()) {
      add_data(start, opening, ' ', false);
      at_ = opening;
      return;
    }
    const char mark = source_[opening + 1];
    at_ = opening + 2;
    char sign = ' ';
    if (starts("-") || starts("+")) sign = source_[at_++];
    add_data(start, opening, sign, mark != '{');
    if (mark == '#') {
      lex_comment(opening);
    } else if (mark == '%') {
      if (!lex_raw(opening)) lex_tag(Tag::block, opening);
    } else {
      lex_tag(Tag::variable, opening);
    }
  }

  /// What follows the end of a block or comment: "-" eats white space, trim_blocks one newline.
  void after_end(char sign) {
    if (sign == '-') {
      skip_space();
    } else if (sign != '+' && options_.trim_blocks && starts("\n")) {
      ++at_;
    }
  }

  void lex_comment(std::size_t opening) {
    const auto end = source_.find("#}", at_);
    if (end == std::string_view::npos) fail_at(opening, "missing end of comment tag '#}'");
    const char sign = end > at_ ? source_[end - 1] : ' ';
    at_ = end + 2;
    after_end(sign == '-' || sign == '+' ? sign : ' ');
  }

  /// Reads `word` and the end of a tag at `at`; 0 when there is something else. `sign` gets '-' or '+' of the end.
  std::size_t match_tag(std::size_t at, std::string_view word, char& sign) const {
    const auto skip = [&] { at = source_.size() - strip_view(source_.substr(at), Ends::left).size(); };
    skip();
    if (!source_.substr(at).starts_with(word)) return 0;
    at += word.size();
    skip();
    sign = ' ';
    if (at < source_.size() && (source_[at] == '-' || source_[at] == '+')) sign = source_[at++];
    return source_.substr(at).starts_with("%}") ? at + 2 : 0;
  }

  bool lex_raw(std::size_t opening) {
    char sign = ' ';
    const auto body = match_tag(at_, "raw", sign);
    if (body == 0 || sign == '+') return false;
    at_ = body;
    if (sign == '-') skip_space();
    const auto from = at_;
    for (auto end = source_.find("{%", from); end != std::string_view::npos; end = source_.find("{%", end + 1)) {
      auto inside = end + 2;
      char begin_sign = ' ';
      if (inside < source_.size() && (source_[inside] == '-' || source_[inside] == '+')) begin_sign = source_[inside++];
      char end_sign = ' ';
      const auto after = match_tag(inside, "endraw", end_sign);
      if (after == 0) continue;
      add_data(from, end, begin_sign, true);
      at_ = after;
      after_end(end_sign);
      return true;
    }
    fail_at(opening, "missing end of raw directive '{% endraw %}'");
  }

  bool lex_end(Tag tag) {
    const std::string_view closing = tag == Tag::variable ? "}}" : "%}";
    char sign = ' ';
    if (starts("-") || (starts("+") && tag == Tag::block)) sign = source_[at_];
    const auto at = at_ + (sign == ' ' ? 0U : 1U);
    if (!source_.substr(at).starts_with(closing)) return false;
    add(tag == Tag::variable ? TokenKind::variable_end : TokenKind::block_end, at_, std::string(closing));
    at_ = at + 2;
    if (tag == Tag::block) {
      after_end(sign);
    } else if (sign == '-') {
      skip_space();
    }
    return true;
  }

  void lex_tag(Tag tag, std::size_t opening) {
    add(tag == Tag::variable ? TokenKind::variable_begin : TokenKind::block_begin, opening,
        std::string(source_.substr(opening, 2)));
    brackets_.clear();
    for (;;) {
      skip_space();
      if (brackets_.empty() && lex_end(tag)) return;
      if (at_ >= source_.size()) {
        fail_at(opening, fmt::format("this tag has no end '{}'", tag == Tag::variable ? "}}" : "%}"));
      }
      lex_token();
    }
  }

  void lex_token() {
    const char c = source_[at_];
    if (is_name_start(c)) {
      const auto start = at_;
      while (at_ < source_.size() && (is_name_start(source_[at_]) || is_digit(source_[at_]))) ++at_;
      add(TokenKind::name, start, std::string(source_.substr(start, at_ - start)));
    } else if (is_digit(c)) {
      lex_number();
    } else if (c == '"' || c == '\'') {
      lex_string(c);
    } else {
      lex_operator();
    }
  }

  void lex_number() {
    const bool after_dot = at_ > 0 && source_[at_ - 1] == '.';
    const auto number = read_number(source_.substr(at_), after_dot);
    if (!number.problem.empty()) fail_at(at_, number.problem);
    tokens_.push_back({number.is_real ? TokenKind::real : TokenKind::integer, static_cast<std::uint32_t>(at_),
                       std::string(source_.substr(at_, number.size)), number.integer, number.real});
    at_ += number.size;
  }

  void lex_string(char quote) {
    const auto start = at_;
    for (++at_; at_ < source_.size() && source_[at_] != quote; ++at_) {
      if (source_[at_] == '\\') ++at_;
    }
    if (at_ >= source_.size()) fail_at(start, "this text has no closing quote");
    std::string problem;
    add(TokenKind::string, start, decode_string(source_.substr(start + 1, at_ - start - 1), problem));
    if (!problem.empty()) fail_at(start, problem);
    ++at_;
  }

  void lex_operator() {
    std::string_view text = source_.substr(at_, 1);
    for (const auto candidate : k_long_operators) {
      if (starts(candidate)) text = candidate;
    }
    if (text.size() == 1 && k_short_operators.find(text[0]) == std::string_view::npos) {
      const auto end = offsets(source_.substr(at_, 4))[1];
      fail_at(at_, fmt::format("unexpected character '{}'", source_.substr(at_, end)));
    }
    if (text == "(" || text == "[" || text == "{") brackets_ += text == "(" ? ')' : text == "[" ? ']' : '}';
    if (text == ")" || text == "]" || text == "}") {
      if (brackets_.empty()) fail_at(at_, fmt::format("unexpected '{}'", text));
      if (brackets_.back() != text[0])
        fail_at(at_, fmt::format("unexpected '{}', expected '{}'", text, brackets_.back()));
      brackets_.pop_back();
    }
    add(TokenKind::punctuation, at_, std::string(text));
    at_ += text.size();
  }

  std::string_view source_;
  LexerOptions options_;
  std::size_t at_ = 0;
  std::string brackets_;  // closing brackets that are due
  std::vector<Token> tokens_;
};

}  // namespace

std::string normalise_source(std::string_view text, bool keep_trailing_newline) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      out += '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    } else {
      out += text[i];
    }
  }
  if (!keep_trailing_newline && out.ends_with('\n')) out.pop_back();
  return out;
}

std::vector<Token> tokenize(std::string_view source, LexerOptions options) { return Lexer(source, options).run(); }

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::data:
      return "template text";
    case TokenKind::end:
      return "end of template";
    case TokenKind::variable_begin:
      return "begin of print statement";
    case TokenKind::variable_end:
      return "end of print statement";
    case TokenKind::block_begin:
      return "begin of statement block";
    case TokenKind::block_end:
      return "end of statement block";
    case TokenKind::string:
      return fmt::format("text {}", repr_of_text(token.text));
    default:
      return fmt::format("'{}'", token.text);
  }
}

}  // namespace sitrep::templating
