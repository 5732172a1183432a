#pragma once

#include "cli/table.hpp"
#include "store/query.hpp"

namespace sitrep::cmd {

/// The rows of a query as a table; columns of numbers stand to the right. Error{user_code} beyond a million rows, which
/// only ndjson and csv can stream.
cli::Table collect_rows(store::Query& query);

/// The row that the query stands on.
std::vector<cli::Table::Cell> row_of(const store::Query& query);

/// The columns of a query, in its order.
cli::Table table_of(const store::Query& query);

}  // namespace sitrep::cmd
