#include "known_names.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "json/value.hpp"
#include "store/listing.hpp"

#include <algorithm>

namespace sitrep::cmd {
namespace {

const std::string* text_at(const store::Listed& listed, const std::vector<store::OwnedCell>& row, const char* column) {
  const auto index = listed.index_of(column);
  return index < 0 ? nullptr : std::get_if<std::string>(&row[static_cast<std::size_t>(index)]);
}

std::vector<std::string> known_names(cli::Context& ctx, std::string_view entity) {
  std::vector<std::string> names;
  store::Listing listing;
  listing.entity = entity;
  listing.sort = "name";
  const auto listed = store::list(ctx.store(), listing);
  for (const auto& row : listed.rows) {
    if (const auto* name = text_at(listed, row, "name")) names.push_back(*name);
    const auto* aliases = text_at(listed, row, "aliases");
    if (aliases == nullptr) continue;
    json::Document document;
    for (const auto alias : document.parse(*aliases).members()) names.push_back(alias.value.to_text());
  }
  return names;
}

}  // namespace

void refuse_unknown_names(cli::Context& ctx, std::string_view entity, const std::vector<std::string>& asked) {
  if (asked.empty()) return;
  const auto names = known_names(ctx, entity);
  if (names.empty()) return;
  const std::vector<std::string_view> views(names.begin(), names.end());
  for (const auto& name : asked) {
    if (std::ranges::any_of(views, [&](std::string_view known) { return equal_ignoring_case(known, name); })) continue;
    fail(ErrorKind::usage, "--{0}: there is no {0} '{1}'{2}", entity, visible(name), did_you_mean(name, views));
  }
}

}  // namespace sitrep::cmd
