// Any bytes as a document: front matter and blocks are read or refused with an Error of one line; what sets a field
// changes nothing else, and what is found in blocks lies in the document.

#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "docs/front_matter.hpp"
#include "docs/generated.hpp"
#include "policy/outline.hpp"

namespace {

template <class F>
void expect_result_or_error(F&& read) {
  try {
    read();
  } catch (const sitrep::Error& e) {
    if (std::string_view(e.what()).find('\n') != std::string_view::npos) std::abort();
  }
}

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace sitrep;
  const std::string text(reinterpret_cast<const char*>(data), size);
  expect_result_or_error([&] {
    const auto matter = docs::parse_front_matter(text, "d.md");
    expect(text.ends_with(matter.body));
    policy::outline_of(matter.body, matter.body_line);
    const auto changed = docs::parse_front_matter(docs::set_field(text, "id", "LR-1", "d.md"), "d.md");
    expect(changed.text("id") == "LR-1");
    expect(changed.body == matter.body);
    for (const auto& field : matter.fields)
      expect(field.name == "id" ||
             (changed.find(field.name) != nullptr && changed.find(field.name)->values == field.values));
  });
  expect_result_or_error([&] {
    for (const auto& block : docs::find_blocks(text, "d.md")) {
      expect(block.begin < block.end && block.end <= text.size());
      block.edited();
    }
  });
  return 0;
}
