#include "docs/document.hpp"

#include <fmt/core.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/parameters.hpp"
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

}  // namespace

Subject subject_now(const Inputs& inputs) {
  return {last_complete(PeriodLength::week, inputs.now, inputs.calendar), {}, {}};
}

NewDocument make_document(Engine& engine, std::string_view type, const std::map<std::string, std::string>& parameters) {
  const auto file = engine.catalog().find(type, Kind::document);
  if (file.source.header.kind != Kind::document)
    fail(ErrorKind::usage, "{} is not a document template: its header lacks kind = \"document\"", file.shown_as);
  auto subject = subject_now(engine.inputs());
  check_records(file.source.header, parameters, *engine.inputs().store);
  subject.parameters = read_parameters(file.source.header, parameters, engine.inputs().now, engine.inputs().calendar);
  NewDocument document;
  document.template_name = file.name;
  document.file_name = file_name_of(engine, file, subject);
  document.text = as_markdown(engine.render(file, subject));
  return document;
}

}  // namespace sitrep::docs
