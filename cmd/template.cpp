#include "base/file.hpp"
#include "base/line_diff.hpp"
#include "base/located_error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "docs/engine.hpp"
#include "docs/template_check.hpp"
#include "input_file.hpp"
#include "render/page.hpp"
#include "report_inputs.hpp"

#include <fmt/core.h>

#include <ostream>

namespace sitrep::cmd {
namespace {

using docs::TemplateFile;
using Kind = config::TemplateHeader::Kind;

std::string kind_name(Kind kind) {
  return kind == Kind::report ? "report" : kind == Kind::document ? "document" : "partial";
}
std::string origin_name(TemplateFile::Origin origin) {
  return origin == TemplateFile::Origin::workspace ? "workspace" : "built-in";
}

int list(cli::Context& ctx) {
  const auto catalog = template_catalog(ctx);
  cli::Table table;
  table.columns = {{"name", "template"}, {"kind", "kind"},   {"origin", "origin"},
                   {"upstream"},         {"title", "title"}, {"description", "description"}};
  for (const auto& name : catalog.names()) {
    const auto file = file_or_note(catalog, name, ctx);
    if (!file) continue;
    const auto& header = file->source.header;
    const bool own = file->origin == TemplateFile::Origin::workspace;
    table.rows.push_back({name, kind_name(header.kind), origin_name(file->origin),
                          own && catalog.changed_upstream(name) ? cli::Table::Cell("changed") : cli::Table::Cell(),
                          header.title, header.description});
  }
  ctx.print(table, "template.list");
  return 0;
}

int show(const std::string& name, cli::Context& ctx) {
  ctx.out() << template_catalog(ctx).find(name).text;
  return 0;
}

int copy(const std::string& name, cli::Context& ctx) {
  const auto catalog = template_catalog(ctx);
  const auto file = catalog.find(name);
  const auto to = ctx.workspace_folder() / "templates" / file.name;
  std::error_code error;
  std::filesystem::create_directories(to.parent_path(), error);
  if (error) fail(ErrorKind::store, "{}: {}", display(to.parent_path()), error.message());
  write_file(to, file.text, Overwrite::no);
  catalog.keep_upstream(file.name);
  ctx.note(fmt::format("wrote templates/{}: it now stands for the built-in one; delete it to go back", file.name));
  return 0;
}

/// What an upgrade of sitrep changed in a built-in template since the workspace's file was copied from it.
int diff(const std::string& name, bool own, bool accept, cli::Context& ctx) {
  const auto catalog = template_catalog(ctx);
  const auto file = catalog.find(name);
  const auto built_in = catalog.built_in(file.name);
  if (file.origin != TemplateFile::Origin::workspace || !built_in)
    fail(ErrorKind::usage, "{}: no built-in template is replaced by a file of yours", visible(file.name));
  const auto base = catalog.copied_from(file.name);
  if (accept) {
    catalog.keep_upstream(file.name);
    ctx.note(fmt::format("templates/{} now stands on the built-in template of this release", file.name));
    return 0;
  }
  if (own) {
    ctx.out() << show_difference(base.value_or(built_in->text), file.text, 2);
    return 0;
  }
  if (!base)
    fail(ErrorKind::data,
         "templates/{}: it is not known which built-in text it was copied from; 'sitrep template diff {} --own' "
         "compares "
         "it with the present one, --accept keeps that from now on",
         file.name, visible(name));
  const auto text = show_difference(*base, built_in->text, 2);
  ctx.out() << text;
  ctx.note(text.empty() ? "the built-in template has not changed since it was copied"
                        : "take over what you want, then: sitrep template diff " + visible(name) + " --accept");
  return text.empty() ? 0 : 1;
}

/// Checks given files (names), or all of the workspace's templates.
int check(const std::vector<std::string>& names, cli::Context& ctx) {
  const auto catalog = template_catalog(ctx);
  const auto* config = ctx.has_workspace() ? &ctx.config() : nullptr;
  std::vector<docs::TemplateProblem> problems;
  int checked = 0;
  for (const auto& name : names.empty() ? catalog.names() : names) {
    try {
      const auto file = names.empty() ? catalog.file(name) : std::optional(catalog.find(name));
      if (!file) continue;
      ++checked;
      for (auto& problem : docs::check_template(*file, catalog, config)) problems.push_back(std::move(problem));
    } catch (const LocatedError& error) {
      problems.push_back({error.what(), error.excerpt()});
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::usage) throw;
      problems.push_back({error.what(), {}});
    }
  }
  for (const auto& problem : problems) ctx.out() << problem.message << '\n' << problem.excerpt;
  ctx.note(fmt::format(
      "{} checked, {}", count_of(checked, "template"),
      problems.empty() ? "no mistake found" : count_of(static_cast<std::int64_t>(problems.size()), "mistake")));
  return problems.empty() ? 0 : 1;
}

int functions(cli::Context& ctx) {
  cli::Table table;
  table.columns = {{"kind", "kind"}, {"name", "name"}, {"parameters", "parameters"}, {"doc", "what it does"}};
  for (const auto& callable : docs::callables(template_catalog(ctx)))
    table.rows.push_back({callable.kind, callable.name, callable.parameters, callable.doc});
  ctx.print(table, "template.functions");
  return 0;
}

struct RenderOptions {
  std::string file;
  std::optional<std::string> data;
};

/// JSON itself, or the file that holds it.
std::string given_data(const std::string& data, cli::Context& ctx) {
  return trim_view(data).starts_with('{') ? data : read_input(ctx.world().working_folder / data);
}

int render(const RenderOptions& options, cli::Context& ctx) {
  const auto catalog = template_catalog(ctx);
  TemplateFile file;
  const auto path = ctx.world().working_folder / options.file;
  file.name = file.shown_as = options.file;
  file.text = read_input(path, std::size_t{4} << 20);
  file.source = config::parse_template(file.text, options.file);
  const auto data = given_data(options.data.value_or("{}"), ctx);
  auto rendered = docs::render_on_data(file, data, catalog, ctx.calendar(), ctx.now());
  render::Page page;
  page.title = file.source.header.title.empty() ? options.file : file.source.header.title;
  page.markdown = std::move(rendered.markdown);
  page.figures = std::move(rendered.figures);
  const auto format = ctx.format();
  ctx.out() << (format == "html"   ? render::to_html(page)
                : format == "text" ? render::to_text(page, ctx.width())
                                   : render::to_markdown(page));
  return 0;
}

}  // namespace

void add_template_list(cli::Command& group) {
  auto& command = group.add("list", "List the templates of the workspace and the built-in ones");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep template list", "What there is, and what a workspace's file replaces");
  command.run([](cli::Context& ctx) { return list(ctx); });
}

void add_template_show(cli::Command& group) {
  auto name = std::make_shared<std::string>();
  auto& command = group.add("show", "Print a template");
  command.positional("NAME", *name, "Template, by its name or the name of its report or document")
      .completes("template");
  command.pages();
  command.example("sitrep template show weekly-health", "How the weekly report is made");
  command.run([name](cli::Context& ctx) { return show(*name, ctx); });
}

void add_template_copy(cli::Command& group) {
  auto name = std::make_shared<std::string>();
  auto& command = group.add("copy", "Copy a built-in template into the workspace, to change it");
  command.positional("NAME", *name, "Template to copy").completes("template");
  command.description(
      "The copy in templates/ stands for the built-in template of the same name, for includes too. An existing file is "
      "kept.");
  command.example("sitrep template copy weekly-health", "An own weekly report, starting from the built-in one");
  command.run([name](cli::Context& ctx) { return copy(*name, ctx); });
}

void add_template_diff(cli::Command& group) {
  struct Options {
    std::string name;
    bool own = false, accept = false;
  };
  auto options = std::make_shared<Options>();
  auto& command = group.add("diff", "What changed in a built-in template since you copied it");
  command.positional("NAME", options->name, "Template of the workspace that replaces a built-in one")
      .completes("template");
  command.option("--own", options->own, "What you changed, instead");
  command.option("--accept", options->accept, "You have seen it: compare with the present one from now on");
  command.description(
      "'sitrep template copy' keeps the text it copied in templates/.upstream; after an upgrade of sitrep this shows "
      "what\n"
      "became of it. 'sitrep template list' marks the templates that it would show something for.");
  command.pages();
  command.exits(1, "it has changed");
  command.example("sitrep template diff weekly-health", "After an upgrade");
  command.run([options](cli::Context& ctx) { return diff(options->name, options->own, options->accept, ctx); });
}

void add_template_check(cli::Command& group) {
  auto names = std::make_shared<std::vector<std::string>>();
  auto& command = group.add("check", "Look for mistakes in templates without running them");
  command.positional("NAME", *names, "Templates to check; all when omitted").completes("template");
  command.description(
      "Reads headers and bodies and renders nothing: syntax errors, unknown names, filters, functions' arguments, "
      "charts, "
      "queries,\n"
      "metrics and parameters, and SQL that does not fit the store's schema, as file:line:column.");
  command.example("sitrep template check", "All templates of the workspace and the built-in ones");
  command.pages();
  command.exits(1, "A mistake was found");
  command.run([names](cli::Context& ctx) { return check(*names, ctx); });
}

void add_template_functions(cli::Command& group) {
  auto& command = group.add("functions", "List the functions, filters and tests that templates can use");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep template functions", "The reference of the template language's vocabulary");
  command.run([](cli::Context& ctx) { return functions(ctx); });
}

void add_template_render(cli::Command& group) {
  auto options = std::make_shared<RenderOptions>();
  auto& command = group.add("render", "Render a template file on given data");
  command.positional("FILE", options->file, "Template file").completes("file");
  command
      .option("--data", options->data, "JSON",
              "An object whose members are the template's variables, or a file that holds it")
      .completes("file");
  command.formats({"markdown", "html", "text"}).document();
  command.description(
      "Needs no store: filters, tables, badges and charts are there, functions that gather data are not.");
  command.example("sitrep template render note.md --data note.json", "Fill a template of your own");
  command.example("sitrep template render note.md --data '{\"name\":\"dana\"}'", "The same, with the data at hand");
  command.run([options](cli::Context& ctx) { return render(*options, ctx); });
}

}  // namespace sitrep::cmd
