#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/store.hpp"

namespace sitrep::store {

/// A stored value with its text.
using OwnedCell = std::variant<std::monostate, std::int64_t, double, std::string>;

/// Rows of one entity as its view shows them, chosen and ordered.
struct Listing {
  std::string entity;
  struct Filter {
    std::string column;
    std::vector<std::string> any_of{};  ///< compared as text without regard to ASCII case; empty: no filter
    /// Of team and program: a row without a value has that of its service. Of service: aliases count as the name.
    enum class Through { column_alone, service } through = Through::column_alone;
  };
  std::vector<Filter> filters;
  std::optional<std::string> id;         ///< exactly this one, of each source
  std::string time_column;               ///< of since and until; a timestamp or a date (of the calendar's zone)
  std::optional<UnixTime> since, until;  ///< [since, until)
  std::string sort;                      ///< a column; NULL last, ties by source and id
  bool descending = false;
  std::optional<std::int64_t> limit;
};

struct Listed {
  std::vector<std::string> columns;  ///< source, id, the entity's, url, extra, observed_at
  std::vector<std::vector<OwnedCell>> rows;
  std::int64_t total = 0;  ///< rows that pass the filters, whatever the limit
  /// Position of a column; -1 when there is none.
  int index_of(std::string_view column) const;
};

/// Error{usage} for a column that the entity does not have, with "did you mean".
Listed list(Store& store, const Listing& listing);

/// Whether the entity has a record of that id, name or alias. Names are compared without regard to ASCII case.
bool has_record(Store& store, std::string_view entity, std::string_view id_or_name);

/// The different texts of a column over all versions that the store shows, sorted; empty for a column of numbers.
std::vector<std::string> distinct_texts(Store& store, std::string_view entity, std::string_view column);

/// Different names of an entity that has a column `name`, sorted; for completion.
std::vector<std::string> names(Store& store, std::string_view entity);

}  // namespace sitrep::store
