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

/// Error{config} with its place for an exemption of a rule that does not exist, or that judges by something else than
/// what the exemption names: it would never hold.
void check_exemptions(std::span<const config::Exemption> exemptions, std::span<const config::Rule> rules);

/// Exemptions and the day they are held against.
struct Exemptions {
  std::span<const config::Exemption> list;
  Date today;
};

/// What the rule says about the program; nullopt when the metric does not apply to it. A rule of the scope service or
/// team judges each service of the program, or each team behind it, on its own records; the worst of them speaks, by
/// name. While an exemption holds, red and yellow are green.
std::optional<Finding> judge(evaluation::Evaluator& evaluator, const config::Rule& rule,
                             const evaluation::Window& window, const ProgramScope& program,
                             const Exemptions& exemptions);

/// A red finding for each exemption of the program that is past its end: it was to be settled by then.
std::vector<Finding> expired_exemptions(std::span<const config::Exemption> exemptions,
                                        std::span<const config::Rule> rules, const evaluation::Evaluator& evaluator,
                                        const ProgramScope& program, Date today);

}  // namespace sitrep::policy
