#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sitrep::evaluation {

/// The identifiers of an SQL text in lower case, in order, each once: outside of string literals and comments.
std::vector<std::string> sql_names(std::string_view sql);

/// Those of them that stand after FROM or JOIN: tables, views and common table expressions.
std::vector<std::string> sql_tables(std::string_view sql);

}  // namespace sitrep::evaluation
