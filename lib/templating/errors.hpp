#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/located_error.hpp"

namespace sitrep::templating {

/// A place in a template; both count from 1, column in characters.
struct Place {
  std::string file;
  std::size_t line = 1;
  std::size_t column = 1;
};

/// What is wrong with a template, and where. what() is one line: "templates/x.md:27:14: 'incidnets' is undefined; did
/// you mean 'incidents'? (included from templates/y.md:3)".
class TemplateError : public LocatedError {
 public:
  /// `source_line` is the text of the line; `chain` the includes, innermost first.
  TemplateError(ErrorKind kind, Place place, std::string reason, const std::string& source_line,
                std::vector<Place> chain);

  const Place& place() const { return place_; }
  const std::string& reason() const { return reason_; }
  const std::vector<Place>& chain() const { return chain_; }

 private:
  Place place_;
  std::string reason_;
  std::vector<Place> chain_;
};

/// The template can't be read.
class SyntaxError : public TemplateError {
 public:
  using TemplateError::TemplateError;
};

/// The template can't be carried out; keeps the kind of the failure inside (user_code unless a function failed).
class RenderError : public TemplateError {
 public:
  using TemplateError::TemplateError;
};

}  // namespace sitrep::templating
