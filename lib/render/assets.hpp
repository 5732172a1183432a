#pragma once

#include <string_view>

// The style sheets and the script that pages carry, embedded from this folder's .css and .js files.
namespace sitrep::render {

std::string_view chart_style();
std::string_view page_style();
std::string_view page_script();

}  // namespace sitrep::render
