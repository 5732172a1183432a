#include "docs/document.hpp"

#include <fmt/core.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/front_matter.hpp"
#include "docs/parameters.hpp"
#include "docs/redaction.hpp"
#include "render/page.hpp"

namespace sitrep::docs {
namespace {

using Kind = config::TemplateHeader::Kind;

std::string as_markdown(Rendered rendered) {
  render::Page page;
  page.markdown = std::move(rendered.markdown);
  page.figures = std::move(rendered.figures);
  return render::to_markdown(page);
}

/// The header's file_name is a template of its own. Its values are made fit for file names by the filter slug.
std::string file_name_of(Engine& engine, const TemplateFile& file, const Subject& subject) {
  TemplateFile name = file;
  name.source.body = file.source.header.file_name.empty()
                         ? fmt::format("docs/{}-{{{{ today }}}}.md", short_name(file.name))
                         : file.source.header.file_name;
  name.source.body_line = 1;
  name.name += "#file_name";
  auto path = std::string(trim_view(engine.render(name, subject).markdown));
  const bool leaves = path.empty() || path.front() == '/' || path.find("..") != std::string::npos ||
                      path.find('\\') != std::string::npos || path.find('\n') != std::string::npos;
  if (leaves)
    fail(ErrorKind::user_code, "{}: file_name '{}' is not a path below the workspace; use the filter slug on titles",
         file.shown_as, visible(path));
  return path;
}

/// What was given by hand is hidden, too; and the file says by which profile its blocks are written again.
std::string redacted(const std::string& text, const Redactor& redactor, const std::string& file) {
  auto front = parse_front_matter(text, file);
  for (auto& field : front.fields)
    for (auto& value : field.values) value = redactor.text(value);
  front.fields.push_back({std::string(k_redact_field), {redactor.profile()}, false, 0});
  return write_front_matter(front.fields) + redactor.text(front.body);
}

TemplateFile document_type(const Engine& engine, std::string_view type) {
  auto file = engine.catalog().find(type, Kind::document);
  if (file.source.header.kind != Kind::document)
    fail(ErrorKind::usage, "{} is not a document template: its header lacks kind = \"document\"", file.shown_as);
  return file;
}

/// What the store says for a parameter, by the first row of its query with what is known so far.
std::string found_in_store(Engine& engine, const TemplateFile& file, const config::TemplateParameter& parameter,
                           const std::map<std::string, std::string>& known) {
  const auto dot = parameter.from.find('.');
  if (dot == std::string::npos)
    fail(ErrorKind::user_code, "{}: from of parameter '{}' is not \"query.column\"", file.shown_as, parameter.name);
  TemplateFile question = file;
  for (auto& p : question.source.header.parameters)
    if (!p.fallback) p.fallback = "";
  question.name += "#" + parameter.name;
  question.source.body_line = 1;
  question.source.body =
      fmt::format("{{% set rows = query('{}') %}}{{{{ ((rows[0]['{}'] if rows else '') or '') | safe }}}}",
                  parameter.from.substr(0, dot), parameter.from.substr(dot + 1));
  auto subject = subject_now(engine.inputs());
  subject.parameters = read_parameters(question.source.header, known, engine.inputs().now, engine.inputs().calendar);
  return std::string(trim_view(engine.render(question, subject).markdown));
}

}  // namespace

DocumentForm document_form(Engine& engine, std::string_view type, const std::map<std::string, std::string>& given) {
  const auto file = document_type(engine, type);
  DocumentForm form{given, {}};
  for (const auto& parameter : file.source.header.parameters) {
    if (form.parameters.contains(parameter.name)) continue;
    const auto found =
        parameter.from.empty() ? std::string() : found_in_store(engine, file, parameter, form.parameters);
    if (!found.empty())
      form.parameters[parameter.name] = found;
    else if (parameter.ask || !parameter.fallback)
      form.missing.push_back(parameter);
  }
  return form;
}

Subject subject_now(const Inputs& inputs) {
  return {last_complete(PeriodLength::week, inputs.now, inputs.calendar), {}, {}};
}

NewDocument make_document(Engine& engine, std::string_view type, const std::map<std::string, std::string>& parameters) {
  const auto file = document_type(engine, type);
  auto subject = subject_now(engine.inputs());
  check_records(file.source.header, parameters, *engine.inputs().store);
  const auto known = document_form(engine, type, parameters).parameters;
  subject.parameters = read_parameters(file.source.header, known, engine.inputs().now, engine.inputs().calendar);
  NewDocument document;
  document.template_name = file.name;
  for (const auto& parameter : file.source.header.parameters)
    if (!parameter.entity.empty()) document.record_fields.push_back(parameter.name);
  document.file_name = file_name_of(engine, file, subject);
  document.text = as_markdown(engine.render(file, subject));
  if (const auto* redactor = engine.inputs().redactor) {
    document.text = redacted(document.text, *redactor, document.file_name);
  }
  return document;
}

std::optional<std::string> name_beside(const NewDocument& document, std::string_view other) {
  const std::filesystem::path name(document.file_name);
  const auto mine = parse_front_matter(document.text, document.file_name);
  FrontMatter theirs;
  try {
    theirs = parse_front_matter(other, document.file_name);
  } catch (const Error&) {
    return std::nullopt;  // whose ever it is, it is not told apart by a record
  }
  for (const auto& field : document.record_fields) {
    const auto my_id = mine.text(field), their_id = theirs.text(field);
    if (my_id && their_id && *my_id != *their_id)
      return fmt::format("{}-{}{}", name.stem().string(), slug(*my_id), name.extension().string());
  }
  return std::nullopt;
}

}  // namespace sitrep::docs
