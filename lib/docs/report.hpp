#pragma once

#include <map>
#include <optional>
#include <string>

#include "docs/engine.hpp"
#include "render/page.hpp"

namespace sitrep::docs {

struct ReportRequest {
  std::string name;  ///< "weekly-health"
  ReportPeriod period;
  std::optional<std::string> program;             ///< name or id; absent: all
  std::map<std::string, std::string> parameters;  ///< as given on the command line
};

/// Renders a report template. The page's JSON is the record of all that the template asked, under "sitrep.report/1".
/// Error{usage}: no such report, parameter or program; templating::TemplateError for mistakes in the template.
render::Page make_report(Engine& engine, const ReportRequest& request);

}  // namespace sitrep::docs
