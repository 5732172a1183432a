#include "cli/context.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"
#include "render/wrap.hpp"

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

/// Columns of a text that may hold colours: "\x1b[…m".
std::size_t painted_width(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1b')
      at = std::min(text.find('m', at), text.size());
    else
      plain += text[at];
  }
  return display_width(plain);
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
  if (globals_.fields) check_fields_allowed();
  if (globals_.outputs.size() > 1 && !command_.writes_its_outputs()) {
    fail(ErrorKind::usage, "'{}' writes one file: -o is given {} times", command_.path(), globals_.outputs.size());
  }
}

bool Context::color() {
  if (globals_.no_color || !on_terminal()) return false;
  // no-color.org: any value but the empty one.
  if (world_.environment && !world_.environment("NO_COLOR").value_or("").empty()) return false;
  return !world_.environment || world_.environment("TERM").value_or("") != "dumb";
}

bool Context::on_terminal() const { return world_.out_is_terminal && globals_.outputs.empty(); }

int Context::width() {
  constexpr int k_off_terminal = 80;
  return on_terminal() ? std::max(world_.width, 1) : k_off_terminal;
}

TextOptions Context::text_options() {
  const auto longer = on_terminal() ? TextOptions::Long::cut : TextOptions::Long::wrapped;
  return {static_cast<std::size_t>(width()), longer, color(), calendar().zone};
}

std::vector<std::string> Context::fields() const {
  std::vector<std::string> fields;
  if (globals_.fields)
    for (const auto field : split_views(*globals_.fields, ',')) fields.emplace_back(trim_view(field));
  return fields;
}

bool Context::wants_rows() { return globals_.fields || format() != "text"; }

void Context::check_fields(const Table& table) {
  if (globals_.fields) static_cast<void>(select(table, fields()));
}

void Context::check_fields_allowed() {
  const auto& allowed = command_.allowed_formats();
  const auto has = [&](std::string_view format) { return std::ranges::find(allowed, format) != allowed.end(); };
  if (command_.is_document() || !has("json")) {
    fail(ErrorKind::usage, "'{}' prints one document, not rows: --fields cannot select from it", command_.path());
  }
  const auto as = format();
  const bool rows = as == "json" || as == "ndjson" || as == "csv" || as == "markdown" || (as == "text" && has("csv"));
  if (!rows) fail(ErrorKind::usage, "--fields selects from rows, and --format {} prints none: add --json", as);
}

void Context::print(const Table& table, std::string_view schema) {
  const auto as = format();
  Table selected;
  if (globals_.fields) selected = select(table, fields());
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
  if (!members.empty()) out() << ',' << (globals_.fields ? select_json(members, fields()) : std::string(members));
  out() << "}\n";
}

void Context::line(std::string_view head, std::string_view text) {
  constexpr std::size_t k_least = 32;  // columns; behind a longer head the text starts below it
  constexpr std::size_t k_indent = 4;
  const auto width_of_all = static_cast<std::size_t>(width());
  const auto head_width = painted_width(head);
  const bool below = head_width + std::min(display_width(text), k_least) > width_of_all;
  const auto indent = below ? k_indent : head_width;
  const auto lines = render::wrap(text, width_of_all > indent ? width_of_all - indent : 1);
  if (below) head = head.substr(0, head.find_last_not_of(' ') + 1);
  out() << head << (below ? "\n" + std::string(indent, ' ') : std::string());
  for (std::size_t i = 0; i < lines.size(); ++i)
    out() << (i > 0 ? std::string(indent, ' ') : std::string()) << lines[i] << '\n';
}

}  // namespace sitrep::cli
