#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::cli {

/// The values of an option that repeats NAME=VALUE; of a name that is given twice the last one. Error{usage} names the
/// option when one lacks its name or its '='.
std::map<std::string, std::string> named_values(std::string_view option, const std::vector<std::string>& given);

}  // namespace sitrep::cli
