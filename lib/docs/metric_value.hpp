#pragma once

#include "evaluation/result.hpp"
#include "policy/health.hpp"
#include "templating/value.hpp"

namespace sitrep::docs {

/// A metric's result as templates and JSON see it: name, title, value, text, n, interval, previous, verdict, …
templating::Value metric_value(const evaluation::Result& result);

/// A program's health: program, color, declared, watermelon, reasons, dimensions with their findings, notes.
templating::Value health_value(const policy::Health& health);

}  // namespace sitrep::docs
