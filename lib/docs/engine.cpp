#include "docs/engine.hpp"

#include <fmt/core.h>

#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/charts.hpp"
#include "docs/doc_tree.hpp"
#include "docs/generated.hpp"
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

templating::Source source_of(const TemplateFile& file) {
  return {file.source.body, file.shown_as, file.source.body_line};
}

constexpr std::string_view k_variables[] = {"now", "today", "period", "program", "workspace", "chart"};

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

Environment make_environment(const Catalog& catalog) {
  templating::Options options;
  options.limits.time = std::chrono::minutes{10};  // metrics and forecasts that a template asks for count, too
  options.trim_blocks = true;
  options.lstrip_blocks = true;
  options.autoescape = render::escape_markdown;
  Environment environment(options);
  environment.set_loader([&catalog](std::string_view name) -> std::optional<templating::Source> {
    const auto file = catalog.file(name);
    return file ? std::optional(source_of(*file)) : std::nullopt;
  });
  return environment;
}

Engine::Engine(const Inputs& inputs, const Catalog& catalog)
    : inputs_(&inputs), catalog_(&catalog), evaluator_(*inputs.store, evaluator_options(inputs)) {}

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
  add_document_functions(environment_, &blocks_);
}

Rendered Engine::render(const TemplateFile& file, const Subject& subject) {
  Workbench bench(*this, subject, file.source.header);
  auto markdown = bench.environment().compile(file.name, source_of(file)).render(Value(context_of(bench.run())));
  json::Writer records;
  bench.run().write_records(records);
  return {without_empty_runs(markdown), bench.run().figures().all(), records.take()};
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

namespace {

/// Every function, filter and test that templates know, bound to nothing.
struct Vocabulary {
  explicit Vocabulary(const Catalog& catalog) : environment(make_environment(catalog)) {
    add_data_functions(environment, nullptr, {});
    add_show_functions(environment, figures, {}, {});
    add_filters(environment, {}, {});
    add_tree_functions(environment, nullptr, catalog);
    add_document_functions(environment, nullptr);
  }
  Figures figures;
  Environment environment;
};

}  // namespace

std::vector<std::string> check_template(const TemplateFile& file, const Catalog& catalog) {
  const Vocabulary vocabulary(catalog);
  const auto compiled = vocabulary.environment.compile(file.name, source_of(file));
  std::set<std::string, std::less<>> known(std::begin(k_variables), std::end(k_variables));
  for (const auto& parameter : file.source.header.parameters) known.insert(parameter.name);
  for (const auto* function : vocabulary.environment.functions()) known.insert(function->name);
  const std::vector<std::string_view> names(known.begin(), known.end());
  std::vector<std::string> problems;
  for (const auto& use : compiled.free_names())
    if (!known.contains(use.name))
      problems.push_back(fmt::format("{}:{}:{}: '{}' is set nowhere{}", file.shown_as, use.line, use.column, use.name,
                                     did_you_mean(use.name, names)));
  return problems;
}

std::vector<Callable> callables(const Catalog& catalog) {
  const Vocabulary vocabulary(catalog);
  std::vector<Callable> all;
  const auto add = [&](const char* kind, const templating::Function& function, std::string_view prefix = "") {
    all.push_back({kind, std::string(prefix) + function.name, function.parameters, function.doc});
  };
  for (const auto* function : vocabulary.environment.functions()) add("function", *function);
  Figures figures;
  const auto charts = chart_functions(figures, {}, {});
  for (const auto& [name, chart] : charts.dict()) add("function", chart.function(), "chart.");
  for (const auto* filter : vocabulary.environment.filters()) add("filter", *filter);
  for (const auto* test : vocabulary.environment.tests()) add("test", *test);
  return all;
}

}  // namespace sitrep::docs
