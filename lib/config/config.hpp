#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/period.hpp"
#include "config/location.hpp"
#include "config/source.hpp"
#include "config/threshold.hpp"
#include "model/entity.hpp"

namespace sitrep::config {

/// [metric.NAME]. The built-in definitions are the same TOML, embedded by lib/evaluation.
struct Metric {
  std::string name;
  std::string title;
  std::string kind;  ///< count rate proportion duration ratio level
  std::string unit;
  std::string better;     ///< lower higher none
  std::string dimension;  ///< of health: schedule launches incidents follow-through reliability capacity support data
  std::string doc;
  std::string sql;
  std::optional<Threshold> target;
  std::optional<double> minimum_n;
  std::vector<std::string> needs;  ///< entities beside the first that the SQL reads; without one there is no value
  double minimum_coverage = 0.8;
  Location where;
};

/// [[rule]]
struct Rule {
  std::string name;  ///< default: the metric's name
  std::string metric;
  std::string scope = "program";  ///< program service team
  std::string dimension;          ///< default: the metric's
  std::optional<Threshold> yellow, red;
  std::string worse;  ///< yellow or red: the color when the metric's verdict is "worse"; empty: verdicts do not count
  Location where;
};

/// [[exemption]]
struct Exemption {
  std::string rule, program, owner, reason;
  std::string service, team;  ///< for which of them a rule of that scope is set aside; empty: it is no narrower
  std::optional<Date> expires;
  Location where;
};

/// [launch]: what `launch check` holds a review against.
struct LaunchPolicy {
  std::vector<std::string> required_sections;  ///< of every review
  std::map<int, std::vector<std::string>> required_sections_by_tier;
  std::vector<std::string> approvers;               ///< areas that need a named approver
  std::map<std::string, std::int64_t> review_days;  ///< promised business days by area; "default"
  std::string source;                               ///< whose action.file files reviews; empty: the only one
  Location where;
};

struct Config {
  std::filesystem::path file;    ///< sitrep.toml
  std::filesystem::path folder;  ///< the workspace
  std::string name;
  Calendar calendar;
  std::string timezone = "UTC";
  std::vector<Source> sources;  ///< in the file's order
  std::vector<Metric> metrics;
  std::vector<Rule> rules;  ///< empty: the built-in policy
  std::vector<Exemption> exemptions;
  std::vector<model::Entity> entities;         ///< own ones
  std::map<std::string, std::string> queries;  ///< [queries] name = "SQL"
  std::map<std::string, Seconds> retention;    ///< [retention] entity = age: what `store gc` keeps
  LaunchPolicy launch;
  std::vector<std::string> diff_exclude;  ///< [diff] exclude: "ENTITY.COLUMN", "*.extra.KEY"
};

/// The TOML text of a preset; nullopt for an unknown name.
using PresetLookup = std::function<std::optional<std::string_view>(std::string_view name)>;
/// The value of an environment variable.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Reads and validates. Error{config} `sitrep.toml:14:3: unknown key 'intervall' in [source.pager]; did you mean
/// 'interval'?` for one mistake: the first that the readers meet, which go table by table, not line by line.
Config parse(std::string_view toml, const std::filesystem::path& file, const PresetLookup& presets,
             const Environment& environment);
Config load(const std::filesystem::path& file, const PresetLookup& presets, const Environment& environment);

/// [source.NAME] of a file with its preset merged in, as TOML; ${NAME}s as they are written, so it holds no secret.
/// Error{config} as parse(), and when there is no such source.
std::string effective_source(std::string_view toml, const std::filesystem::path& file, const std::string& name,
                             const PresetLookup& presets);

/// sitrep.toml in `start` or the nearest parent folder that has one.
std::optional<std::filesystem::path> find_workspace(const std::filesystem::path& start);

/// [metric.NAME] tables of an embedded definition file.
std::vector<Metric> parse_metrics(std::string_view toml, std::string_view file);
/// [[rule]] tables of an embedded file.
std::vector<Rule> parse_rules(std::string_view toml, std::string_view file);

}  // namespace sitrep::config
