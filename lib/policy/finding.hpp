#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "evaluation/evaluator.hpp"
#include "policy/health.hpp"

namespace sitrep::policy {

/// A program with the services and teams that rules of those scopes judge.
struct ProgramScope {
  std::string name;
  std::vector<std::string> services, teams;
};

/// Error{config} with its place for a rule over a metric that does not exist.
void check_rules(std::span<const config::Rule> rules, const evaluation::Evaluator& evaluator);

/// What the rule says about the program; nullopt when the metric does not apply to it. A rule of the scope service or
/// team judges each service of the program, or each team behind it, on its own records; the worst of them speaks, by
/// name.
std::optional<Finding> judge(evaluation::Evaluator& evaluator, const config::Rule& rule,
                             const evaluation::Window& window, const ProgramScope& program);

/// Turns red or yellow into green while an exemption holds.
void exempt(Finding& finding, std::span<const config::Exemption> exemptions, const std::string& program, Date today);

/// A red finding for each exemption of the program that is past its end: it was to be settled by then.
std::vector<Finding> expired_exemptions(std::span<const config::Exemption> exemptions,
                                        std::span<const config::Rule> rules, const evaluation::Evaluator& evaluator,
                                        const std::string& program, Date today);

}  // namespace sitrep::policy
