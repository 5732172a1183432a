#include "docs/template_check.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/charts.hpp"
#include "docs/doc_tree.hpp"
#include "docs/document_data.hpp"
#include "docs/engine.hpp"
#include "docs/generated.hpp"
#include "docs/queries.hpp"
#include "docs/sql.hpp"

namespace sitrep::docs {
namespace {

using templating::CallSite;
using templating::Environment;
using templating::Function;
using templating::Value;
using Names = std::set<std::string, std::less<>>;
using Functions = std::map<std::string, const Function*, std::less<>>;

Names keys_of(const Functions& functions) {
  Names names;
  for (const auto& [name, function] : functions) names.insert(name);
  return names;
}

/// Every function, filter and test that templates know, bound to nothing.
struct Vocabulary {
  explicit Vocabulary(const Catalog& catalog) : environment(make_environment(catalog)) {
    add_data_functions(environment, nullptr, {});
    add_show_functions(environment, figures, {}, {});
    add_filters(environment, {}, {});
    add_tree_functions(environment, nullptr, catalog);
    add_document_data(environment, nullptr);
    add_document_functions(environment, nullptr);
  }
  Figures figures;
  Environment environment;
};

Names keys_of(const templating::Dict& dict) {
  Names names;
  for (const auto& [key, value] : dict) names.insert(templating::to_text(key));
  return names;
}

std::string suggestion(std::string_view name, const Names& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  return did_you_mean(name, views);
}

/// One template under check. Queries run over an empty store, which finds what SQL itself would refuse.
class Check {
 public:
  Check(const TemplateFile& file, const Vocabulary& vocabulary, const Catalog& catalog, const config::Config* config)
      : file_(file),
        vocabulary_(vocabulary),
        catalog_(catalog),
        compiled_(vocabulary.environment.compile(file.name, source_of(file))),
        store_(empty_store(config)),
        box_(store_) {
    for (const auto& [name, sql] : file.source.header.queries) queries_.insert(name);
    for (const auto& parameter : file.source.header.parameters) sql_parameters_.insert(parameter.name);
    for (const auto& [name, value] : sql_parameters({}, {}, {})) sql_parameters_.insert(name);
    if (config != nullptr)
      for (const auto& [name, sql] : config->queries) queries_.insert(name);
    evaluation::Evaluator::Options options;
    if (config != nullptr) options.own = config->metrics;
    evaluation::Evaluator evaluator(store_, std::move(options));
    for (const auto& metric : evaluator.metrics()) metrics_.insert(metric.name);
    for (const auto* function : vocabulary.environment.functions()) functions_.emplace(function->name, function);
    for (const auto* filter : vocabulary.environment.filters()) filters_.emplace(filter->name, filter);
    for (const auto* test : vocabulary.environment.tests()) tests_.emplace(test->name, test);
    drawn_ = chart_functions(figures_, {}, {});
    for (const auto& [name, chart] : drawn_.dict()) charts_.emplace(name.string(), &chart.function());
  }

  std::vector<TemplateProblem> run() {
    check_names();
    for (const auto& name : compiled_.set_names()) set_.insert(name);
    for (const auto& use : compiled_.calls()) check_use(use);
    for (const auto& [name, metric] : file_.source.header.metrics)
      if (!metrics_.contains(metric))
        problems_.push_back({fmt::format("{}: [metrics] {}: no metric '{}'{}", file_.shown_as, name, visible(metric),
                                         suggestion(metric, metrics_)),
                             {}});
    for (const auto& [name, sql] : file_.source.header.queries)
      for (const auto& mistake : mistakes_of(name, sql, passed_[name]))
        problems_.push_back({fmt::format("{}: {}", file_.shown_as, mistake), {}});
    return std::move(problems_);
  }

 private:
  static store::Store empty_store(const config::Config* config) {
    store::Options options;
    options.access = store::Access::read_write;
    if (config != nullptr) options.own_entities = config->entities;
    return store::Store::memory(std::move(options));
  }

  void check_names() {
    Names known = keys_of(shared_);
    known.insert({"chart", "self", "super"});
    for (const auto& parameter : file_.source.header.parameters) known.insert(parameter.name);
    known.merge(keys_of(functions_));
    for (const auto& name : compiled_.top_names()) known.insert(name);
    if (file_.source.header.kind == config::TemplateHeader::Kind::partial) add_includers_names(known);
    for (const auto& use : compiled_.free_names())
      if (!known.contains(use.name))
        problem(use.offset, fmt::format("'{}' is set nowhere{}", use.name, suggestion(use.name, known)));
  }

  /// A partial sees the variables of the templates that include it.
  void add_includers_names(Names& known) {
    for (const auto& name : catalog_.names()) {
      try {
        const auto other = catalog_.file(name);
        if (!other) continue;
        const auto compiled = vocabulary_.environment.compile(other->name, source_of(*other));
        const auto& uses = compiled.calls();
        if (std::none_of(uses.begin(), uses.end(), [this](const CallSite& use) {
              return use.kind == CallSite::Kind::include && use.text == file_.name;
            }))
          continue;
        for (const auto& set : compiled.set_names()) known.insert(set);
        for (const auto& parameter : other->source.header.parameters) known.insert(parameter.name);
      } catch (const Error&) {  // a mistake of that template
      }
    }
  }

  void check_use(const CallSite& use) {
    switch (use.kind) {
      case CallSite::Kind::call:
        return check_call(use);
      case CallSite::Kind::filter:
        check_arguments(use, *filters_.at(use.name), 1);
        return check_applied(use);
      case CallSite::Kind::test:
        return check_arguments(use, *tests_.at(use.name), 1);
      case CallSite::Kind::include:
      case CallSite::Kind::import:
        return check_template(use);
      case CallSite::Kind::member:
        return check_member(use);
    }
  }

  void problem(std::uint32_t offset, std::string what) {
    const auto error = compiled_.error_at(offset, std::move(what));
    problems_.push_back({error.what(), error.excerpt()});
  }
  void problem(const CallSite& use, std::string what) { problem(use.offset, std::move(what)); }

  /// A filter that applies another one, or a test, by its name.
  void check_applied(const CallSite& use) {
    const auto known = [&](const char* kind, const std::optional<std::string>& name, const auto& all) {
      if (!name || all.contains(*name)) return;
      problem(use, fmt::format("{}: no {} '{}'{}", use.name, kind, visible(*name), suggestion(*name, keys_of(all))));
    };
    if (use.name == "map") known("filter", use.text, filters_);
    if (use.name == "select" || use.name == "reject") known("test", use.text, tests_);
    if (use.name == "selectattr" || use.name == "rejectattr") known("test", use.second, tests_);
  }

  void check_template(const CallSite& use) {
    const auto other = catalog_.file(*use.text);
    if (!other) {
      const auto names = catalog_.names();
      return problem(use, fmt::format("there is no template '{}'{}", visible(*use.text),
                                      suggestion(*use.text, Names(names.begin(), names.end()))));
    }
    if (use.kind == CallSite::Kind::include) return;
    const auto compiled = vocabulary_.environment.compile(other->name, source_of(*other));
    const auto top = compiled.top_names();
    const Names names(top.begin(), top.end());
    if (!use.name.empty()) imported_.emplace(use.name, names);
    for (const auto& [name, offset] : use.keywords)
      if (!names.contains(name))
        problem(offset, fmt::format("'{}' sets no '{}'{}", visible(*use.text), visible(name), suggestion(name, names)));
  }

  void check_member(const CallSite& use) {
    const auto dot = use.name.find('.');
    const auto object = use.name.substr(0, dot), member = use.name.substr(dot + 1);
    const auto check = [&](const Names& names) {
      if (!names.contains(member))
        problem(use, fmt::format("'{}' has no '{}'{}", object, visible(member), suggestion(member, names)));
    };
    static const Names k_loop = {"index", "index0", "revindex", "revindex0", "first",    "last",    "length",
                                 "depth", "depth0", "cycle",    "changed",   "previtem", "nextitem"};
    const auto top = compiled_.top_names();
    if (object == "loop" && std::ranges::find(top, "loop") == top.end()) return check(k_loop);
    if (const auto imported = imported_.find(object); imported != imported_.end()) return check(imported->second);
    if (set_.contains(object)) return;  // the template's own
    if (const auto* shared = shared_.find(std::string_view(object)); shared != nullptr && shared->is_dict())
      check(keys_of(shared->dict()));
  }

  void check_macro(const CallSite& call) {
    const auto parameters = compiled_.macro_parameters(call.name);
    if (!parameters) return;
    check_keywords(call, Names(parameters->begin(), parameters->end()));
    if (!call.takes_apart && call.positional > parameters->size())
      problem(call, fmt::format("macro '{}' takes not more than {}", call.name,
                                count_of(static_cast<std::int64_t>(parameters->size()), "argument")));
  }

  void check_call(const CallSite& call) {
    if (call.name.starts_with("chart.")) {
      const auto chart = charts_.find(call.name.substr(6));
      if (chart != charts_.end()) return check_arguments(call, *chart->second);
      return problem(
          call, fmt::format("no chart '{}'{}", call.name.substr(6), suggestion(call.name.substr(6), keys_of(charts_))));
    }
    const auto function = functions_.find(call.name);
    if (function == functions_.end() || set_.contains(call.name)) return check_macro(call);
    check_arguments(call, *function->second);
    if (call.name == "query" && call.text) check_query(call);
    if (call.name == "metric" && call.text) check_metric(call);
  }

  /// `before`: what is given without being written, the value before the bar.
  void check_arguments(const CallSite& call, const Function& function, std::size_t before = 0) {
    const auto names = function.names();
    if (!function.takes_named) check_keywords(call, Names(names.begin(), names.end()));
    if (call.takes_apart) return;
    const auto positional = before + call.positional;
    if (positional > function.list.size() && !function.takes_rest)
      problem(call, fmt::format("{}() takes {} but {} were given", call.name,
                                count_of(static_cast<std::int64_t>(function.list.size()), "argument"), positional));
    for (auto i = positional; i < function.list.size(); ++i)
      if (const auto& [name, fallback] = function.list[i];
          !fallback && std::ranges::find(call.keywords, name, &CallSite::Keyword::name) == call.keywords.end())
        problem(call, fmt::format("{}() needs the argument '{}'", call.name, name));
  }

  void check_keywords(const CallSite& call, const Names& known) {
    for (const auto& [name, offset] : call.keywords)
      if (!known.contains(name))
        problem(offset, fmt::format("{}() has no argument '{}'{}", call.name, name, suggestion(name, known)));
  }

  void check_query(const CallSite& call) {
    Names passed;
    for (const auto& keyword : call.keywords) passed.insert(keyword.name);
    if (queries_.contains(*call.text)) {
      passed_[*call.text].insert(passed.begin(), passed.end());
    } else if (looks_like_sql(*call.text)) {
      for (auto& mistake : mistakes_of("SQL", *call.text, passed)) problem(call, std::move(mistake));
    } else {
      problem(call, fmt::format("'{}' is neither a query of [queries] nor SQL{}", visible(*call.text),
                                suggestion(*call.text, queries_)));
    }
  }

  void check_metric(const CallSite& call) {
    Names known = metrics_;
    for (const auto& [name, metric] : file_.source.header.metrics) known.insert(name);
    if (!known.contains(*call.text))
      problem(call, fmt::format("no metric '{}'{}", visible(*call.text), suggestion(*call.text, known)));
  }

  /// What SQL itself would refuse: none or one.
  std::vector<std::string> mistakes_of(const std::string& name, const std::string& sql, const Names& passed) {
    std::map<std::string, Value> parameters;
    for (const auto& each : sql_parameters_) parameters.emplace(each, Value::none());
    for (const auto& each : passed) parameters.emplace(each, Value::none());
    try {
      run_sql(box_, sql, name, parameters);
    } catch (const Error& error) {
      return {error.what()};
    }
    return {};
  }

  const TemplateFile& file_;
  const Vocabulary& vocabulary_;
  const Catalog& catalog_;
  templating::Template compiled_;
  store::Store store_;
  store::QueryBox box_;
  Figures figures_;
  const templating::Dict shared_ = shared_variables({}, {}, {});
  Value drawn_;
  Names queries_, metrics_, sql_parameters_, set_;
  Functions functions_, filters_, tests_, charts_;
  std::map<std::string, Names, std::less<>> imported_;  // what is in templates, by what they are called here
  std::map<std::string, Names, std::less<>> passed_;    // to each query, by its calls
  std::vector<TemplateProblem> problems_;
};

}  // namespace

std::vector<TemplateProblem> check_template(const TemplateFile& file, const Catalog& catalog,
                                            const config::Config* config) {
  const Vocabulary vocabulary(catalog);
  return Check(file, vocabulary, catalog, config).run();
}

std::vector<Callable> callables(const Catalog& catalog) {
  const Vocabulary vocabulary(catalog);
  std::vector<Callable> all;
  const auto add = [&](const char* kind, const Function& function, std::string_view prefix = "") {
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
