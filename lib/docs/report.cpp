#include "docs/report.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <span>

#include "base/embedded_file.hpp"
#include "docs/parameters.hpp"
#include "docs/value_json.hpp"
#include "policy/health.hpp"
#include "render/markdown.hpp"

namespace sitrep::docs {

std::span<const EmbeddedFile> schemas();  // made by sitrep_embed

namespace {

/// The first heading, or what the header says.
std::string title_of(const std::string& markdown, const TemplateFile& file) {
  const auto document = render::parse_markdown(markdown);
  for (const auto& node : document.children) {
    if (node.kind != render::NodeKind::heading || node.level != 1) continue;
    const auto text = render::plain_text(node);
    std::string title;
    for (const auto& piece : render::split_markers(text)) title += piece.text;
    return title;
  }
  return file.source.header.title.empty() ? short_name(file.name) : file.source.header.title;
}

void write_span(json::Writer& writer, std::string_view name, const Interval& span) {
  writer.key(name).begin_object().member("from", format_utc(span.from)).member("to", format_utc(span.to)).end_object();
}

std::string data_json(const Engine& engine, const TemplateFile& file, const Subject& subject, const std::string& title,
                      const std::string& records) {
  const auto& inputs = engine.inputs();
  json::Writer writer;
  writer.begin_object()
      .member("schema", "sitrep.report/1")
      .member("report", short_name(file.name))
      .member("title", title);
  writer.member("sitrep", inputs.version)
      .member("workspace", inputs.workspace)
      .member("timezone", inputs.calendar.zone.name());
  writer.member("now", format_utc(inputs.now)).member("as_of", format_utc(inputs.store->known_at()));
  writer.member("period", subject.period.label);
  write_span(writer, "span", subject.period.window.period);
  write_span(writer, "previous_span", subject.period.window.previous);
  writer.key("program");
  if (subject.program)
    writer.value(*subject.program);
  else
    writer.null();
  writer.key("parameters").begin_object();
  for (const auto& [name, value] : subject.parameters) {
    writer.key(name);
    write_value(writer, value);
  }
  writer.end_object().key("data").raw(records).end_object();
  return writer.take();
}

}  // namespace

render::Page make_report(Engine& engine, const ReportRequest& request) {
  const auto file = engine.catalog().find(request.name, config::TemplateHeader::Kind::report);
  if (file.source.header.of_one_program && !request.program)
    fail(ErrorKind::usage,
         "{} is about one program: add --program NAME, or --program all -o '{}/{{program}}.md' for a page of each",
         request.name, request.name);
  const auto& inputs = engine.inputs();
  check_records(file.source.header, request.parameters, *inputs.store);
  Subject subject{request.period,
                  {},
                  read_parameters(file.source.header, request.parameters, inputs.now, inputs.calendar),
                  request.data ? Records::kept : Records::none};
  if (request.program) subject.program = engine.evaluator().program(*request.program);
  auto rendered = engine.render(file, subject, Engine::NotesBeside::yes);
  render::Page page;
  page.title = title_of(rendered.markdown, file);
  if (request.data) page.data_json = data_json(engine, file, subject, page.title, rendered.records_json);
  page.markdown = std::move(rendered.markdown);
  page.figures = std::move(rendered.figures);
  page.today = inputs.calendar.zone.date_of(inputs.now);
  page.footer = fmt::format("{} · {} · made by sitrep {} from what was known at {}", inputs.workspace,
                            request.period.label, inputs.version, format_utc(inputs.store->known_at()));
  return page;
}

std::string_view report_schema() { return schemas().front().text; }

std::vector<std::string> programs_under_way(Engine& engine) {
  std::vector<std::string> names;
  for (const auto& health : policy::health(engine.evaluator(), *engine.inputs().store, engine.inputs().config))
    names.push_back(health.program);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace sitrep::docs
