#include "templating/language.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "base/error.hpp"
#include "templating/environment.hpp"

using namespace sitrep;

TEST_CASE("templating::language_features tells the truth: every example renders or fails as it says") {
  std::set<std::string> parts;
  for (const auto& feature : templating::language_features()) {
    CAPTURE(std::string(feature.part));
    CHECK(parts.insert(std::string(feature.part)).second);
    const auto render = [&] {
      templating::Environment environment;
      environment.set_loader([](std::string_view) { return std::optional<templating::Source>(); });
      return environment.compile("example", std::string(feature.example)).render(templating::Value(templating::Dict{}));
    };
    if (feature.supported)
      CHECK(render() == feature.output);
    else
      CHECK_THROWS_AS(static_cast<void>(render()), Error);
    CHECK_FALSE(feature.output.empty());
  }
}
