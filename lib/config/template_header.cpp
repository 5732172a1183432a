#include "config/template_header.hpp"

#include <algorithm>

#include "config/reader.hpp"

namespace sitrep::config {
namespace {

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
  if (const auto* fallback = in.node("default")) p.fallback = scalar_text(*fallback);
  assign(p.doc, in.text("doc"));
  assign(p.choices, in.texts("choices"));
  assign(p.entity, in.text("entity"));
  in.finish();
  return p;
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
  if (const auto* params = in.node("params")) {
    if (!params->is_table()) fail_at(location_of(*params), "'params' must be a table");
    for (const auto& [name, node] : in_file_order(*params->as_table()))
      header.parameters.push_back(read_parameter(name, *node));
  }
  header.queries = in.pairs("queries");
  header.metrics = in.pairs("metrics");
  assign(header.required_sections, in.texts("required_sections"));
  assign(header.file_name, in.text("file_name"));
  in.finish();
  return header;
}

}  // namespace

TemplateSource parse_template(std::string_view text, const std::string& file) {
  TemplateSource source;
  constexpr std::string_view k_fence = "+++\n";
  if (!text.starts_with(k_fence)) {
    source.body = std::string(text);
    return source;
  }
  const auto end = text.find("\n+++\n", k_fence.size() - 1);
  if (end == std::string_view::npos)
    fail(ErrorKind::user_code, "{}:1:1: the header opened by +++ is not closed by a line +++", file);
  // A blank first line stands for the fence, so that lines of the header are lines of the file.
  const auto header = "\n" + std::string(text.substr(k_fence.size(), end + 1 - k_fence.size()));
  try {
    source.header = read_header(header, file);
  } catch (const Error& e) {
    throw Error(ErrorKind::user_code, e.what());
  }
  const auto body = end + std::string_view("\n+++\n").size();
  source.body = std::string(text.substr(body));
  source.body_line = 1 + static_cast<unsigned>(std::ranges::count(text.substr(0, body), '\n'));
  return source;
}

}  // namespace sitrep::config
