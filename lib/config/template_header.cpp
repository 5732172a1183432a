#include "config/template_header.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/reader.hpp"

namespace sitrep::config {
namespace {

/// A default: a scalar, or for a list an array of scalars.
void read_fallback(TemplateParameter& p, const toml::node& node) {
  if (auto text = scalar_text(node)) {
    p.fallback = std::move(*text);
    return;
  }
  const auto* list = node.as_array();
  if (list == nullptr || p.type != TemplateParameter::Type::list)
    fail_at(location_of(node),
            fmt::format("the default of parameter '{}' must be text, a number, a boolean or a date{}", p.name,
                        list == nullptr ? "" : "; with type = \"list\" it may be a list of these"));
  p.fallback_items.emplace();
  for (const auto& item : *list) {
    auto text = scalar_text(item);
    if (!text)
      fail_at(location_of(item),
              fmt::format("the default of parameter '{}' may list text, numbers, booleans and dates", p.name));
    p.fallback_items->push_back(std::move(*text));
  }
  p.fallback = join(*p.fallback_items, ", ");
}

TemplateParameter read_parameter(std::string name, const toml::node& node) {
  TemplateParameter p;
  p.name = std::move(name);
  p.where = location_of(node);
  if (const auto text = scalar_text(node)) {  // shorthand: weeks = 8
    p.fallback = *text;
    using Type = TemplateParameter::Type;
    p.type = node.is_integer()          ? Type::integer
             : node.is_floating_point() ? Type::real
             : node.is_boolean()        ? Type::boolean
             : node.is_date()           ? Type::date
                                        : Type::text;
    return p;
  }
  if (node.is_array()) {  // teams = ["core", "edge"]
    p.type = TemplateParameter::Type::list;
    read_fallback(p, node);
    return p;
  }
  const auto* table = node.as_table();
  if (!table) fail_at(p.where, "parameter '" + p.name + "' must be a value or a table");
  Reader in(*table, "parameter '" + p.name + "'");
  using Type = TemplateParameter::Type;
  assign(p.type, in.choice<Type>("type", {{"text", Type::text},
                                          {"integer", Type::integer},
                                          {"real", Type::real},
                                          {"boolean", Type::boolean},
                                          {"date", Type::date},
                                          {"list", Type::list}}));
  if (const auto* fallback = in.node("default")) read_fallback(p, *fallback);
  assign(p.doc, in.text("doc"));
  assign(p.choices, in.texts("choices"));
  assign(p.entity, in.text("entity"));
  assign(p.required, in.boolean("required"));
  assign(p.ask, in.boolean("ask"));
  assign(p.from, in.text("from"));
  in.finish();
  return p;
}

std::vector<TemplateParameter> read_parameters(Reader& in, std::string_view key) {
  std::vector<TemplateParameter> all;
  const auto* table = in.node(key);
  if (table == nullptr) return all;
  if (!table->is_table()) fail_at(location_of(*table), fmt::format("'{}' must be a table", key));
  for (const auto& [name, node] : in_file_order(*table->as_table())) all.push_back(read_parameter(name, *node));
  return all;
}

TemplateHeader read_header(std::string_view toml, const std::string& file) {
  const auto table = parse_toml(toml, file);
  Reader in(table, "");
  TemplateHeader header;
  assign(header.title, in.text("title"));
  using Kind = TemplateHeader::Kind;
  assign(header.kind,
         in.choice<Kind>("kind", {{"report", Kind::report}, {"document", Kind::document}, {"partial", Kind::partial}}));
  assign(header.description, in.text("description"));
  assign(header.of_one_program, in.boolean("of_one_program"));
  header.parameters = read_parameters(in, "params");
  header.front_matter = read_parameters(in, "front_matter");
  header.queries = in.pairs("queries");
  header.metrics = in.pairs("metrics");
  assign(header.required_sections, in.texts("required_sections"));
  assign(header.file_name, in.text("file_name"));
  assign(header.finished, in.texts("finished"));
  assign(header.due, in.text("due"));
  in.finish();
  return header;
}

/// The next line without its end (LF or CRLF), taken off the front of `text`.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

const TemplateParameter* TemplateHeader::field(std::string_view name) const {
  const auto found = std::ranges::find(front_matter, name, &TemplateParameter::name);
  return found == front_matter.end() ? nullptr : &*found;
}

void TemplateHeader::inherit(const TemplateHeader& base) {
  const auto text = [](std::string& own, const std::string& inherited) {
    if (own.empty()) own = inherited;
  };
  const auto named = [](auto& own, const auto& inherited, auto name_of) {
    auto merged = inherited;  // what the base declares keeps its order; what is new follows
    for (const auto& one : own) {
      const auto same = std::ranges::find_if(merged, [&](const auto& m) { return name_of(m) == name_of(one); });
      if (same == merged.end())
        merged.push_back(one);
      else
        *same = one;
    }
    own = std::move(merged);
  };
  const auto parameter_name = [](const TemplateParameter& p) { return p.name; };
  const auto first = [](const auto& pair) { return pair.first; };
  text(title, base.title);
  text(description, base.description);
  text(file_name, base.file_name);
  if (kind == Kind::partial) kind = base.kind;
  of_one_program = of_one_program || base.of_one_program;
  if (due == TemplateHeader().due) due = base.due;
  if (required_sections.empty()) required_sections = base.required_sections;
  if (finished.empty()) finished = base.finished;
  named(parameters, base.parameters, parameter_name);
  named(front_matter, base.front_matter, parameter_name);
  named(queries, base.queries, first);
  named(metrics, base.metrics, first);
}

TemplateSource parse_template(std::string_view text, const std::string& file) {
  constexpr std::string_view k_fence = "+++";
  TemplateSource source;
  auto rest = text;
  if (take_line(rest) != k_fence) {
    source.body = std::string(text);
    return source;
  }
  const auto opened = rest;
  std::string_view closing;
  do {
    if (rest.empty()) fail(ErrorKind::user_code, "{}:1:1: the header opened by +++ is not closed by a line +++", file);
    closing = rest;
  } while (take_line(rest) != k_fence);
  try {
    // A blank first line stands for the fence, so that lines of the header are lines of the file.
    source.header = read_header("\n" + std::string(opened.substr(0, opened.size() - closing.size())), file);
  } catch (const Error& e) {
    throw Error(ErrorKind::user_code, e.what());
  }
  source.body = std::string(rest);
  source.body_line = 1 + static_cast<unsigned>(std::ranges::count(text.substr(0, text.size() - rest.size()), '\n'));
  return source;
}

}  // namespace sitrep::config
