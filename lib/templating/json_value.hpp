#pragma once

#include <string>
#include <string_view>

#include "json/value.hpp"
#include "templating/value.hpp"

namespace sitrep::templating {

/// A JSON value as a template sees it: objects as dicts, integers beyond 64 bits as reals.
Value from_json(json::Value value);
/// Parses a text first; json::SyntaxError.
Value from_json_text(std::string_view text);

}  // namespace sitrep::templating
