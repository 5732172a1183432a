#pragma once

#include <string>
#include <utility>

#include "base/error.hpp"

namespace sitrep {

/// An Error about a place in a text that a person wrote, with what to show of it.
class LocatedError : public Error {
 public:
  LocatedError(ErrorKind kind, const std::string& message, std::string excerpt)
      : Error(kind, message), excerpt_(std::move(excerpt)) {}

  /// The line with its number and a caret under the column: two lines that end in a newline.
  const std::string& excerpt() const noexcept { return excerpt_; }

 private:
  std::string excerpt_;
};

}  // namespace sitrep
