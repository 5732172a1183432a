#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/series.hpp"

namespace sitrep::forecast {

/// How samples that fall into one step become its value.
enum class Bucket { last, mean, max };

/// A series on an even grid, and what had to be done to get it there.
struct Regular {
  std::vector<double> values;
  UnixTime start{};            ///< of the first value
  Seconds step{0};             ///< 0: calendar months
  std::size_t samples = 0;     ///< that came in
  std::size_t not_finite = 0;  ///< left out
  std::size_t backward = 0;    ///< came before an earlier one; put in order
  std::size_t repeated = 0;    ///< further samples of a moment; the last one counts
  std::size_t gaps = 0;        ///< runs of empty steps, filled in a straight line
  std::size_t filled = 0;      ///< steps in them
  std::size_t longest_gap = 0;
  bool irregular = false;  ///< no distance is usual: brought to hours or days

  UnixTime time(std::size_t index) const;  ///< of values[index], beyond the end too
  /// The first index at or after t.
  std::size_t index_of(UnixTime t) const;
  /// "3 gaps filled (5 of 90 steps, the longest 2)", "2 repeated timestamps"; empty for a clean series.
  std::vector<std::string> notes() const;
};

/// Puts samples in any order on a grid. `step` absent: the median distance of neighbours (28 to 31 days: months).
/// Where that would fill more steps than were measured no distance is usual: hours or else days hold them. nullopt
/// without two samples at different times, or when days, or a given step, would be filled for the greater part too.
std::optional<Regular> regularise(std::span<const model::Sample> samples, Bucket bucket = Bucket::last,
                                  std::optional<Seconds> step = std::nullopt);

/// Season lengths worth testing for a step: 24 and 168 for hours, 7 for days, 52 for weeks, 12 for months …
std::vector<std::size_t> season_candidates(Seconds step);

}  // namespace sitrep::forecast
