#include "config/threshold.hpp"

#include <array>

#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep::config {

bool Threshold::met_by(double value) const {
  switch (is) {
    case Is::less:
      return value < bound;
    case Is::less_or_equal:
      return value <= bound;
    case Is::greater:
      return value > bound;
    case Is::greater_or_equal:
      return value >= bound;
    case Is::equal:
      return value == bound;
    case Is::not_equal:
      return value != bound;
  }
  return false;
}

std::optional<Threshold> parse_threshold(std::string_view text) {
  using Is = Threshold::Is;
  // The longer signs first: "<=" begins with "<".
  static constexpr std::array<std::pair<std::string_view, Is>, 6> k_signs = {{{"<=", Is::less_or_equal},
                                                                              {">=", Is::greater_or_equal},
                                                                              {"!=", Is::not_equal},
                                                                              {"<", Is::less},
                                                                              {">", Is::greater},
                                                                              {"=", Is::equal}}};
  const auto trimmed = trim_view(text);
  for (const auto& [sign, is] : k_signs) {
    if (!trimmed.starts_with(sign)) continue;
    const auto bound = parse_real(trim_view(trimmed.substr(sign.size())));
    if (!bound) return std::nullopt;
    return Threshold{is, *bound, std::string(trimmed)};
  }
  return std::nullopt;
}

}  // namespace sitrep::config
