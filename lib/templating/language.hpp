#pragma once

#include <span>
#include <string_view>

namespace sitrep::templating {

/// A part of Jinja's language, whether it is supported, and an example. A test renders every example: what is said to
/// be supported gives `output`, the others are errors.
struct LanguageFeature {
  std::string_view part;
  std::string_view example;
  std::string_view output;  ///< of the example; of what is not supported: what to use instead
  bool supported = true;
};

/// For the reference page, in the order a reader meets them.
std::span<const LanguageFeature> language_features();

}  // namespace sitrep::templating
