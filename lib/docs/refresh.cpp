#include "docs/refresh.hpp"

#include <fmt/core.h>

#include "base/error.hpp"
#include "base/line_diff.hpp"
#include "docs/document.hpp"

namespace sitrep::docs {

const char* name(BlockChange::What what) noexcept {
  using What = BlockChange::What;
  switch (what) {
    case What::unchanged:
      return "unchanged";
    case What::rewritten:
      return "rewritten";
    case What::conflict:
      return "conflict";
    case What::failed:
      return "failed";
  }
  return "";
}

Refresher::Refresher(Engine& engine) : bench_(engine, subject_now(engine.inputs()), header_) {
  bench_.run().keep_no_records();
}

Refreshed Refresher::refresh(std::string_view document, const std::string& file, Edited edited) {
  using What = BlockChange::What;
  Refreshed result;
  std::size_t kept = 0;
  for (const auto& block : find_blocks(document, file)) {
    const auto old = document.substr(block.begin, block.end - block.begin);
    result.text += document.substr(kept, block.begin - kept);
    kept = block.end;
    BlockChange change{What::unchanged, block.name, block.line, {}};
    std::string fresh;
    try {
      fresh = bench_.blocks().again(block, document);
    } catch (const Error& error) {
      // One macro that fails must not keep the other blocks and documents old.
      change.what = What::failed;
      change.difference = error.what();
    }
    const auto generated = fresh.empty() ? Block{} : find_blocks(fresh, file).front();
    if (change.what != What::failed && (generated.hash != block.hash || block.edited())) {
      change.what = block.edited() && edited == Edited::keep ? What::conflict : What::rewritten;
      change.difference = show_difference(block.content, generated.content);
    }
    result.text += change.what == What::rewritten ? fresh : std::string(old);
    result.blocks.push_back(std::move(change));
  }
  result.text += document.substr(kept);
  return result;
}

}  // namespace sitrep::docs
