#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "forecast/methods.hpp"

namespace sitrep::forecast {

constexpr std::size_t k_least_history = 8;  ///< points that a forecast is made from
constexpr std::size_t k_origins = 52;       ///< past moments that a back-test forecasts from, at most

enum class Choice {
  weighted,  ///< mean of all methods, weights by back-test error
  best,      ///< the method with the smallest back-test error
};
enum class Sign { automatic, any, not_negative };

struct Options {
  std::size_t horizon = 0;                     ///< steps; cut to a quarter of the history
  std::vector<std::size_t> season_candidates;  ///< lengths to test; empty: none
  std::optional<std::size_t> season;           ///< given instead of tested; 1: none
  std::vector<double> levels = {0.8, 0.95};
  Choice choice = Choice::weighted;
  /// Of the back-test, at most; fewer are faster and weigh more roughly. Up to 8 share one fit, that of the forecast:
  /// its parameters have then seen what they are tested on.
  std::size_t origins = k_origins;
  Sign sign = Sign::automatic;  ///< automatic: not negative when no value of the history is
};

struct Weight {
  Method method = Method::naive;
  bool seasonal = false;  ///< on the seasonally adjusted series
  double weight = 0;      ///< sum 1
  double error = 0;       ///< mean absolute error of the back-test
};

struct PredictionInterval {
  double level = 0.8;
  std::vector<double> lower, upper;  ///< as long as the forecast; empty: `missing`
  std::string missing;               ///< why there is none: "11 back-test errors, needs 19"
};

struct Forecast {
  std::vector<double> values;
  std::vector<PredictionInterval> intervals;  ///< in the order of Options::levels
  std::vector<Weight> methods;                ///< with a weight of at least 0.01, heaviest first
  std::size_t season = 1;
  std::size_t origins = 0;  ///< of the back-test
  double error = 0;         ///< mean absolute back-test error of the values' own recipe
  double naive_error = 0;   ///< of the naive method, over the same origins
  double smape = 0, naive_smape = 0;
  std::vector<std::string> notes;
  /// "damped trend 0.41, Theta (season 7) 0.30, …"
  std::string recipe() const;
};

/// Forecasts of an even, gapless series. Every method is tried from up to k_origins past moments of the last half of
/// the history with the same horizon; the result is their mean weighted by the inverse fourth power of the mean
/// absolute error there, or the best one. Intervals are split conformal per horizon. A forecast never leaves the range
/// of the history by more than the width of that range. Errors  Error{data} for fewer than k_least_history values, a
/// value that is not finite or horizon 0.
Forecast forecast(std::span<const double> y, const Options& options);

}  // namespace sitrep::forecast
