#include "store/history.hpp"

#include "store/schema.hpp"

namespace sitrep::store {
namespace {

Version read_version(const Statement& row, std::size_t columns) {
  Version version;
  version.source = row.text(0);
  version.id = row.text(1);
  version.observed_at = row.time(2);
  version.superseded_at = row.time_or_null(3);
  version.deleted_at = row.time_or_null(4);
  for (std::size_t i = 0; i < columns; ++i) version.values.push_back(to_value(row.cell(static_cast<int>(i) + 5)));
  return version;
}

std::vector<model::Cell> cells_of(const Version& version) {
  std::vector<model::Cell> cells;
  for (const auto& value : version.values) std::visit([&](const auto& v) { cells.emplace_back(v); }, value);
  return cells;
}

}  // namespace

std::vector<Version> history(Store& store, const model::Entity& entity, std::string_view id,
                             std::optional<std::string> source) {
  auto& db = store.db();
  std::vector<Version> all;
  const bool versions = entity.keeping == model::Keeping::versions;
  if (table_columns(db, versions ? current_table(entity) : value_table(entity)).empty()) return all;
  std::string list = "source, id, observed_at, superseded_at, deleted_at";
  for (const auto& column : entity.columns) list += ", " + quote_name(column.name);
  Statement rows(db, fmt::format("SELECT {}, url, extra FROM {} WHERE id = ?1 AND (?2 IS NULL OR source = ?2) "
                                 "ORDER BY source, observed_at, superseded_at IS NULL, superseded_at",
                                 list, quote_name(entity.name + "_history")));
  rows.bind(id, source);
  while (rows.step()) all.push_back(read_version(rows, entity.columns.size() + 2));
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i - 1].source == all[i].source && !all[i - 1].deleted_at)
      all[i].changes = compare(entity, cells_of(all[i - 1]), cells_of(all[i]));
  return all;
}

}  // namespace sitrep::store
