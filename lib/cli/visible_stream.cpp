#include "cli/visible_stream.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace sitrep::cli {
namespace {

constexpr std::size_t k_longest_character = 4;

bool is_layout(std::string_view character) { return character == "\n" || character == "\t" || character == "\r"; }

}  // namespace

VisibleStream::~VisibleStream() {
  exceptions(std::ios::goodbit);
  flush();
}

VisibleStream::Buffer::int_type VisibleStream::Buffer::overflow(int_type byte) {
  if (traits_type::eq_int_type(byte, traits_type::eof())) return traits_type::not_eof(byte);
  const char one = traits_type::to_char_type(byte);
  return xsputn(&one, 1) == 1 ? byte : traits_type::eof();
}

std::streamsize VisibleStream::Buffer::xsputn(const char* bytes, std::streamsize count) {
  waiting_.append(bytes, static_cast<std::size_t>(count));
  write(false);
  return to_.good() ? count : 0;
}

int VisibleStream::Buffer::sync() {
  write(true);
  to_.flush();
  return to_.good() ? 0 : -1;
}

void VisibleStream::Buffer::write(bool all) {
  std::string shown;
  std::string_view rest = waiting_;
  while (!rest.empty()) {
    const auto step = next_utf8(rest);
    // What looks broken at the end may be the beginning of a character.
    if (step.code == k_invalid_utf8 && !all && rest.size() < k_longest_character) break;
    const auto character = rest.substr(0, step.length);
    rest.remove_prefix(step.length);
    const bool plain = character.size() == 1 && character[0] >= ' ' && character[0] < 0x7f;
    if (plain || is_layout(character)) {
      shown += character;
      continue;
    }
    auto safe = visible(character);
    if (safe != character && step.code <= 0xffff) safe = fmt::format("\\u{:04x}", static_cast<unsigned>(step.code));
    shown += safe;
  }
  waiting_.erase(0, waiting_.size() - rest.size());
  to_.write(shown.data(), static_cast<std::streamsize>(shown.size()));
}

}  // namespace sitrep::cli
