#include "store/view_docs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "store/support.hpp"
#include "store/views.hpp"

using namespace sitrep;

namespace {

using Names = std::set<std::string, std::less<>>;

Names documented(store::Store& store, std::string_view view) {
  Names names;
  for (const auto& doc : store::view_docs())
    if (doc.name == view)
      for (const auto& column : doc.columns) names.emplace(column.name);
  if (!names.empty()) return names;
  const bool history = view.ends_with("_history");
  const auto* entity = store.find_entity(history ? view.substr(0, view.size() - 8) : view);
  if (entity == nullptr) return names;
  for (const auto& column : entity->columns) names.insert(column.name);
  for (const auto& column : store::common_column_docs()) names.emplace(column.name);
  if (history)
    for (const auto& column : store::history_column_docs()) names.emplace(column.name);
  return names;
}

}  // namespace

TEST_CASE("store::view_docs has every view of the store with all of its columns, and no other") {
  auto store = store::Store::memory(test::writing());
  store::Statement columns(store.db(), "SELECT name FROM pragma_table_info(?1, 'temp')");
  const auto views = store::view_names(store.entities());
  for (const auto& view : views) {
    CAPTURE(view);
    Names there;
    columns.bind(view);
    while (columns.step()) there.emplace(columns.text(0));
    CHECK(documented(store, view) == there);
  }
  for (const auto& doc : store::view_docs()) {
    CAPTURE(doc.name);
    CHECK(std::ranges::find(views, doc.name) != views.end());
  }
}

TEST_CASE("store::view_docs: every column has words, its own or the usual ones") {
  const auto has_words = [](std::string_view name, std::string_view doc) {
    CAPTURE(name);
    CHECK_FALSE((doc.empty() && store::usual_column_doc(name).empty()));
  };
  for (const auto& entity : model::built_in_entities())
    for (const auto& column : entity.columns)
      if (column.values.empty()) has_words(column.name, column.doc);
  for (const auto& view : store::view_docs())
    for (const auto& column : view.columns) has_words(column.name, column.doc);
}
