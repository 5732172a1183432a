#pragma once

#include <cstddef>
#include <string>

namespace sitrep::policy {

/// What a check of a launch review or a document found, at its place in the file.
struct FileFinding {
  enum class Level {
    error,    ///< the answer is no
    warning,  ///< worth a look
    note,     ///< would be an error, but somebody answers for an exception
  };
  std::string code;  ///< "L012", "D030"; contract: a code keeps its meaning
  Level level = Level::error;
  std::size_t line = 1;
  std::string subject;  ///< the section, field or link
  std::string reason, remedy;
};

/// "error", "warning", "note"
inline const char* name(FileFinding::Level level) noexcept {
  using Level = FileFinding::Level;
  return level == Level::error ? "error" : level == Level::warning ? "warning" : "note";
}

}  // namespace sitrep::policy
