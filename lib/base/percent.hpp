#pragma once

#include <string>
#include <string_view>

namespace sitrep {

/// %XX for every byte but letters, digits, "-._~" (RFC 3986, 2.3) and those of `kept`.
std::string percent_encode(std::string_view text, std::string_view kept = {});

/// What "+" stands for: a blank in a form or query, itself in a path.
enum class Plus { blank, itself };
/// The bytes that %XX stand for; what is no such triplet stays as it is.
std::string percent_decode(std::string_view text, Plus plus);

}  // namespace sitrep
