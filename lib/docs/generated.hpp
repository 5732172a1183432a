#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "docs/catalog.hpp"
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
  std::string hash;                ///< as the comment says; empty: a person wrote the comments, to have them filled
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

/// Writes blocks for one run, one after the other; each call and its arguments are answered once. Everything is
/// borrowed.
class BlockWriter {
 public:
  BlockWriter(const templating::Environment& environment, const Catalog& catalog, Run& run)
      : environment_(&environment), catalog_(&catalog), run_(&run) {}

  /// A block with its comments. Error{user_code} for a name that no macro has; what the macro fails with.
  std::string block(const std::string& name, const templating::Dict& arguments);
  /// A block of a document as it is generated now, with the line ends that it has there.
  std::string again(const Block& block, std::string_view document);

 private:
  std::string content(const std::string& name, const templating::Dict& arguments);
  const templating::Environment* environment_;
  const Catalog* catalog_;
  Run* run_;
  std::map<std::string, std::optional<templating::Template>> calls_;  // by name of the macro
  std::map<std::string, std::string> written_;                        // by name and arguments
};

/// Adds generated(name, **arguments) and front_matter(**fields). Borrowed for as long as templates render; without a
/// writer `generated` is there to be listed and checked.
void add_document_functions(templating::Environment& environment, BlockWriter* writer);

/// The templates that hold the macros of blocks: the shipped ones, and a workspace's own.
inline constexpr std::string_view k_blocks_template = "documents/blocks.md";
inline constexpr std::string_view k_own_blocks_template = "documents/own-blocks.md";

}  // namespace sitrep::docs
