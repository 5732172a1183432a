#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/period.hpp"
#include "config/config.hpp"
#include "config/document_config.hpp"
#include "config/template_header.hpp"
#include "docs/notes.hpp"
#include "evaluation/capacity.hpp"
#include "evaluation/evaluator.hpp"
#include "json/writer.hpp"
#include "policy/health.hpp"
#include "policy/trend.hpp"
#include "render/figure.hpp"
#include "store/query.hpp"
#include "store/store.hpp"
#include "templating/environment.hpp"
#include "templating/value.hpp"

namespace sitrep::docs {

class QueriesAhead;
class Redactor;

/// What every report and document of one invocation is made from. Borrowed; outlives the engine.
struct Inputs {
  store::Store* store = nullptr;
  const config::Config* config = nullptr;  ///< null: no workspace; built-in rules, UTC
  UnixTime now{};                          ///< the present of ages, periods and forecasts
  Calendar calendar;
  std::string workspace;         ///< its name, for titles
  std::string version;           ///< of sitrep, for footers and JSON
  std::filesystem::path folder;  ///< the workspace, for documents(); empty: none
  config::LaunchRules launch;    ///< [launch]; what holds without one
  policy::OpenAsOf open_as_of;   ///< the store at a past moment, for trends; null: there are no trends
  /// What templates get to see is without what this hides; null: all of it.
  const Redactor* redactor = nullptr;
};

/// The span that a report covers.
struct ReportPeriod {
  evaluation::Window window;
  std::string label;    ///< "week of 2026-11-09"
  bool chosen = false;  ///< by --since and --until: what came after it is no part of the report
};

/// The last complete period of that length before `now`.
ReportPeriod last_complete(PeriodLength length, UnixTime now, const Calendar& calendar);
/// [since, until), compared with the span of the same length before it. Error{usage} unless since < until.
ReportPeriod between(UnixTime since, UnixTime until, UnixTime now, const Calendar& calendar);

/// The figures that a rendering draws; the page carries them beside the text.
class Figures {
 public:
  /// Keeps a figure; the marker that stands for it in Markdown. `drawn_only`: text forms leave it out.
  templating::Value add(render::Figure figure, bool drawn_only = false);
  const std::vector<render::Figure>& all() const { return all_; }
  /// Drops those after the first `count`: their markers have become text.
  void keep(std::size_t count) { all_.resize(count); }

 private:
  std::vector<render::Figure> all_;
};

/// What several renderings of one invocation ask for and is the same for each of them.
struct SharedAnswers {
  std::map<PeriodLength, std::vector<policy::Health>> health;
  std::map<int, std::unique_ptr<policy::Trend>> trends;  ///< by number of weeks
};

/// One rendering: what its template asks for, the figures it draws, and a record of every answer, which is the report's
/// JSON. Functions bound into templates borrow it.
class Run {
 public:
  Run(const Inputs& inputs, evaluation::Evaluator& evaluator, ReportPeriod period, const config::TemplateHeader& header,
      std::optional<std::string> program, SharedAnswers& shared);
  ~Run();

  const Inputs& inputs() const { return *inputs_; }
  evaluation::Evaluator& evaluator() { return *evaluator_; }
  const ReportPeriod& period() const { return period_; }
  const config::TemplateHeader& header() const { return *header_; }
  /// The one program that the report is about; nullopt: all.
  const std::optional<std::string>& program() const { return program_; }

  Figures& figures() { return figures_; }

  /// Without records: a document has no JSON.
  void keep_no_records() { keeps_records_ = false; }
  bool keeps_records() const { return keeps_records_; }
  /// Records what a call answered, once for each call and arguments, and gives it back: redacted where that is wanted.
  templating::Value record(std::string_view call, const templating::Dict& arguments, templating::Value result);
  /// An answer that is not recorded, for the template's eyes.
  templating::Value shown(templating::Value answer) const;
  /// The records as a JSON array, in the order of the calls.
  void write_records(json::Writer& writer) const;

  /// People's words on what has been asked for.
  Notes& notes() { return notes_; }

  /// Where SQL of templates runs; opened once.
  store::QueryBox& box();

  /// Queries that were begun beside the template; null: none were.
  QueriesAhead* ahead() { return ahead_.get(); }
  void run_ahead(std::unique_ptr<QueriesAhead> queries);

  /// Health of all programs, worst first; computed once for each length of period.
  const std::vector<policy::Health>& health();

  /// Colors of each program over the last weeks; computed once for each number of weeks, and sooner once begun.
  const policy::PastColors& trend(int weeks);
  void begin_trend(int weeks);

  /// Typed parameters of the template, for SQL: ":name".
  std::map<std::string, templating::Value> parameters;

 private:
  const Inputs* inputs_;
  evaluation::Evaluator* evaluator_;
  ReportPeriod period_;
  const config::TemplateHeader* header_;
  std::optional<std::string> program_;
  Figures figures_;
  Notes notes_;
  struct Record {
    std::string key, json;
  };
  std::vector<Record> records_;
  bool keeps_records_ = true;
  std::map<std::string, std::size_t, std::less<>> seen_;
  std::unique_ptr<QueriesAhead> ahead_;
  std::unique_ptr<store::QueryBox> box_;  // goes before the one that it may come from
  SharedAnswers* shared_;
};

using DataFunction = std::function<templating::Value(Run&, templating::CallArguments&)>;
/// A function that asks the store. Reference pages and checks list it without a run; then a call fails.
void add_data_function(templating::Environment& environment, Run* run, const char* name, const char* parameters,
                       const char* doc, DataFunction call);
/// Adds query, metric, health, history, changes, freshness, forecast: what gathers data.
void add_data_functions(templating::Environment& environment, Run* run, const Calendar& calendar);
/// Adds table, chart and badge: what shows it.
void add_show_functions(templating::Environment& environment, Figures& figures, const Calendar& calendar, UnixTime now);
/// Adds filters for dates in the calendar's zone, durations, numbers, percent, escaping and links.
void add_filters(templating::Environment& environment, const Calendar& calendar, UnixTime now);

/// Variables of every template: now, today, period, workspace and program (none without one).
templating::Dict shared_variables(const Inputs& inputs, const ReportPeriod& period,
                                  const std::optional<std::string>& program);
/// The same with the template's parameters.
templating::Dict context_of(const Run& run);

/// The period as a template sees it.
templating::Value period_value(const ReportPeriod& period, const Calendar& calendar);

}  // namespace sitrep::docs
