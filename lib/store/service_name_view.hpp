#pragma once

#include <string>

namespace sitrep::store {

/// SELECT of the view service_name: one row per name that a service goes by, its aliases included: name (lower case),
/// service, team, owner, program (its name), tier. Of two services with one name, the one whose own name it is, then
/// the first by name. It reads the views of service and program.
std::string service_name_view();

}  // namespace sitrep::store
