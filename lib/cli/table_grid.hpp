#pragma once

#include <string>
#include <vector>

#include "cli/table.hpp"

namespace sitrep::cli {

/// The shown columns of a table as people read them: one line a cell, nothing that a terminal would obey.
struct Grid {
  std::vector<const Table::Column*> columns;
  std::vector<std::string> headers;
  std::vector<std::vector<std::string>> rows;
};

Grid make_grid(const Table& table, const Zone& zone);

}  // namespace sitrep::cli
