// The input is a stream as in sitrep.toml, a line "---" and a page that its API might send. Every record is stored or
// rejected, every cell fits the type of its column, and every text is valid UTF-8.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config.hpp"
#include "json/records.hpp"
#include "sources/extraction.hpp"

using namespace sitrep;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void check_rows(const model::RowBatch& rows, const model::Entity& entity) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows.row(i);
    check(!row.id.empty() && is_valid_utf8(row.id) && is_valid_utf8(row.extra));
    check(row.cells.size() == entity.columns.size());
    for (const auto& cell : row.cells) {
      if (const auto* text = std::get_if<std::string_view>(&cell)) check(is_valid_utf8(*text));
    }
  }
}

void extract(std::string_view stream_toml, std::string_view body) {
  const auto text =
      "[source.s]\nbase_url = \"https://a\"\n[[source.s.stream]]\nname = \"t\"\n" + std::string(stream_toml);
  const auto parsed = config::parse(
      text, "sitrep.toml", [](std::string_view) { return std::nullopt; },
      [](const std::string&) { return std::nullopt; });
  if (parsed.sources.size() != 1 || parsed.sources[0].streams.empty()) return;
  const auto& stream = parsed.sources[0].streams[0];
  const auto mapping = sources::make_mapping(stream, [](std::string_view name) { return model::find_built_in(name); });
  sources::Extractor extractor(stream, mapping);
  json::Document document;
  const auto page = json::parse_page(document, body, extractor.data_selector(), extractor.records_in());
  const auto result = extractor.extract(page);
  check_rows(result.rows, *mapping.entity);
  for (std::size_t i = 0; i < result.children.size(); ++i) check_rows(result.children[i], *mapping.children[i]->entity);
  for (const auto& reject : result.rejects) check(!reject.reason.empty() && is_valid_utf8(reject.raw));
  if (!stream.expand.empty()) return;
  auto own_rejects = static_cast<std::size_t>(result.skipped);
  for (const auto& reject : result.rejects) own_rejects += reject.child ? 0 : 1;
  check(result.rows.size() + result.removed.size() + own_rejects == static_cast<std::size_t>(result.records));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find("\n---\n");
  if (line == std::string_view::npos) return 0;
  try {
    extract(input.substr(0, line + 1), input.substr(line + 5));
  } catch (const Error& error) {
    check(error.kind() == ErrorKind::data || error.kind() == ErrorKind::config ||
          error.kind() == ErrorKind::credentials);
    check(std::string_view(error.what()).find('\n') == std::string_view::npos);
  }
  return 0;
}
