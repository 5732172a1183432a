#pragma once

#include "docs/run.hpp"

namespace sitrep::docs {

/// The template function changes(since, entities): rows of entity, kind (added, changed, removed, restored), source,
/// id, title, at, fields (column, before, after, days). `since` is a time; default: the start of the report's period;
/// up to its end.
templating::Value changes(Run& run, templating::CallArguments& arguments);

}  // namespace sitrep::docs
