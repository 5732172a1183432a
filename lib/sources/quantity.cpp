#include "sources/quantity.hpp"

#include <array>
#include <utility>

#include "base/numbers.hpp"

namespace sitrep::sources {
namespace {

// Negative: what to divide by, since 1e-9 is no double.
constexpr std::array<std::pair<std::string_view, double>, 15> k_suffixes = {{{"Ki", 1024.0},
                                                                             {"Mi", 1048576.0},
                                                                             {"Gi", 1073741824.0},
                                                                             {"Ti", 1099511627776.0},
                                                                             {"Pi", 1125899906842624.0},
                                                                             {"Ei", 1152921504606846976.0},
                                                                             {"n", -1e9},
                                                                             {"u", -1e6},
                                                                             {"m", -1e3},
                                                                             {"k", 1e3},
                                                                             {"M", 1e6},
                                                                             {"G", 1e9},
                                                                             {"T", 1e12},
                                                                             {"P", 1e15},
                                                                             {"E", 1e18}}};

}  // namespace

std::optional<double> parse_quantity(std::string_view text) {
  double factor = 1;
  for (const auto& [suffix, value] : k_suffixes) {
    if (!text.ends_with(suffix)) continue;
    text.remove_suffix(suffix.size());
    factor = value;
    break;
  }
  const auto number = parse_real(text);
  if (!number || (factor != 1 && text.find_first_of("eE") != std::string_view::npos)) return std::nullopt;
  return factor < 0 ? *number / -factor : *number * factor;
}

}  // namespace sitrep::sources
