#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/period.hpp"
#include "config/template_header.hpp"
#include "store/store.hpp"
#include "templating/value.hpp"

namespace sitrep::docs {

/// Reads the parameters of a template: what was given as text, typed; defaults for the rest; dates as YYYY-MM-DD, also
/// from "-7d" and "last-monday". Error{usage}: unknown ("did you mean"), of the wrong type, not among the choices, or
/// missing without a default.
std::map<std::string, templating::Value> read_parameters(const config::TemplateHeader& header,
                                                         const std::map<std::string, std::string>& given, UnixTime now,
                                                         const Calendar& calendar);

/// Error{usage} when a parameter that names a record (`entity`) was given and the store has no such record.
void check_records(const config::TemplateHeader& header, const std::map<std::string, std::string>& given,
                   store::Store& store);

}  // namespace sitrep::docs
