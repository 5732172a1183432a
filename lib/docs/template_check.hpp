#pragma once

#include <string>
#include <vector>

#include "docs/catalog.hpp"
#include "docs/run.hpp"

namespace sitrep::docs {

struct TemplateProblem {
  std::string message;  ///< one line: "file:line:column: …"
  std::string excerpt;  ///< the line with a caret, two lines; empty where the header is meant
};

/// Mistakes that can be seen without rendering; empty: none found. Names
/// that nobody sets, members of `chart` that do not exist, keyword arguments that a function does not take, queries and
/// metrics that nobody defines, SQL that does not fit the schema, parameters of SQL that nothing sets. Unknown filters,
/// tests and tags end the reading: templating::SyntaxError.
///
/// `config` (may be null) brings own queries, metrics and entities.
std::vector<TemplateProblem> check_template(const TemplateFile& file, const Catalog& catalog,
                                            const config::Config* config = nullptr);

/// A function, filter or test that templates can call, for reference pages.
struct Callable {
  std::string kind;  ///< "function", "filter", "test"
  std::string name, parameters, doc;
};
std::vector<Callable> callables(const Catalog& catalog);

}  // namespace sitrep::docs
