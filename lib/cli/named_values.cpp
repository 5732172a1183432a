#include "cli/named_values.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace sitrep::cli {

std::map<std::string, std::string> named_values(std::string_view option, const std::vector<std::string>& given) {
  std::map<std::string, std::string> values;
  for (const auto& text : given) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      fail(ErrorKind::usage, "{}: '{}' is not NAME=VALUE", option, visible(text));
    values[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return values;
}

}  // namespace sitrep::cli
