#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "config/config.hpp"
#include "policy/file_finding.hpp"

namespace sitrep::policy {

/// A launch review as it was read: front matter and Markdown.
struct LaunchReview {
  struct Field {
    std::string name;
    std::string value;     ///< "" when the entry is empty
    std::size_t line = 1;  ///< of the file
  };
  std::string file;
  std::vector<Field> fields;
  std::string body;
  std::size_t body_line = 1;  ///< line of the file on which the body starts

  const Field* find(std::string_view name) const;
  /// The value of a field; "" when there is none.
  std::string_view text(std::string_view name) const;
};

/// What a workspace adds to a check; all of it may be missing (a fresh clone has no store).
struct LaunchFacts {
  Date today{};
  struct Span {
    std::string name;
    Date from{}, to{};  ///< both included
  };
  std::vector<Span> freezes;
  std::set<Date> holidays;
  std::vector<std::string> required_sections;  ///< of the document type, beside those of the policy
};

/// Holds a review against the policy; in order of lines.
///
///   L001 a field is missing            L010 a section is missing        L030 the target date is over
///   L002 tier, phase or date unreadable L011 a section says nothing     L031 the reviews take longer than is left
///   L020 no approver named for an area L012 a placeholder is left       L032 the target date lies in a freeze
std::vector<FileFinding> check_launch(const LaunchReview& review, const config::LaunchPolicy& policy,
                                      const LaunchFacts& facts);

}  // namespace sitrep::policy
