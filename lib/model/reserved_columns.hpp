#pragma once

#include <array>
#include <string_view>

namespace sitrep::model {

/// Columns that the store gives every entity; an own entity's columns have other names.
inline constexpr std::array<std::string_view, 12> k_reserved_columns = {
    "source",     "id",  "url",  "extra",     "observed_at", "superseded_at",
    "deleted_at", "key", "hash", "stream_id", "source_id",   "series"};

}  // namespace sitrep::model
