#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "docs/engine.hpp"
#include "render/page.hpp"

namespace sitrep::docs {

struct ReportRequest {
  std::string name;  ///< "weekly-health"
  ReportPeriod period;
  std::optional<std::string> program;             ///< name or id; absent: all
  std::map<std::string, std::string> parameters;  ///< as given on the command line
  bool data = true;                               ///< whether the page's JSON is wanted
};

/// Renders a report template. The page's JSON is the record of all that the template asked, under "sitrep.report/1".
/// Error{usage}: no such report, parameter or program; templating::TemplateError for mistakes in the template.
render::Page make_report(Engine& engine, const ReportRequest& request);

/// The JSON Schema (draft 2020-12) of what make_report puts into Page::data_json.
std::string_view report_schema();

/// The programs that are not over, by name: those that `report --program all` makes a page of.
std::vector<std::string> programs_under_way(Engine& engine);

}  // namespace sitrep::docs
