#pragma once

#include <string>

namespace sitrep::config {

/// A place in a configuration file, for messages: "sitrep.toml:14:3". Line 0: not from a file.
struct Location {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
  std::string text() const { return file + ":" + std::to_string(line) + ":" + std::to_string(column); }
};

}  // namespace sitrep::config
