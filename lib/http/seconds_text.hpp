#pragma once

#include <chrono>
#include <string>

#include "base/numbers.hpp"

namespace sitrep::http {

/// "0.2 s", for messages.
inline std::string seconds_text(std::chrono::milliseconds span) {
  return format_real(static_cast<double>(span.count()) / 1000) + " s";
}

}  // namespace sitrep::http
