#include "cli/context.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

namespace sitrep::cli {
namespace {

/// The format a file name asks for; empty when it asks for none.
std::string_view format_of_extension(const std::filesystem::path& file) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> k_formats{{{".json", "json"},
                                                                                    {".ndjson", "ndjson"},
                                                                                    {".jsonl", "ndjson"},
                                                                                    {".csv", "csv"},
                                                                                    {".md", "markdown"},
                                                                                    {".txt", "text"}}};
  const auto extension = lower_ascii(file.extension().string());
  for (const auto& [ending, format] : k_formats) {
    if (extension == ending) return format;
  }
  return {};
}

}  // namespace

std::string Context::format() {
  const auto& allowed = command_.allowed_formats();
  if (globals_.json) return "json";
  if (globals_.format) return *globals_.format;
  if (!globals_.outputs.empty() && !command_.writes_its_outputs()) {
    const auto wanted = format_of_extension(globals_.outputs.front());
    if (std::find(allowed.begin(), allowed.end(), wanted) != allowed.end()) return std::string(wanted);
  }
  return allowed.empty() ? "text" : allowed.front();
}

void Context::check_output_options() {
  const auto& allowed = command_.allowed_formats();
  if (allowed.empty()) {
    const auto* given = globals_.json     ? "--json"
                        : globals_.format ? "--format"
                        : globals_.fields ? "--fields"
                                          : nullptr;
    if (given) fail(ErrorKind::usage, "'{}' prints no data: {} has no meaning here", command_.path(), given);
  } else {
    if (globals_.json && globals_.format && *globals_.format != "json") {
      fail(ErrorKind::usage, "--json and --format {} contradict each other", visible(*globals_.format));
    }
    const auto wanted = globals_.json ? std::string("json") : globals_.format.value_or(allowed.front());
    if (std::find(allowed.begin(), allowed.end(), wanted) == allowed.end()) {
      fail(ErrorKind::usage, "--format: '{}' has no {}; it prints {}", command_.path(), visible(wanted),
           join(allowed, ", "));
    }
  }
  if (globals_.outputs.size() > 1 && !command_.writes_its_outputs()) {
    fail(ErrorKind::usage, "'{}' writes one file: -o is given {} times", command_.path(), globals_.outputs.size());
  }
}

bool Context::color() {
  if (globals_.no_color || !world_.out_is_terminal || !globals_.outputs.empty()) return false;
  // no-color.org: any value but the empty one.
  if (world_.environment && !world_.environment("NO_COLOR").value_or("").empty()) return false;
  return !world_.environment || world_.environment("TERM").value_or("") != "dumb";
}

int Context::width() { return world_.width; }

TextOptions Context::text_options() {
  const bool on_terminal = world_.out_is_terminal && globals_.outputs.empty();
  return {on_terminal ? static_cast<std::size_t>(std::max(width(), 0)) : 0, color(), calendar().zone};
}

void Context::print(const Table& table, std::string_view schema) {
  const auto as = format();
  Table selected;
  if (globals_.fields) {
    std::vector<std::string> fields;
    for (const auto field : split_views(*globals_.fields, ',')) fields.emplace_back(trim_view(field));
    selected = select(table, fields);
  }
  const Table& shown = globals_.fields ? selected : table;
  if (as == "json") {
    out() << to_json(shown, schema, as_of().value_or(now()));
  } else if (as == "ndjson") {
    out() << to_ndjson(shown);
  } else if (as == "csv") {
    out() << to_csv(shown);
  } else {
    const auto options = text_options();
    if (as == "markdown")
      out() << to_markdown(shown, options);
    else if (shown.rows.empty())
      note("no rows");
    else
      out() << to_text(shown, options);
  }
}

void Context::print_json_object(std::string_view schema, std::string_view members) {
  out() << "{\"schema\":" << json::quoted(fmt::format("sitrep.{}/1", schema))
        << ",\"as_of\":" << json::quoted(format_utc(as_of().value_or(now())));
  if (!members.empty()) out() << ',' << members;
  out() << "}\n";
}

}  // namespace sitrep::cli
