#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "json/duplicates.hpp"
#include "json/scanner.hpp"
#include "json/simdjson_access.hpp"
#include "json/value.hpp"

namespace sitrep::json {
namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view k_replacement = "\\ufffd";

bool looks_like_utf16(std::string_view text) {
  if (text.size() < 2) return false;
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const bool marked = (byte(0) == 0xFF && byte(1) == 0xFE) || (byte(0) == 0xFE && byte(1) == 0xFF);
  return marked || (byte(0) == 0) != (byte(1) == 0);
}

// `escape` starts "\u"; the code unit lies in [0xD000 + from * 0x100, 0xD000 + to * 0x100 + 0xFF].
bool is_unit_in(const char* escape, char from, char to) {
  const char third = escape[3] >= 'A' && escape[3] <= 'F' ? static_cast<char>(escape[3] - 'A' + 'a') : escape[3];
  return (escape[2] == 'd' || escape[2] == 'D') && third >= from && third <= to;
}

bool is_high_half(const char* escape) { return is_unit_in(escape, '8', '9') || is_unit_in(escape, 'a', 'b'); }
bool is_low_half(const char* escape) { return is_unit_in(escape, 'c', 'f'); }

// simdjson 3.0 refuses a high half without a low one and makes invalid UTF-8 of a low half alone. A page is not worth
// losing over half an emoji: each lone half is rewritten as U+FFFD, which is as long.
std::size_t replace_lone_surrogates(char* text, std::size_t length) {
  std::size_t replaced = 0;
  char* const end = text + length;
  char* at = text;
  while (at < end && (at = static_cast<char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)))) != nullptr) {
    if (end - at < 6 || at[1] != 'u') {
      at += 2;
      continue;
    }
    if (is_high_half(at) && end - at >= 12 && at[6] == '\\' && at[7] == 'u' && is_low_half(at + 6)) {
      at += 12;
      continue;
    }
    if (is_high_half(at) || is_low_half(at)) {
      std::memcpy(at, k_replacement.data(), k_replacement.size());
      ++replaced;
    }
    at += 6;
  }
  return replaced;
}

// Finds out what is wrong with a text that simdjson refused.
[[noreturn]] void explain(std::string_view text, simdjson::error_code error) {
  Scanner scanner(text);
  std::optional<std::size_t> out_of_range;
  std::size_t length = 0;
  while (scanner.next() != Scanner::Event::done) {
    if (out_of_range || !scanner.number_out_of_range()) continue;
    out_of_range = scanner.from();
    length = scanner.token().size();
  }
  if (out_of_range) {
    const Position position = position_of(text, *out_of_range);
    const std::string_view token = text.substr(*out_of_range, std::min<std::size_t>(length, 40));
    throw NumberError(position.line, position.column,
                      fmt::format("number {}{} is out of range", token, length > token.size() ? "…" : ""));
  }
  throw SyntaxError(1, 1, fmt::format("not readable as JSON ({})", simdjson::error_message(error)));
}

}  // namespace

SyntaxError::SyntaxError(std::size_t line, std::size_t column, const std::string& reason)
    : Error(ErrorKind::data, fmt::format("line {}, column {}: {}", line, column, reason)),
      line_(line),
      column_(column) {}

struct Document::State {
  simdjson::dom::parser parser;
  std::unique_ptr<char[]> buffer;
  std::size_t capacity = 0;
  std::optional<Value> root;
  ParseNotes notes;

  // simdjson reads past the end of a text by up to SIMDJSON_PADDING bytes, so it gets a copy with room.
  char* load(std::string_view text) {
    if (!buffer || capacity < text.size()) {
      capacity = text.size() + text.size() / 4;
      buffer = std::make_unique<char[]>(capacity + simdjson::SIMDJSON_PADDING);
    }
    std::copy(text.begin(), text.end(), buffer.get());
    std::fill_n(buffer.get() + text.size(), simdjson::SIMDJSON_PADDING, '\0');
    return buffer.get();
  }

  Value parse(std::string_view text) {
    simdjson::dom::element element;
    const auto error = parser.parse(buffer.get(), text.size(), false).get(element);
    if (error == simdjson::MEMALLOC) throw std::bad_alloc();
    if (error == simdjson::CAPACITY) fail(ErrorKind::data, "a JSON text of {} bytes is too long (4 GiB)", text.size());
    if (error != simdjson::SUCCESS) explain(text, error);
    return ValueAccess::value(element);
  }
};

Document::Document() : state_(std::make_unique<State>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Value Document::parse(std::string_view text) {
  State& state = *state_;
  state.root.reset();
  state.notes = {};
  if (looks_like_utf16(text)) throw SyntaxError(1, 1, "the text is UTF-16; JSON is exchanged in UTF-8");
  if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
  char* const copy = state.load(text);
  state.notes.lone_surrogates = replace_lone_surrogates(copy, text.size());
  // simdjson's limit is the first depth it refuses.
  if (state.parser.max_depth() != k_max_depth + 1) {
    if (state.parser.allocate(text.size() + 1, k_max_depth + 1) != simdjson::SUCCESS) throw std::bad_alloc();
  }
  Value root = state.parse({copy, text.size()});
  state.notes.duplicate_keys = count_duplicate_keys(root);
  if (state.notes.duplicate_keys > 0) {
    const std::string unique = without_duplicate_keys(root);
    root = state.parse({state.load(unique), unique.size()});
  }
  state.root = root;
  return root;
}

Value Document::root() const {
  if (!state_->root) fail(ErrorKind::bug, "json::Document::root() without a parsed text");
  return *state_->root;
}

const ParseNotes& Document::notes() const { return state_->notes; }

}  // namespace sitrep::json
