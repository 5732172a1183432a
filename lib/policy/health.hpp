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

/// What one rule says about one program.
struct Finding {
  std::string rule;
  std::string metric;
  std::string dimension;
  Color color = Color::grey;
  std::string reason;     ///< "3 overdue actions, oldest 31 days (INC-1881)"; of grey: why it cannot be judged
  std::string threshold;  ///< "> 2", the one that was met; empty when green or grey
  evaluation::Result result;
  const config::Exemption* exemption = nullptr;  ///< that turned a red or yellow into green; borrowed from the config
  std::optional<Color> without_exemption;
};

struct Dimension {
  std::string name;
  Color color = Color::grey;
  std::vector<Finding> findings;  ///< worst first
};

struct Note {
  UnixTime at{};
  std::string author, subject, text;
};

struct Health {
  std::string program;
  std::string owner;
  Color color = Color::grey;
  std::string declared;               ///< as the program's owner says; empty: not at all
  bool watermelon = false;            ///< declared green, computed red or yellow
  std::vector<Dimension> dimensions;  ///< in the order of design: schedule, launches, incidents, …
  std::vector<Note> notes;
  std::vector<std::string> reasons() const;  ///< of the findings that are as bad as the program, worst first
};

/// A program's color at the end of a past week, from what the store knew then.
struct PastColor {
  UnixTime at{};
  std::optional<Color> color;  ///< absent: the store did not know the program yet
};

struct HealthOptions {
  UnixTime now{};
  PeriodLength length = PeriodLength::week;
};

/// Health of every program (or one), worst first, then by name. `config` may be null: the built-in rules.
std::vector<Health> health(evaluation::Evaluator& evaluator, store::Store& store, const config::Config* config,
                           const HealthOptions& options, const std::optional<std::string>& program = {});

/// The rules in force: those of sitrep.toml, or the built-in ones when it has none.
std::span<const config::Rule> rules(const config::Config* config);
/// The built-in rules (lib/policy/rules.toml).
std::span<const config::Rule> built_in_rules();

/// The dimensions of health, in the order reports show them.
std::span<const std::string_view> dimensions();

}  // namespace sitrep::policy
