#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/location.hpp"

namespace sitrep::config {

/// A typed parameter of a template: [params] week = { type = "date", default = "last-monday", doc = "…" }.
struct TemplateParameter {
  std::string name;
  enum class Type { text, integer, real, boolean, date, list } type = Type::text;
  std::optional<std::string> fallback;                     ///< absent: the parameter must be given
  std::optional<std::vector<std::string>> fallback_items;  ///< of a list whose default is one; `fallback` shows it
  std::string doc;
  std::vector<std::string> choices;
  std::string entity;     ///< not empty: a value that is given must be the id of such a record
  bool required = false;  ///< of a front matter field: it must say something
  bool ask = false;       ///< a command asks for it on a terminal where neither a person nor `from` says it
  std::string from;       ///< "query.column": where the store may say it; empty: nowhere
  Location where;
};

/// The TOML between the +++ lines that open a template file.
struct TemplateHeader {
  std::string title;
  enum class Kind { report, document, partial } kind = Kind::partial;
  std::string description;
  bool of_one_program = false;  ///< of reports: says nothing without a program
  std::vector<TemplateParameter> parameters;
  std::vector<std::pair<std::string, std::string>> queries;  ///< name → SQL
  std::vector<std::pair<std::string, std::string>> metrics;  ///< name → name of a metric
  std::vector<std::string> required_sections;                ///< of documents
  std::string file_name;                                     ///< of documents: a template of the new file's path
  std::vector<TemplateParameter> front_matter;               ///< of documents: the fields that a file of the type has
  std::vector<std::string> finished;                         ///< of documents: statuses after which nothing is late
  std::string due = "due_date";                              ///< of documents: the field that says when it is due

  /// The field of that name; null when the type has none.
  const TemplateParameter* field(std::string_view name) const;
  /// Takes what `base` has and this header does not say itself: what a template that extends another one inherits.
  void inherit(const TemplateHeader& base);
};

struct TemplateSource {
  TemplateHeader header;
  std::string body;        ///< what follows the closing +++ line
  unsigned body_line = 1;  ///< line of the file on which the body starts
};

/// Splits a template file (LF or CRLF) and reads its header; a file without +++ has an empty one. Error{user_code} with
/// file:line:column for a mistake in the header.
TemplateSource parse_template(std::string_view text, const std::string& file);

}  // namespace sitrep::config
