// Any bytes as a template: reading and rendering end with text or a sitrep::Error, within their limits.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "templating/environment.hpp"
#include "templating/json_value.hpp"

using namespace sitrep;
using namespace sitrep::templating;

namespace {

const Value& context() {
  static const Value value = from_json_text(
      R"({"rows": [{"name": "a", "n": 1, "tags": ["x"]}, {"name": "é", "n": 2.5, "tags": []}], "d": {"k": "<v>"},
          "word": "incident", "nums": [3, 1, 2], "nil": null, "yes": true})");
  return value;
}

std::string bracket(std::string_view text) { return "[" + std::string(text) + "]"; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  Options options;
  options.trim_blocks = (data[0] & 1U) != 0;
  options.lstrip_blocks = (data[0] & 2U) != 0;
  options.keep_trailing_newline = (data[0] & 4U) != 0;
  if ((data[0] & 8U) != 0) options.autoescape = bracket;
  options.limits.steps = 20'000;
  options.limits.depth = 30;
  options.limits.output_bytes = 100'000;
  options.limits.time = std::chrono::seconds(5);
  Environment environment(options);
  // Every name is the template itself, so that includes, imports and parents meet each other.
  environment.set_loader([&](std::string_view) -> std::optional<Source> { return Source{text, "fuzz", 1}; });
  try {
    const auto parsed = environment.get("self");
    (void)parsed.free_names();
    (void)parsed.render(context());
  } catch (const TemplateError& error) {
    (void)error.excerpt();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::bug) throw;
  }
  return 0;
}
