#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sitrep::metrics {

/// What a comparison of two periods lets one say.
enum class Verdict {
  improved,
  worse,
  changed,         ///< evidence of change in a metric that has no better direction
  no_evidence,     ///< the data are compatible with no change
  not_reportable,  ///< the data cannot carry a verdict: Judgement::reason
};

/// As reports and JSON print it: "improved", "worse", "changed", "no evidence of change", "not reportable".
std::string_view name(Verdict verdict);

enum class Better { lower, higher, none };

/// "lower", "higher", "none" or "" (none).
std::optional<Better> parse_better(std::string_view text);

/// A closed interval of a statistic. An infinite upper bound means unbounded.
struct Bounds {
  double lower = 0;
  double upper = 0;
  friend bool operator==(const Bounds&, const Bounds&) = default;
};

/// The outcome of comparing a period with the one before.
struct Judgement {
  Verdict verdict = Verdict::not_reportable;
  std::string reason;            ///< why not reportable; empty otherwise
  std::string effect_name;       ///< "rate ratio", "difference", "ratio of durations" or empty
  std::optional<double> effect;  ///< this period against the previous
  std::optional<Bounds> interval;
  std::optional<double> p;  ///< two-sided, for corrections over many metrics (multiplicity.hpp)
  std::string method;       ///< the test and its source, one line

  static Judgement not_reportable(std::string why) {
    Judgement j;
    j.reason = std::move(why);
    return j;
  }
};

/// The verdict that a significant change of that sign has.
Verdict direction(double change, Better better);

}  // namespace sitrep::metrics
