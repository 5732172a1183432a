#pragma once

#include <span>

#include "docs/run.hpp"
#include "templating/environment.hpp"

namespace sitrep::docs {

/// Begins the queries that calls of a template name without more arguments, beside it.
void begin_queries(Run& run, std::span<const templating::CallSite> calls);

/// query(name_or_sql, **parameters)
templating::Value query(Run& run, templating::CallArguments& arguments);

}  // namespace sitrep::docs
