#pragma once

#include <map>
#include <string>
#include <string_view>

#include "store/query.hpp"
#include "templating/value.hpp"

namespace sitrep::docs {

/// Runs SQL of a template or a user in the store's box (read-only, documented names, bounded) and gives its rows as
/// dicts. `parameters` are those the SQL may name; what it does not name is ignored, what it names and lacks is
/// Error{user_code} with "did you mean", as is any error of SQLite. `what` names the query in messages.
templating::Value run_sql(store::QueryBox& box, const std::string& sql, std::string_view what,
                          const std::map<std::string, templating::Value>& parameters);

/// Whether a text is SQL rather than the name of a query.
bool looks_like_sql(std::string_view text);

}  // namespace sitrep::docs
