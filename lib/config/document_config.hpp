#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "config/location.hpp"
#include "config/source.hpp"

// The tables of sitrep.toml about launch reviews, redaction and publishing. config::parse() checks them with the rest
// of the file; the commands that work with them read them here, so that nothing else depends on them.
namespace sitrep::config {

/// What a review must have: of every one, of a tier, of a phase.
struct LaunchDemands {
  std::vector<std::string> required_sections;
  std::vector<std::string> required_fields;  ///< of the front matter, beside those that every review has
  std::vector<std::string> evidence;         ///< sections that must link to something
  std::vector<std::string> approvers;        ///< areas that need a named approver
};

/// [launch]: what `launch check` holds a review against.
struct LaunchRules {
  LaunchDemands all;
  bool names_fields = false;  ///< some required_fields are set: then the built-in ones do not hold
  std::map<int, LaunchDemands> by_tier;
  std::map<std::string, LaunchDemands> by_phase;
  std::map<std::string, std::int64_t> review_days;  ///< promised business days by area; "default"
  std::string source;                               ///< whose action.file files reviews; empty: the only one
  double capacity_request_above = 0.1;              ///< share of a resource that a launch may add without a request
  struct Span {
    std::string name;
    Date from{}, to{};  ///< both included
  };
  std::vector<Span> freezes, holidays;  ///< for clones without a store; beside the calendar of the store
  /// A finding that somebody answers for until a day.
  struct Exception {
    std::string review;  ///< file, id or title
    std::string code;    ///< "L032"
    std::string owner, reason;
    std::optional<Date> expires;
    Location where;
  };
  std::vector<Exception> exceptions;
  Location where;
};

/// [redact.NAME]: what leaves the house when something is shared.
struct Redaction {
  enum class How { keep, pseudonym, drop };
  std::string name;
  How people = How::pseudonym;
  How customers = How::pseudonym;
  How free_text = How::drop;
  std::map<std::string, How> columns;  ///< "ENTITY.COLUMN"
  std::vector<std::string> patterns;   ///< regular expressions (ECMAScript); what matches is dropped
  std::vector<std::string> customer_names;
  Location where;
};

/// [publish.NAME]: where a report goes.
struct PublishTarget {
  std::string name;
  enum class Type { slack, webhook, put, git } type = Type::webhook;
  Source connection;                                      ///< base_url, auth, headers, retry, …; not of git
  Secret url;                                             ///< where the URL itself is one (Slack's); else none
  std::string report, program, period = "week";           ///< what to render; empty: `file`
  std::string file;                                       ///< relative to the workspace
  std::string format;                                     ///< md html json text csv
  std::vector<std::pair<std::string, std::string>> json;  ///< body of a webhook: key → JSON; texts are templates
  std::string link;                                       ///< where people read the whole report
  std::string redact;                                     ///< name of a redaction; empty: none
  std::string folder, path, message;                      ///< git: the repository, the file in it, of the commit
  Location where;
};

struct DocumentConfig {
  LaunchRules launch;
  std::vector<Redaction> redactions;
  std::vector<PublishTarget> publish;
};

/// These tables of a sitrep.toml that parse() takes. Error{config} as parse().
DocumentConfig load_document_config(const std::filesystem::path& file);
DocumentConfig parse_document_config(std::string_view toml, const std::filesystem::path& file);

}  // namespace sitrep::config
