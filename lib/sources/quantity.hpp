#pragma once

#include <optional>
#include <string_view>

namespace sitrep::sources {

/// A quantity of Kubernetes ("500m" is 0.5, "16Gi", "1e3", "2.5k") as a number; nullopt for anything else.
///
/// Source  Kubernetes API reference, Quantity: a decimal number with n u m k M G T P E, Ki Mi Gi Ti Pi Ei or an
/// exponent.
std::optional<double> parse_quantity(std::string_view text);

}  // namespace sitrep::sources
