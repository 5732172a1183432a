#pragma once

#include <array>
#include <string_view>

namespace sitrep::model {

/// Columns that the store gives every entity; an own entity's columns have other names.
inline constexpr std::array<std::string_view, 12> k_reserved_columns = {
    "source",     "id",  "url",  "extra",     "observed_at", "superseded_at",
    "deleted_at", "key", "hash", "stream_id", "source_id",   "series"};

/// Whether the store needs this name itself: for a table or view of its own or of a metric, for one that it makes for
/// another entity, or for a function of FROM, which a table would hide from queries.
bool is_reserved_entity(std::string_view name);

}  // namespace sitrep::model
