#pragma once

#include <string_view>
#include <vector>

#include "templating/function.hpp"
#include "templating/value.hpp"

namespace sitrep::templating {

/// The method of a value's kind (text, list, dict, number); null when there is none. The first parameter is the value.
const Function* method_of(Value::Kind kind, std::string_view name);
/// In no order.
std::vector<std::string_view> method_names(Value::Kind kind);

/// Jinja's filters, tests and global functions.
std::vector<Function> builtin_filters();
std::vector<Function> builtin_tests();
std::vector<Function> builtin_functions();

}  // namespace sitrep::templating
