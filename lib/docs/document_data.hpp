#pragma once

#include "docs/run.hpp"

namespace sitrep::docs {

/// Adds what documents ask beside reports: slos(), launches(), approvers(), similar_incidents(),
/// next_number(). Without a run they are there to
/// be listed and checked, and fail when called.
void add_document_data(templating::Environment& environment, Run* run);

}  // namespace sitrep::docs
