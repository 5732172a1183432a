#pragma once

#include "json/writer.hpp"
#include "templating/value.hpp"

namespace sitrep::docs {

/// Writes a template's value as JSON: dicts as objects (keys as text), undefined as null, times as the numbers they
/// are. Objects and callables, which have no data of their own, are null.
void write_value(json::Writer& writer, const templating::Value& value);

}  // namespace sitrep::docs
