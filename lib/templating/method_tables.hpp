#pragma once

#include <vector>

#include "templating/function.hpp"

namespace sitrep::templating {

std::vector<Function> text_methods();
std::vector<Function> list_methods();
std::vector<Function> dict_methods();
std::vector<Function> number_methods();

}  // namespace sitrep::templating
