#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "docs/run.hpp"
#include "templating/environment.hpp"

namespace sitrep::docs {

/// What SQL of templates may name without anybody passing it, beside the template's parameters.
std::map<std::string, templating::Value> sql_parameters(const Inputs& inputs, const ReportPeriod& period,
                                                        const std::optional<std::string>& program);

/// Begins the queries that calls of a template name without more arguments, beside it.
void begin_queries(Run& run, std::span<const templating::CallSite> calls);

/// query(name_or_sql, **parameters)
templating::Value query(Run& run, templating::CallArguments& arguments);

}  // namespace sitrep::docs
