#include "reports/demo_workspace.hpp"

#include <map>
#include <memory>
#include <stdexcept>

#include "config/config.hpp"
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
    engine_ = std::make_unique<docs::Engine>(inputs_, catalog_);
  }

  render::Page make(const ExampleReport& report) {
    docs::ReportRequest request{report.name, docs::last_complete(report.length, now_, config_.calendar), {}, {}};
    if (!report.program.empty()) request.program = report.program;
    return docs::make_report(*engine_, request);
  }

 private:
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
  static DemoWorkspace workspace;
  static std::map<std::string, render::Page> pages;
  const auto found = pages.find(report.name);
  return found != pages.end() ? found->second : pages.emplace(report.name, workspace.make(report)).first->second;
}

}  // namespace sitrep::test
