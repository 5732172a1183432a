#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "docs/engine.hpp"
#include "docs/generated.hpp"

namespace sitrep::docs {

/// A document that was filled from its template and is not written yet.
struct NewDocument {
  std::string text;       ///< YAML front matter and Markdown
  std::string file_name;  ///< as the template's header says, relative to the workspace: "docs/postmortems/2026-….md"
  std::string template_name;
};

/// Fills the template of a document type. Figures become their text forms. Error{usage}: no such type, a parameter that
/// is missing, unknown or wrong; templating::TemplateError.
NewDocument make_document(Engine& engine, std::string_view type, const std::map<std::string, std::string>& parameters);

/// What became of a generated block.
struct BlockChange {
  enum class What { unchanged, rewritten, conflict } what = What::unchanged;
  std::string name;
  std::size_t line = 1;
};

struct Refreshed {
  std::string text;
  std::vector<BlockChange> blocks;  ///< in order
};

/// Generates the blocks of a document again. One whose text is untouched is replaced, one that a person edited is left
/// alone and reported as a conflict; all other bytes stay as they are. Error{data} for blocks that can't be read.
Refreshed refresh_document(Engine& engine, std::string_view document, const std::string& file);

}  // namespace sitrep::docs
