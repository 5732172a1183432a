#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.hpp"
#include "json/path.hpp"
#include "json/records.hpp"

using namespace sitrep;

// The input is a path, a newline and a page. Whatever is accepted must be valid UTF-8 and read back to itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t newline = input.find('\n');
  if (newline == std::string_view::npos) return 0;
  try {
    const json::Path path = json::Path::parse(input.substr(0, newline));
    json::Document document, again;
    const json::Page page = json::parse_page(document, input.substr(newline + 1), path, json::RecordsIn::elements);
    const std::string text = page.root.to_json();
    if (!is_valid_utf8(text) || again.parse(text).to_json() != text) std::abort();
    for (const auto& value : path.find_all(page.root)) {
      if (!value.reads_as(value.to_text())) std::abort();
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data && error.kind() != ErrorKind::config) std::abort();
  }
  return 0;
}
