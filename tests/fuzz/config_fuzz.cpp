// Any bytes as sitrep.toml or as a template's header: a Config or an Error, one line, never anything else.

#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "config/config.hpp"
#include "config/template_header.hpp"

namespace {

template <class F>
void expect_result_or_error(F&& read) {
  try {
    read();
  } catch (const sitrep::Error& e) {
    if (std::string_view(e.what()).find('\n') != std::string_view::npos) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto presets = [](std::string_view) { return std::optional<std::string_view>("base_url = \"https://a\"\n"); };
  const auto environment = [](const std::string& name) { return std::optional<std::string>(name); };
  expect_result_or_error([&] { sitrep::config::parse(text, "/w/sitrep.toml", presets, environment); });
  expect_result_or_error([&] { sitrep::config::parse_template(text, "t.md"); });
  return 0;
}
