#include "forecast/accuracy.hpp"

#include <cmath>

#include "base/error.hpp"

namespace sitrep::forecast {
namespace {

void require_pairs(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size() || a.empty()) fail(ErrorKind::bug, "forecast: {} actuals, {} forecasts", a.size(), b.size());
}

}  // namespace

double smape(std::span<const double> actual, std::span<const double> forecast) {
  require_pairs(actual, forecast);
  double sum = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double size = std::abs(actual[i]) + std::abs(forecast[i]);
    if (size > 0) sum += 200 * std::abs(actual[i] - forecast[i]) / size;
  }
  return sum / static_cast<double>(actual.size());
}

double mae(std::span<const double> actual, std::span<const double> forecast) {
  require_pairs(actual, forecast);
  double sum = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) sum += std::abs(actual[i] - forecast[i]);
  return sum / static_cast<double>(actual.size());
}

double mase_scale(std::span<const double> history, std::size_t season) {
  if (history.size() <= season) return 0;
  double sum = 0;
  for (std::size_t i = season; i < history.size(); ++i) sum += std::abs(history[i] - history[i - season]);
  return sum / static_cast<double>(history.size() - season);
}

double owa(double smape, double mase, double smape_reference, double mase_reference) {
  return (smape / smape_reference + mase / mase_reference) / 2;
}

}  // namespace sitrep::forecast
