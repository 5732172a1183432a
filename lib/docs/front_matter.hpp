#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::docs {

/// One entry of a document's front matter. A scalar has one value, or none when it is empty (null).
struct Field {
  std::string name;
  std::vector<std::string> values;
  bool list = false;
  std::size_t line = 0;  ///< of the file; 0: not read from one
};

struct FrontMatter {
  std::vector<Field> fields;  ///< in the order of the file
  std::string body;           ///< what follows
  std::size_t body_line = 1;  ///< line of the file on which it starts

  const Field* find(std::string_view name) const;
  /// The first value of a field; nullopt when absent or empty.
  std::optional<std::string> text(std::string_view name) const;
};

/// Reads YAML between the first line `---` and the next one; a document without it has no fields. Only what front
/// matter needs is allowed: a map of scalars and lists of scalars. Error{data} `file:line:column: …`.
FrontMatter parse_front_matter(std::string_view document, const std::string& file);

/// The fields between --- lines, values quoted where YAML would read something else.
std::string write_front_matter(const std::vector<Field>& fields);

/// The document with one field set, its other bytes unchanged; added at the end of the front matter when it has none.
/// Error{data} when it is written in a way that this would change more (a map in braces, say).
std::string set_field(std::string_view document, std::string_view name, std::string_view value,
                      const std::string& file);

}  // namespace sitrep::docs
