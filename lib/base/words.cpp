#include "base/words.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace sitrep {
namespace {

bool is_ascii_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_word(char32_t code) {
  if (code == k_invalid_utf8) return false;
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
         (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

/// Case folded, marks taken off their letters.
std::string folded(std::string_view text) {
  const auto whole = repair_utf8(text);
  utf8proc_uint8_t* made = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(whole.data()), static_cast<utf8proc_ssize_t>(whole.size()),
                   &made, static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(made, &std::free);
  return length < 0 ? lower_ascii(whole)
                    : std::string(reinterpret_cast<const char*>(made), static_cast<std::size_t>(length));
}

/// Cuts a text into the words between what is none. `step` gives the length of what comes first and if it is of a word.
template <class Step>
std::vector<std::string> cut(std::string_view text, Step step) {
  std::vector<std::string> words;
  std::size_t word = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const auto [length, belongs] = at < text.size() ? step(text.substr(at)) : std::pair{std::size_t{1}, false};
    if (!belongs && at > word) words.emplace_back(text.substr(word, at - word));
    at += length;
    if (!belongs) word = at;
  }
  return words;
}

}  // namespace

std::vector<std::string> search_words(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return cut(lower_ascii(text),
               [](std::string_view rest) { return std::pair{std::size_t{1}, is_ascii_word(rest.front())}; });
  return cut(folded(text), [](std::string_view rest) {
    const auto next = next_utf8(rest);
    return std::pair{next.length, is_word(next.code)};
  });
}

}  // namespace sitrep
