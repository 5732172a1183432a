#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "docs/run.hpp"

// Generated blocks of documents: Markdown between two HTML comments that carry the call and a hash of the content:
//
//   <!-- sitrep:begin incident_facts {"id":"INC-1902"} sha256=0f3a… -->
//   …
//   <!-- sitrep:end -->
//
// The call names a macro of documents/blocks.md. A person may write anywhere outside; inside, an edit shows by the
// hash.
namespace sitrep::docs {

struct Block {
  std::string name;                ///< of the macro
  std::string arguments_json;      ///< an object
  std::string hash;                ///< as the comment says
  std::string content;             ///< between the comments, without the line ends beside them
  std::size_t begin = 0, end = 0;  ///< bytes of the document, both comments included
  std::size_t line = 1;            ///< of the opening comment
  bool edited() const;             ///< the content is not what was generated
};

/// The blocks of a document, in order. Error{data} `file:line: …` for one that is not closed, opens inside another or
/// whose comment cannot be read.
std::vector<Block> find_blocks(std::string_view document, const std::string& file);

/// A block around generated content.
std::string write_block(std::string_view name, std::string_view arguments_json, std::string_view content);

/// Adds generated(name, **arguments) and front_matter(**fields). Both are borrowed for as long as templates render;
/// without a run `generated` is there to be listed and checked.
void add_document_functions(templating::Environment& environment, Run* run);

/// The template that holds the macros of blocks.
inline constexpr std::string_view k_blocks_template = "documents/blocks.md";

}  // namespace sitrep::docs
