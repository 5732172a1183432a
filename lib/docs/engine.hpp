#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "docs/catalog.hpp"
#include "docs/generated.hpp"
#include "docs/run.hpp"
#include "render/figure.hpp"
#include "templating/environment.hpp"

namespace sitrep::docs {

/// What a rendering gave: Markdown with markers, its figures, and the record of what it asked (a JSON array).
struct Rendered {
  std::string markdown;
  std::vector<render::Figure> figures;
  std::string records_json;
};

/// Whether what a template asks for is put on record.
enum class Records { kept, none };

/// What to render a template with.
struct Subject {
  ReportPeriod period;
  std::optional<std::string> program;
  std::map<std::string, templating::Value> parameters;
  Records records = Records::kept;
};

/// Renders template files against the store. One engine serves one invocation: metrics that several renderings ask for
/// are computed once.
class Engine {
 public:
  /// Both are borrowed.
  Engine(const Inputs& inputs, const Catalog& catalog);

  /// Whether people's notes go below the sections that show what they are about.
  enum class NotesBeside { no, yes };
  /// templating::TemplateError (user_code) with the place in the template; Error of what failed inside.
  Rendered render(const TemplateFile& file, const Subject& subject, NotesBeside notes = NotesBeside::no);

  const Inputs& inputs() const { return *inputs_; }
  const Catalog& catalog() const { return *catalog_; }
  evaluation::Evaluator& evaluator() { return evaluator_; }
  SharedAnswers& shared() { return shared_; }

 private:
  const Inputs* inputs_;
  const Catalog* catalog_;
  evaluation::Evaluator evaluator_;
  SharedAnswers shared_;
};

/// Tags leave empty lines behind: none at the start, never two in a row outside of fenced code.
std::string without_empty_runs(const std::string& markdown);

/// One run with all that templates can call, for what renders again and again: the blocks of many documents.
class Workbench {
 public:
  /// Both are borrowed.
  Workbench(Engine& engine, const Subject& subject, const config::TemplateHeader& header);
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;

  Run& run() { return run_; }
  BlockWriter& blocks() { return blocks_; }
  const templating::Environment& environment() const { return environment_; }

 private:
  Run run_;
  templating::Environment environment_;
  BlockWriter blocks_;
};

/// How templates of reports and documents are read: block tags take their line with them (trim_blocks, lstrip_blocks),
/// data is escaped for Markdown, includes come from the catalog.
templating::Environment make_environment(const Catalog& catalog);
/// The body of a template file and where it starts.
templating::Source source_of(const TemplateFile& file);

/// Renders a template on given data alone: filters, table, badge and charts, no store. `data_json` is a JSON object.
Rendered render_on_data(const TemplateFile& file, std::string_view data_json, const Catalog& catalog,
                        const Calendar& calendar, UnixTime now);

}  // namespace sitrep::docs
