#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/period.hpp"
#include "config/config.hpp"
#include "policy/health.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {
class Readings;
}

namespace sitrep::policy {

/// A program's color at a past moment, from what the store knew then.
struct PastColor {
  UnixTime at{};
  std::optional<Color> color;      ///< absent: the store did not know the program yet, or not any more
  std::vector<std::string> rules;  ///< that were as bad as the program, when it was yellow or red
};

/// Oldest first, by program.
using PastColors = std::map<std::string, std::vector<PastColor>>;

/// "YELLOW → RED: milestone_slip_days; no longer launches_late", from the last two moments of a trend; "unchanged RED";
/// empty when there was no earlier moment.
std::string since_before(std::span<const PastColor> trend);

/// The store as it was known at a moment.
using OpenAsOf = std::function<store::Store(UnixTime as_of)>;

/// Colors of each program at `now` minus 0, 1, … weeks - 1 weeks. The back-tests behind runways are shorter than
/// health()'s, to keep those of past moments affordable. They are worked out from the beginning on, by another
/// processor where there is one, so that most are there when they are asked for.
class Trend {
 public:
  struct Options {
    OpenAsOf open;
    const config::Config* config = nullptr;  ///< outlives the trend; null: the built-in rules
    Calendar calendar;
    UnixTime now{};
    int weeks = 12;
    std::shared_ptr<evaluation::Readings> readings;  ///< of an evaluator of the present: not read again; null: its own
  };
  explicit Trend(Options options);
  ~Trend();
  Trend(const Trend&) = delete;
  Trend& operator=(const Trend&) = delete;

  /// Waits; Error of what a moment met. `present`: health() at `now` where it is known already, so
  /// that the last color is the one that is shown beside it.
  const PastColors& colors(const std::vector<Health>* present = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sitrep::policy
