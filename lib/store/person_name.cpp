#include "store/person_name.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "base/utf8.hpp"

namespace sitrep::store {
namespace {

using Letter = PersonName::Letter;

constexpr std::int32_t k_no_code = 0x110000;  // and above: bytes that are no text

bool is_ascii_word(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_mark(std::int32_t code) {
  const auto category = utf8proc_category(code);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

/// Of scripts that put no blanks between words: Thai, Lao, Burmese, Khmer, kana and Han.
bool stands_close(std::int32_t code) {
  return (code >= 0xE00 && code < 0xF00) || (code >= 0x1000 && code < 0x10A0) || (code >= 0x1780 && code < 0x1800) ||
         (code >= 0x3040 && code < 0x3100) || (code >= 0x3400 && code < 0xA000) || (code >= 0xF900 && code < 0xFB00) ||
         (code >= 0x20000 && code < 0x40000);
}

/// Letters, digits and the marks on them make words, quotes and dashes do not.
bool in_word(std::int32_t code) {
  if (code < 0x80) return is_ascii_word(static_cast<char32_t>(code));
  if (code >= k_no_code || stands_close(code)) return false;
  const auto category = utf8proc_category(code);
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO) || category == UTF8PROC_CATEGORY_PC;
}

bool is_blank(std::int32_t code) {
  return code == ' ' || (code >= '\t' && code <= '\r') ||
         (code >= 0x80 && utf8proc_category(code) == UTF8PROC_CATEGORY_ZS);
}

std::vector<Letter> letters_of(std::string_view text) {
  std::vector<Letter> letters;
  letters.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto step = next_utf8(text.substr(at));
    const auto code = static_cast<std::int32_t>(step.code);
    if (step.code == k_invalid_utf8) {
      letters.push_back({k_no_code + static_cast<unsigned char>(text[at]), at});
    } else if (is_blank(code)) {
      if (letters.empty() || letters.back().code != ' ') letters.push_back({' ', at});
    } else if (code < 0x80) {
      letters.push_back({code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code, at});
    } else {
      std::array<utf8proc_int32_t, 32> parts{};
      int boundary = 0;
      const auto fold = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
      const auto count = utf8proc_decompose_char(code, parts.data(), parts.size(), fold, &boundary);
      for (utf8proc_ssize_t i = 0; i < std::min<utf8proc_ssize_t>(count, parts.size()); ++i)
        letters.push_back({parts[static_cast<std::size_t>(i)], at});
    }
    at += step.length;
  }
  return letters;
}

/// The longest run of ASCII letters and digits. One with a mark on it may be written as one character too.
std::string longest_run(std::string_view name) {
  std::string longest, run;
  const auto end = [&] {
    if (run.size() > longest.size()) longest = run;
    run.clear();
  };
  for (std::size_t at = 0; at < name.size();) {
    const auto step = next_utf8(name.substr(at));
    if (step.code != '_' && is_ascii_word(step.code)) {
      const auto c = static_cast<char>(step.code);
      run += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else {
      if (step.code != k_invalid_utf8 && !run.empty() && is_mark(static_cast<std::int32_t>(step.code))) run.pop_back();
      end();
    }
    at += step.length;
  }
  end();
  return longest;
}

/// What stands before and behind a place where a name was found. Positions are those of letters.
struct Surroundings {
  std::string_view text;
  const std::vector<Letter>& letters;

  /// Not within a word, nor within what one character of the text comes apart into.
  bool is_edge(std::size_t i) const {
    if (i == 0 || i == letters.size()) return true;
    return letters[i - 1].at != letters[i].at && !(in_word(letters[i - 1].code) && in_word(letters[i].code));
  }

  /// ann.lee@example.com and lee@example.com.au are not lee@example.com.
  bool makes_another_address(std::size_t begin, std::size_t end) const {
    const auto joins = [&](std::size_t i) {
      return i < letters.size() && letters[i].code < 0x80 &&
             std::string_view(".+-%@").find(static_cast<char>(letters[i].code)) != std::string_view::npos;
    };
    return (begin > 1 && joins(begin - 1) && is_word(begin - 2)) || (joins(end) && is_word(end + 1));
  }

  /// Dana Reyes-Smith is somebody else, what is Dana Reyes-led is not.
  bool makes_another_name(std::size_t begin, std::size_t end) const {
    if (end + 1 < letters.size() && letters[end].code == '-' && is_word(end + 1) && is_capital(end + 1)) return true;
    if (begin < 2 || letters[begin - 1].code != '-' || !is_word(begin - 2)) return false;
    auto first = begin - 2;
    while (first > 0 && is_word(first - 1)) --first;
    return is_capital(first);
  }

 private:
  bool is_word(std::size_t i) const { return i < letters.size() && in_word(letters[i].code); }
  bool is_capital(std::size_t i) const {
    return utf8proc_category(static_cast<std::int32_t>(next_utf8(text.substr(letters[i].at)).code)) ==
           UTF8PROC_CATEGORY_LU;
  }
};

}  // namespace

PersonName::PersonName(std::string_view name)
    : name_(letters_of(name)), clue_(longest_run(name)), is_address_(name.find('@') != std::string_view::npos) {}

std::optional<std::string> PersonName::taken_out(std::string_view text) const {
  const auto letters = letters_of(text);
  const auto same = [](const Letter& a, const Letter& b) { return a.code == b.code; };
  const Surroundings around{text, letters};
  std::optional<std::string> out;
  std::size_t done = 0, from = 0;
  while (!name_.empty()) {
    const auto found = std::search(letters.begin() + static_cast<std::ptrdiff_t>(from), letters.end(), name_.begin(),
                                   name_.end(), same);
    if (found == letters.end()) break;
    const auto begin = static_cast<std::size_t>(found - letters.begin()), end = begin + name_.size();
    from = begin + 1;
    if (!around.is_edge(begin) || !around.is_edge(end)) continue;
    if (is_address_ ? around.makes_another_address(begin, end) : around.makes_another_name(begin, end)) continue;
    if (!out) out.emplace();
    out->append(text.substr(done, letters[begin].at - done)).append(k_forgotten);
    done = end < letters.size() ? letters[end].at : text.size();
    from = end;
  }
  if (out) out->append(text.substr(done));
  return out;
}

}  // namespace sitrep::store
