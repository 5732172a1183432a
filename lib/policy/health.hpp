#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "config/config.hpp"
#include "evaluation/evaluator.hpp"
#include "evaluation/result.hpp"

namespace sitrep::policy {

/// Ordered by what needs attention least; grey stands apart: it says that nothing can be said.
enum class Color { green, grey, yellow, red };

/// "green", "grey", "yellow", "red"
std::string_view name(Color color);
/// The worse of two: red before yellow before grey before green.
Color worse(Color a, Color b);

/// A person's words on a program, rule, metric or record.
struct Note {
  UnixTime at{};
  std::string author, subject, text;
};

/// What one rule says about one program.
struct Finding {
  std::string rule;
  std::string metric;
  std::string dimension;
  Color color = Color::grey;
  std::string reason;     ///< "3 overdue actions, oldest 31 days (INC-1881)"; of grey: why it cannot be judged
  std::string threshold;  ///< "> 2", the one that was met; empty when green or grey
  evaluation::Result result;
  const config::Exemption* exemption = nullptr;  ///< that turned red or yellow into green; borrowed from the config
  std::optional<Color> without_exemption;
  std::vector<Note> notes;  ///< on the rule, its metric or a record that the result names
};

struct Dimension {
  std::string name;
  Color color = Color::grey;
  std::vector<Finding> findings;  ///< worst first
};

struct Health {
  std::string program;
  std::string owner;
  Color color = Color::grey;
  std::string declared;                      ///< as the program's owner says; empty: not at all
  bool watermelon = false;                   ///< declared green, computed red
  std::vector<Dimension> dimensions;         ///< in the order of design: schedule, launches, incidents, …
  std::vector<Note> notes;                   ///< on the program
  std::vector<std::string> reasons() const;  ///< of the findings that are as bad as the program, worst first
};

/// The notes that were written by `now` and have not expired on `today`, newest first.
std::vector<Note> notes_in_force(store::Store& store, Date today, UnixTime now);

/// Those of them that are on one of the subjects, whatever its case.
std::vector<Note> notes_on(std::span<const Note> notes, std::span<const std::string_view> subjects);

struct HealthOptions {
  PeriodLength length = PeriodLength::week;
};

/// Health of every program (or one) at evaluator.now(), worst first, then by name; programs declared done or cancelled
/// only when asked for by name. `config` may be null: the built-in rules. A metric that a program has no records for
/// does not apply to it; one that has records and cannot be judged is grey. An expired exemption is a red finding.
/// Errors  Error{config} for a rule over an unknown metric.
std::vector<Health> health(evaluation::Evaluator& evaluator, store::Store& store, const config::Config* config,
                           const HealthOptions& options = {}, const std::optional<std::string>& program = {});

/// The rules in force: the built-in ones (lib/policy/rules.toml); a rule of sitrep.toml replaces the built-in one of
/// its name or adds to them.
std::vector<config::Rule> rules(const config::Config* config);

/// The dimensions of health, in the order reports show them.
std::span<const std::string_view> dimensions();

}  // namespace sitrep::policy
