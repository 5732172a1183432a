#include "reports/demo_workspace.hpp"

#include <map>
#include <memory>
#include <stdexcept>

#include "config/config.hpp"
#include "docs/document.hpp"
#include "docs/redaction.hpp"
#include "store/listing.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

namespace sitrep::test {
namespace {

/// The demo's store with an engine over it.
class DemoWorkspace {
 public:
  DemoWorkspace() : now_(parse_rfc3339(k_test_now).value()) {
    RunOptions options{.folder = dir_.path(), .environment = {}, .input = {}};
    options.timeout = std::chrono::minutes{10};  // sanitizers on a busy machine
    const auto made = run_sitrep({"demo", "demo", "--now", k_test_now}, options);
    if (made.exit_code != 0) throw std::runtime_error("sitrep demo: " + made.err);
    const auto nothing = [](const auto&) { return std::nullopt; };
    config_ = config::load(dir_ / "demo/sitrep.toml", nothing, nothing);
    store_ = std::make_unique<store::Store>(open(std::nullopt));
    inputs_.store = store_.get();
    inputs_.config = &config_;
    inputs_.now = now_;
    inputs_.calendar = config_.calendar;
    inputs_.workspace = config_.name;
    inputs_.version = "0.0.0";  // so that an example page does not change with the version
    inputs_.open_as_of = [this](UnixTime at) { return open(at); };
    inputs_.folder = dir_ / "demo";
    engine_ = std::make_unique<docs::Engine>(inputs_, catalog_);
  }

  RedactedDemo redacted() {
    const config::Redaction profile;
    const docs::Redactor redactor(*store_, profile);
    auto inputs = inputs_;
    inputs.redactor = &redactor;
    docs::Engine engine(inputs, catalog_);
    RedactedDemo all;
    for (const auto& report : example_reports()) {
      auto& page = all.reports.emplace(report.name, make(engine, report)).first->second;
      redactor.redact(page);
    }
    for (const auto& name : catalog_.names()) {
      const auto file = catalog_.file(name);
      if (!file || file->source.header.kind != config::TemplateHeader::Kind::document) continue;
      all.documents.emplace(name, docs::make_document(engine, docs::short_name(name), parameters_of(*file)).text);
    }
    gather(profile, all);
    return all;
  }

  render::Page make(const ExampleReport& report) { return make(*engine_, report); }

 private:
  render::Page make(docs::Engine& engine, const ExampleReport& report) {
    docs::ReportRequest request{report.name, docs::last_complete(report.length, now_, config_.calendar), {}, {}};
    if (!report.program.empty()) request.program = report.program;
    return docs::make_report(engine, request);
  }

  /// Something of the store for each parameter that a type may want.
  std::map<std::string, std::string> parameters_of(const docs::TemplateFile& file) {
    const auto incidents = store::distinct_texts(*store_, "incident_update", "incident_id");
    const std::map<std::string, std::string> known{{"title", "A title"},
                                                   {"incident", incidents.empty() ? "" : incidents.front()},
                                                   {"service", "ledger-api"},
                                                   {"program", "Ledger migration"}};
    std::map<std::string, std::string> parameters;
    for (const auto& parameter : file.source.header.parameters)
      if (const auto found = known.find(parameter.name); found != known.end()) parameters.insert(*found);
    return parameters;
  }

  void gather(const config::Redaction& profile, RedactedDemo& all) {
    using How = config::Redaction::How;
    for (const auto& entity : store_->entities()) {
      for (const auto& column : entity.columns) {
        const auto how = docs::redaction_of(profile, entity.name, column.name);
        if (how == How::keep) continue;
        for (const auto& value : store::distinct_texts(*store_, entity.name, column.name)) {
          if (how == How::pseudonym) {
            all.names.push_back(value);
            if (value.find('@') != std::string::npos) all.names.push_back(value.substr(0, value.find('@')));
          } else if (value.size() >= 16) {
            all.texts.push_back(value);
          }
        }
      }
    }
  }

  store::Store open(std::optional<UnixTime> as_of) const {
    store::Options options;
    options.as_of = as_of;
    options.now = as_of.value_or(now_);
    options.calendar = config_.calendar;
    options.own_entities = config_.entities;
    return store::Store::open(dir_ / "demo/.sitrep/store.db", options);
  }

  TempDir dir_;
  UnixTime now_;
  config::Config config_;
  docs::Catalog catalog_{std::nullopt};
  docs::Inputs inputs_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<docs::Engine> engine_;
};

}  // namespace

namespace {

DemoWorkspace& demo_workspace() {
  static DemoWorkspace workspace;
  return workspace;
}

}  // namespace

RedactedDemo redacted_demo() { return demo_workspace().redacted(); }

std::vector<ExampleReport> example_reports() {
  std::vector<ExampleReport> reports;
  const docs::Catalog catalog(std::nullopt);
  for (const auto& name : catalog.names()) {
    const auto file = catalog.file(name);
    if (!file || file->source.header.kind != config::TemplateHeader::Kind::report) continue;
    ExampleReport report{docs::short_name(name), PeriodLength::week, ""};
    if (report.name == "program") report.program = "Ledger migration";
    if (report.name == "slo-compliance" || report.name == "incident-review") report.length = PeriodLength::month;
    reports.push_back(std::move(report));
  }
  return reports;
}

const render::Page& example_page(const ExampleReport& report) {
  static std::map<std::string, render::Page> pages;
  const auto found = pages.find(report.name);
  return found != pages.end() ? found->second : pages.emplace(report.name, demo_workspace().make(report)).first->second;
}

}  // namespace sitrep::test
