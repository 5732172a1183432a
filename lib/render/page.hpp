#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "render/figure.hpp"

namespace sitrep::render {

/// A report or document on its way out. Every output is a pure function of this: same page, same bytes.
struct Page {
  std::string title;
  std::string markdown;         ///< the body, with markers for figures and badges
  std::vector<Figure> figures;  ///< what the markers count
  std::string data_json;        ///< the report's data: one JSON object, already written
  std::string footer;           ///< plain text under an HTML page: what made it
  std::optional<Date> today;    ///< for days that are written without their year
};

/// Markdown (GFM). A figure alone in its paragraph is a sparkline or a table, in a line its small form.
std::string to_markdown(const Page& page);

/// A file that a page refers to by its name alone: it belongs into the page's folder.
struct ChartFile {
  std::string name;
  std::string svg;
};
struct MarkdownWithCharts {
  std::string markdown;
  std::vector<ChartFile> charts;  ///< in the order of the text
};
/// The same with each figure that stands alone as an SVG file "<stem>-chart-1.svg" beside the text.
MarkdownWithCharts to_markdown_with_charts(const Page& page, std::string_view stem);
/// One self-contained HTML file: no network, a content security policy that allows this style and script alone.
std::string to_html(const Page& page);
/// Text for a terminal of `width` columns: no control bytes but line ends.
std::string to_text(const Page& page, int width);
/// page.data_json and a line end.
std::string to_json(const Page& page);
/// Slack's mrkdwn: the title, what stands before the first section, and the first two sections; tables as lines. At
/// most 3,000 characters, which is what one block of a message takes.
std::string to_slack(const Page& page);
/// Every table of the body for a spreadsheet: its section's heading, its head, its rows, an empty line.
std::string to_csv(const Page& page);

}  // namespace sitrep::render
