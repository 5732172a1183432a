#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "docs/engine.hpp"

namespace sitrep::docs {

/// A document that was filled from its template and is not written yet.
struct NewDocument {
  std::string text;       ///< YAML front matter and Markdown
  std::string file_name;  ///< as the template's header says, relative to the workspace: "docs/postmortems/2026-….md"
  std::string template_name;
  std::vector<std::string> record_fields;  ///< of the front matter: those that hold ids of records
};

/// The field of a document's front matter that names the profile [redact.NAME] it was made with.
inline constexpr std::string_view k_redact_field = "redact";

/// Fills the template of a document type. Figures become their text forms. Error{usage}: no such type, a parameter that
/// is missing, unknown or wrong; templating::TemplateError.
NewDocument make_document(Engine& engine, std::string_view type, const std::map<std::string, std::string>& parameters);

/// Another name in the same folder for a document whose name is taken by `other`, a document about another record: with
/// the id of its own before the extension. nullopt when the two are about the same, or `other` says nothing of it.
std::optional<std::string> name_beside(const NewDocument& document, std::string_view other);

/// What a document needs to be made, as far as it is known.
struct DocumentForm {
  std::map<std::string, std::string> parameters;   ///< those given, and those that the store says
  std::vector<config::TemplateParameter> missing;  ///< without a value: a person is asked for them, in order
};

/// Looks up in the store what was not given (`from` of the type's parameters). Error{usage}: no such type.
DocumentForm document_form(Engine& engine, std::string_view type, const std::map<std::string, std::string>& given);

/// The period of documents: they are about now; metrics that they quote are of the last complete week.
Subject subject_now(const Inputs& inputs);

}  // namespace sitrep::docs
