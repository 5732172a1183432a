#include "docs/report.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/named_values.hpp"
#include "commands.hpp"
#include "pdf.hpp"
#include "report_inputs.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string name;
  std::optional<std::string> program, period, since, until, redact;
  std::vector<std::string> parameters;
  std::string charts = "text";
};

docs::ReportPeriod period_of(const Options& options, cli::Context& ctx, const Calendar& calendar) {
  const auto since = ctx.time_if_given("--since", options.since), until = ctx.time_if_given("--until", options.until);
  const auto length =
      options.period ? parse_period_length(*options.period).value_or(PeriodLength::week) : PeriodLength::week;
  if (!since && !until) return docs::last_complete(length, ctx.now(), calendar);
  if (options.period)
    fail(ErrorKind::usage, "--period names the last complete period; with --since or --until leave it out");
  if (!since) fail(ErrorKind::usage, "--until needs --since");
  return docs::between(*since, until.value_or(ctx.now()), ctx.now(), calendar);
}

using Write = std::string (*)(const render::Page&);
std::string as_text(const render::Page& page) { return render::to_text(page, 80); }

constexpr std::string_view k_program_mark = "{program}";

/// What a file of that extension holds; nullptr for an unknown one and for a PDF, which a program of the machine makes.
Write writer_of(const std::filesystem::path& file) {
  static const std::map<std::string, Write, std::less<>> k_writers{{".md", render::to_markdown},
                                                                   {".html", render::to_html},
                                                                   {".json", render::to_json},
                                                                   {".txt", as_text},
                                                                   {".csv", render::to_csv}};
  const auto found = k_writers.find(lower_ascii(file.extension().string()));
  return found == k_writers.end() ? nullptr : found->second;
}

bool is_pdf(const std::filesystem::path& file) { return lower_ascii(file.extension().string()) == ".pdf"; }
bool is_markdown(const std::filesystem::path& file) { return lower_ascii(file.extension().string()) == ".md"; }

std::string printed(const render::Page& page, const std::string& format, int width) {
  if (format == "html") return render::to_html(page);
  if (format == "markdown") return render::to_markdown(page);
  if (format == "json") return render::to_json(page);
  if (format == "csv") return render::to_csv(page);
  if (format == "slack") return render::to_slack(page);
  return render::to_text(page, width);
}

/// Before the work: a mistyped extension or folder must not cost a report, nor leave one of two written.
void check_outputs(const Options& options, cli::Context& ctx) {
  const auto& outputs = ctx.globals().outputs;
  if (!outputs.empty() && (ctx.globals().json || ctx.globals().format))
    fail(ErrorKind::usage, "with -o the format follows each file's extension: leave out --format and --json");
  if (options.charts == "svg" && std::ranges::none_of(outputs, is_markdown))
    fail(ErrorKind::usage, "--charts svg writes the charts beside a Markdown file: give -o FILE.md");
  for (const auto& file : outputs) {
    if (is_pdf(file))
      check_pdf_program(ctx);
    else if (writer_of(file) == nullptr)
      fail(ErrorKind::usage, "-o {}: a report is written as .md, .html, .json, .txt, .csv or .pdf", display(file));
    const auto folder = (ctx.world().working_folder / file).parent_path();
    std::error_code none;
    if (!std::filesystem::is_directory(folder, none))
      fail(ErrorKind::store, "-o {}: there is no folder {}", display(file), display(folder));
    if (file.find(k_program_mark) != std::string::npos && !options.program)
      fail(ErrorKind::usage, "-o {}: {} needs --program all, or a program's name", display(file), k_program_mark);
  }
}

/// The charts first: what the text refers to is there when it is.
void write_with_charts(const render::Page& page, const std::filesystem::path& file) {
  const auto result = render::to_markdown_with_charts(page, file.stem().string());
  for (const auto& chart : result.charts) write_file(file.parent_path() / chart.name, chart.svg);
  write_file(file, result.markdown);
}

/// `stem`: what {program} in a file's name becomes.
void write_page(const render::Page& page, const Options& options, std::string_view stem, cli::Context& ctx) {
  for (const auto& output : ctx.globals().outputs) {
    const std::filesystem::path name = replace_all(output, k_program_mark, stem);
    const auto file = ctx.world().working_folder / name;
    if (options.charts == "svg" && is_markdown(file))
      write_with_charts(page, file);
    else
      write_file(file, is_pdf(file) ? to_pdf(render::to_html(page), ctx) : writer_of(file)(page));
    ctx.note(fmt::format("wrote {}", display(name)));
  }
}

bool wants_data(cli::Context& ctx) {
  const auto is_json = [](const std::filesystem::path& file) {
    return lower_ascii(file.extension().string()) == ".json";
  };
  const auto& outputs = ctx.globals().outputs;
  return outputs.empty() ? ctx.format() == "json" : std::ranges::any_of(outputs, is_json);
}

/// What the template made of redacted data is looked through once more: words of its own may hide nothing either.
render::Page make_page(docs::Engine& engine, const docs::ReportRequest& request) {
  auto page = docs::make_report(engine, request);
  if (const auto* redactor = engine.inputs().redactor) redactor->redact(page);
  return page;
}

/// A page for each program, under names that differ: "ci", "ci-2".
int run_for_each(docs::Engine& engine, docs::ReportRequest request, const Options& options, cli::Context& ctx) {
  const auto programs = docs::programs_under_way(engine);
  std::set<std::string> taken;
  for (const auto& program : programs) taken.insert(slug(program));
  std::set<std::string> used;
  for (const auto& program : programs) {
    auto stem = slug(program);
    if (!used.insert(stem).second) {
      int number = 2;
      while (!taken.insert(fmt::format("{}-{}", stem, number)).second) ++number;
      stem = fmt::format("{}-{}", stem, number);
    }
    request.program = program;
    write_page(make_page(engine, request), options, stem, ctx);
  }
  if (programs.empty()) ctx.note("no program is in the store: nothing was written");
  return 0;
}

int run(const Options& options, cli::Context& ctx) {
  check_outputs(options, ctx);
  auto inputs = report_inputs(ctx, options.redact);
  docs::Engine engine(inputs.inputs, inputs.catalog);
  docs::ReportRequest request{options.name,
                              period_of(options, ctx, inputs.inputs.calendar),
                              {},
                              cli::named_values("--param", options.parameters),
                              wants_data(ctx)};
  const auto& outputs = ctx.globals().outputs;
  const bool all = options.program == "all";
  if (all && std::any_of(outputs.begin(), outputs.end(),
                         [](const std::string& file) { return file.find(k_program_mark) != std::string::npos; }))
    return run_for_each(engine, std::move(request), options, ctx);
  if (options.program && !all) request.program = *options.program;
  const auto page = make_page(engine, request);
  if (outputs.empty())
    ctx.out() << printed(page, ctx.format(), ctx.width());
  else
    write_page(page, options, slug(options.program.value_or("")), ctx);
  return 0;
}

int list(cli::Context& ctx) {
  const auto inputs = template_catalog(ctx);
  cli::Table table;
  table.columns = {{"name", "report"}, {"title", "title"}, {"description", "description"}, {"origin", "origin"}};
  for (const auto& name : inputs.names()) {
    const auto file = file_or_note(inputs, name, ctx);
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
  auto& command = root.add("report", "Make a report: Markdown, HTML, PDF, text, JSON or CSV");
  command.positional("NAME", options->name, "Report to make; see 'sitrep report list'").completes("report");
  command.option("--program", options->program, "PROGRAM", "Of one program only, by name or id; 'all' for all of them")
      .completes("program");
  command.option("--period", options->period, "LENGTH", "The last complete week (default), month or quarter")
      .choices({"week", "month", "quarter"});
  command.option("--since", options->since, "TIME", "From this time instead of a calendar period");
  command.option("--until", options->until, "TIME", "Up to this time; default: now");
  command.option("--param", options->parameters, "NAME=VALUE", "A parameter of the template; may repeat");
  command.option("--redact", options->redact, "PROFILE",
                 "Without people, customers or free text, as [redact.PROFILE] says");
  command.option("--charts", options->charts, "FORM", "Charts of a .md file: text (default), or svg files beside it");
  command.choices({"text", "svg"});
  command.formats({"text", "markdown", "html", "json", "csv", "slack"}).writes_outputs().document();
  command.description(
      "A report covers the last complete period and compares it with the one before. -o may repeat: the format of each "
      "file\n"
      "follows its extension (.md .html .json .txt .csv .pdf). The same store and the same --now give the same bytes, "
      "but for a PDF,\n"
      "which chromium or weasyprint makes. With --program all, {program} in a file's name makes a page for each "
      "program.\n"
      "\n"
      "The HTML is one file that loads nothing: it can be mailed, printed or put on any web server. The JSON holds the "
      "rows and\n"
      "numbers that the report was made from, under the schema sitrep.report/1 ('sitrep report schema'). --format "
      "slack "
      "is a\n"
      "summary for a message.");
  command.example("sitrep report weekly-health", "Last week's health on the terminal");
  command.example("sitrep report weekly-health -o weekly.html -o weekly.md", "The same as a page and as Markdown");
  command.example("sitrep report weekly-health --program 'Checkout 3' --period month", "One program's last month");
  command.example("sitrep report program --program all -o 'reports/{program}.md'", "A page for each program");
  command.example("sitrep report capacity-review -o capacity.md --charts svg", "Markdown with its charts drawn");
  command.example("sitrep report slo-compliance --period quarter", "Objectives of the last quarter");
  command.example("sitrep report weekly-health --as-of 2026-11-01 --json",
                  "The data of the report as it was known on November 1");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
  auto& listing = command.add("list", "List the reports of the workspace and the built-in ones");
  listing.formats({"text", "json", "csv", "ndjson", "markdown"});
  listing.example("sitrep report list", "What can be made");
  listing.run([](cli::Context& ctx) { return list(ctx); });
  auto& schema = command.add("schema", "Print the JSON Schema of a report's JSON");
  schema.description(
      "Every 'sitrep report NAME --json' validates against it. It changes only together with its number.");
  schema.example("sitrep report schema > report.schema.json", "For a validator, or to generate types from");
  schema.run([](cli::Context& ctx) {
    ctx.out() << docs::report_schema();
    return 0;
  });
}

}  // namespace sitrep::cmd
