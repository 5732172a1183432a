#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "docs/engine.hpp"

namespace sitrep::docs {

/// What became of a generated block.
struct BlockChange {
  enum class What {
    unchanged,
    rewritten,
    conflict,  ///< a person edited inside: left as it is
    failed,    ///< its macro failed; left as it is
  } what = What::unchanged;
  std::string name;
  std::size_t line = 1;
  std::string difference;  ///< rewritten, conflict: from what stands there to what is generated; failed: the error
};
/// "unchanged", "rewritten", "conflict", "failed"
const char* name(BlockChange::What what) noexcept;

struct Refreshed {
  std::string text;
  std::vector<BlockChange> blocks;  ///< in order
};

enum class Edited { keep, discard };

/// Generates the blocks of documents again, one document after the other: what several ask is answered once.
class Refresher {
 public:
  /// Borrowed.
  explicit Refresher(Engine& engine);

  /// A block whose text is untouched is replaced; one that a person edited is left alone and reported as a conflict,
  /// or replaced all the same with Edited::discard. All other bytes stay as they are. Error{data} for blocks that
  /// can't be read.
  Refreshed refresh(std::string_view document, const std::string& file, Edited edited = Edited::keep);

 private:
  config::TemplateHeader header_;
  Workbench bench_;
};

}  // namespace sitrep::docs
