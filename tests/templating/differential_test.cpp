#include <doctest/doctest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "json/value.hpp"
#include "templating/environment.hpp"
#include "templating/json_value.hpp"

namespace sitrep::templating {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string escape_html_like_jinja(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '"':
        out += "&#34;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string rendered(const json::Value& test, const Value& data) {
  Options options;
  const auto flag = [&](const char* name) {
    const auto value = test.get("options")->get(name);
    return value && value->boolean().value_or(false);
  };
  options.trim_blocks = flag("trim_blocks");
  options.lstrip_blocks = flag("lstrip_blocks");
  options.keep_trailing_newline = flag("keep_trailing_newline");
  if (flag("autoescape")) options.autoescape = escape_html_like_jinja;
  Dict context = data.dict();
  for (const auto member : test.get("data")->members()) context.set(member.key, from_json(member.value));
  const auto sources = *test.get("template");
  Environment environment(options);
  environment.set_loader([&](std::string_view name) -> std::optional<Source> {
    const auto source =
        sources.is_string() ? (name == "main" ? std::optional(sources) : std::nullopt) : sources.get(name);
    if (!source) return std::nullopt;
    return Source{std::string(*source->string()), {}, 1};
  });
  return environment.get("main").render(Value(std::move(context)));
}

TEST_CASE("every stored case renders as Jinja2 does, byte for byte") {
  const std::filesystem::path folder = std::filesystem::path(SITREP_SOURCE_DIR) / "tests/templating/cases";
  json::Document data_document;
  const auto data_text = read(folder / "data.json");
  const auto data = from_json(data_document.parse(data_text));
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename() == "data.json") continue;
    json::Document document;
    const auto text = read(entry.path());
    for (const auto member : document.parse(text).members()) {
      const auto& test = member.value;
      CAPTURE(std::string(*test.get("name")->string()));
      CAPTURE(test.get("template")->to_text());
      std::string actual;
      try {
        actual = rendered(test, data);
      } catch (const Error& error) {
        actual = std::string("error: ") + error.what();
      }
      CHECK(actual == std::string(*test.get("expected")->string()));
      ++count;
    }
  }
  CHECK(count >= 400);
}

}  // namespace
}  // namespace sitrep::templating
