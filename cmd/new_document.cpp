#include "new_document.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "docs/document.hpp"
#include "report_inputs.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <istream>
#include <ostream>

namespace sitrep::cmd {
namespace {

/// Where the document goes; a name that a template made stays inside the workspace, and makes way for a document about
/// another record.
std::filesystem::path place_of(cli::Context& ctx, const docs::NewDocument& document) {
  const auto& outputs = ctx.globals().outputs;
  if (outputs.size() > 1) fail(ErrorKind::usage, "a document is one file: give -o once");
  if (!outputs.empty()) return ctx.world().working_folder / outputs.front();
  const std::filesystem::path name(document.file_name);
  const auto normal = name.lexically_normal();
  if (name.empty() || name.is_absolute() || normal.empty() || *normal.begin() == "..") {
    fail(ErrorKind::user_code, "the template {} names its file '{}', which is not inside the workspace",
         document.template_name, display(name));
  }
  auto path = ctx.workspace_folder() / normal;
  std::error_code none;
  if (std::filesystem::is_regular_file(path, none))
    if (const auto beside = docs::name_beside(document, read_file(path))) path.replace_filename(*beside);
  return path;
}

/// Asks on a terminal for what neither the command line nor the store says. An empty answer leaves the default.
std::map<std::string, std::string> asked_for(cli::Context& ctx, docs::Engine& engine, const std::string& type,
                                             const std::map<std::string, std::string>& given) {
  auto form = docs::document_form(engine, type, given);
  const auto& world = ctx.world();
  if (!world.in_is_terminal || !world.err_is_terminal || ctx.globals().quiet) return given;
  for (const auto& parameter : form.missing) {
    const auto what = parameter.doc.empty() ? parameter.name : fmt::format("{} ({})", parameter.name, parameter.doc);
    ctx.err() << what << (parameter.choices.empty() ? "" : " [" + join(parameter.choices, ", ") + "]") << ": ";
    ctx.err().flush();
    std::string answer;
    if (!std::getline(*world.in, answer)) break;
    if (const auto text = trim_view(answer); !text.empty()) form.parameters[parameter.name] = text;
  }
  return form.parameters;
}

cli::Table written_table() { return {{{"type"}, {"file"}}}; }

}  // namespace

int write_new_document(cli::Context& ctx, std::string_view schema, const std::string& type,
                       const std::map<std::string, std::string>& parameters,
                       const std::optional<std::string>& profile) {
  ctx.check_fields(written_table());
  auto inputs = report_inputs(ctx, profile);
  docs::Engine engine(inputs.inputs, inputs.catalog);
  const auto document = docs::make_document(engine, type, asked_for(ctx, engine, type, parameters));
  const auto path = place_of(ctx, document);
  std::filesystem::create_directories(path.parent_path());
  write_file(path, document.text, Overwrite::no);
  const auto relative = path.lexically_relative(ctx.world().working_folder);
  const auto shown = relative.empty() || *relative.begin() == ".." ? path : relative;
  if (ctx.format() == "json") {
    auto table = written_table();
    table.rows.push_back({type, shown.generic_string()});
    ctx.print(table, schema);
  } else {
    ctx.out() << display(shown) << '\n';
  }
  return 0;
}

}  // namespace sitrep::cmd
