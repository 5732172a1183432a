#include "docs/report.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/named_values.hpp"
#include "commands.hpp"
#include "report_inputs.hpp"

#include <fmt/core.h>

#include <map>
#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string name;
  std::optional<std::string> program, period, since, until;
  std::vector<std::string> parameters;
};

docs::ReportPeriod period_of(const Options& options, cli::Context& ctx, const Calendar& calendar) {
  const auto since = ctx.time_if_given("--since", options.since), until = ctx.time_if_given("--until", options.until);
  const auto length =
      options.period ? parse_period_length(*options.period).value_or(PeriodLength::week) : PeriodLength::week;
  if (!since && !until) return docs::last_complete(length, ctx.now(), calendar);
  if (options.period)
    fail(ErrorKind::usage, "--period names the last complete period; with --since or --until leave it out");
  if (!since) fail(ErrorKind::usage, "--until needs --since");
  return docs::between(*since, until.value_or(ctx.now()), calendar);
}

using Write = std::string (*)(const render::Page&);
std::string as_text(const render::Page& page) { return render::to_text(page, 100); }

/// What a file of that extension holds; nullptr for an unknown one.
Write writer_of(const std::filesystem::path& file) {
  static const std::map<std::string, Write, std::less<>> k_writers{{".md", render::to_markdown},
                                                                   {".html", render::to_html},
                                                                   {".json", render::to_json},
                                                                   {".txt", as_text},
                                                                   {".csv", render::to_csv}};
  const auto found = k_writers.find(lower_ascii(file.extension().string()));
  return found == k_writers.end() ? nullptr : found->second;
}

std::string printed(const render::Page& page, const std::string& format, int width) {
  if (format == "html") return render::to_html(page);
  if (format == "markdown") return render::to_markdown(page);
  if (format == "json") return render::to_json(page);
  if (format == "csv") return render::to_csv(page);
  return render::to_text(page, width);
}

/// Before the work: a mistyped extension or folder must not cost a report, nor leave one of two written.
void check_outputs(cli::Context& ctx) {
  const auto& outputs = ctx.globals().outputs;
  if (!outputs.empty() && (ctx.globals().json || ctx.globals().format))
    fail(ErrorKind::usage, "with -o the format follows each file's extension: leave out --format and --json");
  for (const auto& file : outputs) {
    if (writer_of(file) == nullptr)
      fail(ErrorKind::usage, "-o {}: a report is written as .md, .html, .json, .txt or .csv", display(file));
    const auto folder = (ctx.world().working_folder / file).parent_path();
    std::error_code none;
    if (!std::filesystem::is_directory(folder, none))
      fail(ErrorKind::store, "-o {}: there is no folder {}", display(file), display(folder));
  }
}

int run(const Options& options, cli::Context& ctx) {
  check_outputs(ctx);
  auto inputs = report_inputs(ctx);
  docs::Engine engine(inputs.inputs, inputs.catalog);
  docs::ReportRequest request{options.name,
                              period_of(options, ctx, inputs.inputs.calendar),
                              {},
                              cli::named_values("--param", options.parameters)};
  if (options.program && *options.program != "all") request.program = *options.program;
  const auto page = docs::make_report(engine, request);
  if (ctx.globals().outputs.empty()) {
    ctx.out() << printed(page, ctx.format(), ctx.width());
    return 0;
  }
  for (const auto& output : ctx.globals().outputs) {
    const auto file = ctx.world().working_folder / output;
    write_file(file, writer_of(file)(page));
    ctx.note(fmt::format("wrote {}", display(output)));
  }
  return 0;
}

int list(cli::Context& ctx) {
  const auto inputs = template_catalog(ctx);
  cli::Table table;
  table.columns = {{"name", "report"}, {"title", "title"}, {"description", "description"}, {"origin", "origin"}};
  for (const auto& name : inputs.names()) {
    const auto file = inputs.file(name);
    if (!file || file->source.header.kind != config::TemplateHeader::Kind::report) continue;
    const auto origin = file->origin == docs::TemplateFile::Origin::workspace ? "workspace" : "built-in";
    table.rows.push_back(
        {docs::short_name(name), file->source.header.title, file->source.header.description, std::string(origin)});
  }
  ctx.print(table, "report.list");
  return 0;
}

}  // namespace

void add_report(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("report", "Make a report: Markdown, HTML, text, JSON or CSV");
  command.positional("NAME", options->name, "Report to make; see 'sitrep report list'").completes("report");
  command.option("--program", options->program, "PROGRAM", "Of one program only, by name or id; 'all' for all of them")
      .completes("program");
  command.option("--period", options->period, "LENGTH", "The last complete week (default), month or quarter")
      .choices({"week", "month", "quarter"});
  command.option("--since", options->since, "TIME", "From this time instead of a calendar period");
  command.option("--until", options->until, "TIME", "Up to this time; default: now");
  command.option("--param", options->parameters, "NAME=VALUE", "A parameter of the template; may repeat");
  command.formats({"text", "markdown", "html", "json", "csv"}).writes_outputs();
  command.description(
      "A report covers the last complete period and compares it with the one before. -o may repeat: the format of each "
      "file\n"
      "follows its extension (.md .html .json .txt .csv). The same store and the same --now give the same bytes.\n"
      "\n"
      "The HTML is one file that loads nothing: it can be mailed, printed or put on any web server. The JSON holds the "
      "rows and\n"
      "numbers that the report was made from, under the schema sitrep.report/1.");
  command.example("sitrep report weekly-health", "Last week's health on the terminal");
  command.example("sitrep report weekly-health -o weekly.html -o weekly.md", "The same as a page and as Markdown");
  command.example("sitrep report weekly-health --program 'Checkout 3' --period month", "One program's last month");
  command.example("sitrep report weekly-health --as-of 2026-11-01 --json",
                  "The data of the report as it was known on November 1");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
  auto& listing = command.add("list", "List the reports of the workspace and the built-in ones");
  listing.formats({"text", "json", "csv", "ndjson", "markdown"});
  listing.example("sitrep report list", "What can be made");
  listing.run([](cli::Context& ctx) { return list(ctx); });
}

}  // namespace sitrep::cmd
