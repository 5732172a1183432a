#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The parts of a Markdown body that checks look at, with the lines they stand on. Comments and code are no text.
namespace sitrep::policy {

struct Heading {
  std::size_t line = 1;
  int level = 1;
  std::string text;  ///< Markdown, without marks of the heading
};

/// A heading of the second level and what stands below it.
struct Section {
  std::string title;
  std::size_t line = 1;
  std::vector<std::pair<std::size_t, std::string>> lines;  ///< number and text, without comments and blank lines
};

struct Link {
  std::size_t line = 1;
  std::string target;  ///< as written, without title and <>
};

struct Outline {
  std::vector<Heading> headings;
  std::vector<Section> sections;
  std::vector<Link> links;                                 ///< inline links and images, and reference definitions
  std::vector<std::pair<std::size_t, std::string>> lines;  ///< outside of comments and fenced code, blank ones too

  /// The section of that title, whatever its case; null when there is none.
  const Section* find(std::string_view title) const;
};

/// `body_line`: line of the file on which the body starts.
Outline outline_of(std::string_view body, std::size_t body_line);

/// TBD, TODO, FIXME, XXX or ??? as a word of the line.
std::optional<std::string_view> placeholder_in(std::string_view line);

}  // namespace sitrep::policy
