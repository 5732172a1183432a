#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sitrep {

/// The words of a text as a search sees them, in its order: runs of letters and digits, in lower case and without
/// accents. Bytes that are not UTF-8 part words.
std::vector<std::string> search_words(std::string_view text);

}  // namespace sitrep
