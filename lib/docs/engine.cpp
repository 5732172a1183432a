#include "docs/engine.hpp"

#include <fmt/core.h>

#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/charts.hpp"
#include "docs/doc_tree.hpp"
#include "docs/document_data.hpp"
#include "docs/generated.hpp"
#include "docs/history.hpp"
#include "docs/queries.hpp"
#include "evaluation/readings.hpp"
#include "render/escape.hpp"
#include "templating/json_value.hpp"

namespace sitrep::docs {
namespace {

using templating::Environment;
using templating::Value;

evaluation::Evaluator::Options evaluator_options(const Inputs& inputs) {
  evaluation::Evaluator::Options options;
  options.now = inputs.now;
  options.calendar = inputs.calendar;
  if (inputs.config != nullptr) options.own = inputs.config->metrics;
  return options;
}

}  // namespace

std::string without_empty_runs(const std::string& markdown) {
  std::string tidy;
  bool fenced = false;
  for (const auto line : split_views(markdown, '\n')) {
    if (line.starts_with("```")) fenced = !fenced;
    const bool blank = trim_view(line).empty();
    if (blank && !fenced && (tidy.empty() || tidy.ends_with("\n\n"))) continue;
    tidy += blank && !fenced ? std::string_view() : line;
    tidy += '\n';
  }
  while (tidy.ends_with("\n\n")) tidy.pop_back();
  return tidy;
}

templating::Source source_of(const TemplateFile& file) {
  return {file.source.body, file.shown_as, file.source.body_line};
}

Environment make_environment(const Catalog& catalog) {
  templating::Options options;
  options.trim_blocks = true;
  options.lstrip_blocks = true;
  options.autoescape = render::escape_markdown;
  Environment environment(options);
  environment.set_loader(
      [&catalog](std::string_view name) -> std::optional<templating::Source> {
        const auto file = catalog.file(name);
        return file ? std::optional(source_of(*file)) : std::nullopt;
      },
      [&catalog] { return catalog.names(); });
  return environment;
}

Engine::Engine(const Inputs& inputs, const Catalog& catalog)
    : inputs_(&inputs), catalog_(&catalog), evaluator_(*inputs.store, evaluator_options(inputs)) {
  // All metrics with their verdicts, and trends, look back no further: one reading serves both.
  evaluator_.readings()->expect(inputs.now - std::chrono::weeks{28});
}

Workbench::Workbench(Engine& engine, const Subject& subject, const config::TemplateHeader& header)
    : run_(engine.inputs(), engine.evaluator(), subject.period, header, subject.program, engine.shared()),
      environment_(make_environment(engine.catalog())),
      blocks_(environment_, engine.catalog(), run_) {
  const auto& inputs = engine.inputs();
  const auto& catalog = engine.catalog();
  run_.parameters = subject.parameters;
  add_data_functions(environment_, &run_, inputs.calendar);
  add_show_functions(environment_, run_.figures(), inputs.calendar, inputs.now);
  add_filters(environment_, inputs.calendar, inputs.now);
  add_tree_functions(environment_, &run_, catalog);
  add_document_data(environment_, &run_);
  add_document_functions(environment_, &blocks_);
}

Rendered Engine::render(const TemplateFile& file, const Subject& subject, NotesBeside notes) {
  Workbench bench(*this, subject, file.source.header);
  auto& run = bench.run();
  if (subject.records == Records::none) run.keep_no_records();
  const auto compiled = bench.environment().compile(file.name, source_of(file));
  const auto& calls = compiled.calls();
  begin_history(run, calls);
  begin_queries(run, calls);
  auto markdown = compiled.render(Value(context_of(run)));
  markdown = without_empty_runs(markdown);
  if (notes == NotesBeside::yes) {
    markdown = run.notes().beside(markdown, run.figures().all(), inputs_->calendar);
    if (auto asked = run.notes().asked(); !asked.empty()) run.record("notes", {}, std::move(asked));
  }
  json::Writer records;
  run.write_records(records);
  return {std::move(markdown), run.figures().all(), records.take()};
}

Rendered render_on_data(const TemplateFile& file, std::string_view data_json, const Catalog& catalog,
                        const Calendar& calendar, UnixTime now) {
  const auto data = templating::from_json_text(data_json);
  if (!data.is_dict())
    fail(ErrorKind::usage, "--data must be a JSON object whose members are the template's variables");
  auto environment = make_environment(catalog);
  Figures figures;
  add_show_functions(environment, figures, calendar, now);
  add_filters(environment, calendar, now);
  auto markdown = environment.compile(file.name, source_of(file)).render(data);
  return {without_empty_runs(markdown), figures.all(), "[]"};
}

}  // namespace sitrep::docs
