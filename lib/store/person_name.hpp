#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::store {

constexpr std::string_view k_forgotten = "[forgotten]";

/// A person's name or address as it is looked for in texts: as a word of its own and no part of another's, whatever the
/// case of its letters, the way their marks are composed (Unicode's canonical decomposition and case folding) and the
/// blanks between its parts.
class PersonName {
 public:
  explicit PersonName(std::string_view name);

  /// The text with k_forgotten in place of the name; nullopt: it is not in it.
  std::optional<std::string> taken_out(std::string_view text) const;
  /// Whether the text is the name and no more.
  bool is(std::string_view text) const { return taken_out(text) == k_forgotten; }
  /// Lower-case ASCII that stands in every text that has the name; may be empty.
  const std::string& clue() const { return clue_; }

  /// A character of a text as it is compared.
  struct Letter {
    std::int32_t code = 0;
    std::size_t at = 0;  // the byte where what it comes from begins
  };

 private:
  std::vector<Letter> name_;
  std::string clue_;
  bool is_address_;
};

}  // namespace sitrep::store
