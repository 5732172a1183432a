#pragma once

#include <span>
#include <string_view>

namespace sitrep {

/// A file of the source tree that the binary carries (presets, metric definitions, templates).
struct EmbeddedFile {
  std::string_view name;  ///< path relative to the folder it was embedded from, with '/'
  std::string_view text;
};

}  // namespace sitrep
