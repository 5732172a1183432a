#pragma once

#include <cstddef>
#include <string>

#include "json/value.hpp"

// Objects that repeat a key. RFC 8259 leaves their meaning open; here the last member stands and the others are
// counted.
namespace sitrep::json {

/// Members that a later one of the same name replaces, in every object of the value.
std::size_t count_duplicate_keys(const Value& root);

/// The value as JSON text without those members. Numbers keep their kind: a real is written with a point or exponent.
std::string without_duplicate_keys(const Value& root);

}  // namespace sitrep::json
