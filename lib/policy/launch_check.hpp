#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "config/document_config.hpp"
#include "policy/file_finding.hpp"
#include "policy/review_times.hpp"

namespace sitrep::policy {

/// A launch review as it was read: front matter and Markdown.
struct LaunchReview {
  struct Field {
    std::string name;
    std::string value;     ///< "" when the entry is empty; a list's values behind ", "
    std::size_t line = 1;  ///< of the file
  };
  std::string file;  ///< relative to the workspace
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
    std::string scope;  ///< a service, team, program or phase; empty: everything
  };
  std::vector<Span> freezes;
  std::set<Date> holidays;
  std::vector<std::string> required_sections;  ///< of the document type, beside those of the policy
  ReviewTimes times;                           ///< how long reviews took
  struct Resource {
    std::string name, unit;
    std::optional<double> limit, used;
  };
  std::optional<std::vector<Resource>> resources;      ///< nullopt: no store
  std::function<bool(const std::string&)> link_leads;  ///< whether a relative link leads to a file; empty: unknown
  std::function<bool(const std::string&)> request_is_known;  ///< a capacity request by id; empty: unknown
};

/// What holds for a review of that tier and phase: the policy's demands together, with the built-in fields where the
/// policy names none.
config::LaunchDemands demands_of(const config::LaunchRules& policy, std::optional<int> tier, std::string_view phase);

/// Holds a review against the policy; in order of lines. A finding that an exception of the policy covers is a note.
///
///   L001 a field is missing              L014 an evidence link leads to no file  L034 it is no working day
///   L002 tier, phase or date unreadable  L020 no approver named for an area      L040 `adds` can't be read
///   L003 rollback_time is no duration    L021 the approver is the owner          L041 no capacity request, and one is
///   due L004 rollback not tried lately       L030 the target date is over            L042 more than there is L010 a
///   section is missing            L031 the reviews are promised too late  L043 a resource nobody knows L011 a section
///   says nothing          L032 the target date lies in a freeze   L044 a capacity request nobody knows L012 a
///   placeholder is left           L033 past reviews say: too late         L045 it does not say what it adds L013 a
///   section without evidence                                              L090 an exception is past its end
std::vector<FileFinding> check_launch(const LaunchReview& review, const config::LaunchRules& policy,
                                      const LaunchFacts& facts);

}  // namespace sitrep::policy
