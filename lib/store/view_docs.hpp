#pragma once

#include <span>
#include <string_view>

namespace sitrep::store {

/// What a documented view or column means, for sitrep-schema(7).
struct ColumnDoc {
  std::string_view name, type, doc;
};
struct ViewDoc {
  std::string_view name, doc;
  std::span<const ColumnDoc> columns;
};

/// The documented views that are no entity's: in the order of the page.
std::span<const ViewDoc> view_docs();

/// Columns that every entity has beside its own, and those that <entity>_history adds.
std::span<const ColumnDoc> common_column_docs();
std::span<const ColumnDoc> history_column_docs();

/// What a column of that name means where its entity or view says nothing of its own; "" for names that need it.
std::string_view usual_column_doc(std::string_view name);

}  // namespace sitrep::store
