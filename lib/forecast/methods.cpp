#include "forecast/methods.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "forecast/trend.hpp"

namespace sitrep::forecast {
namespace {

constexpr std::size_t k_line_points = 60;  // Theil-Sen sees the recent past only: a line over years is no forecast

std::vector<double> theta_line(std::span<const double> y, const Line& line) {
  std::vector<double> two(y.size());
  for (std::size_t t = 0; t < y.size(); ++t) {
    two[t] = 2 * y[t] - (line.intercept + line.slope * static_cast<double>(t + 1));
  }
  return two;
}

std::vector<double> robust_line(std::span<const double> y, std::size_t horizon) {
  const auto recent = y.last(std::min(y.size(), k_line_points));
  const auto line = theil_sen(recent).value_or(Line{0, y.back()});
  std::vector<double> result;
  for (std::size_t h = 0; h < horizon; ++h) {
    result.push_back(line.intercept + line.slope * static_cast<double>(recent.size() + h));
  }
  return result;
}

}  // namespace

std::string_view name(Method method) {
  switch (method) {
    case Method::naive:
      return "naive";
    case Method::seasonal_naive:
      return "seasonal naive";
    case Method::ses:
      return "SES";
    case Method::holt:
      return "Holt";
    case Method::damped:
      return "damped trend";
    case Method::theta:
      return "Theta";
    case Method::comb:
      return "Comb";
    case Method::theil_sen:
      break;
  }
  return "Theil-Sen";
}

std::vector<double> naive(std::span<const double> y, std::size_t horizon) {
  if (y.empty()) fail(ErrorKind::bug, "forecast::naive: no values");
  return std::vector<double>(horizon, y.back());
}

std::vector<double> seasonal_naive(std::span<const double> y, std::size_t season, std::size_t horizon) {
  if (season == 0 || y.size() < season) fail(ErrorKind::bug, "forecast::seasonal_naive: less than one season");
  std::vector<double> result;
  for (std::size_t h = 0; h < horizon; ++h) result.push_back(y[y.size() - season + h % season]);
  return result;
}

std::vector<double> theta(std::span<const double> y, double alpha, std::size_t horizon) {
  const auto line = least_squares(y);
  const auto two = theta_line(y, line);
  const double level = smooth(two, simple(two, alpha)).level;
  std::vector<double> result;
  for (std::size_t h = 1; h <= horizon; ++h) {
    result.push_back((line.intercept + line.slope * static_cast<double>(y.size() + h) + level) / 2);
  }
  return result;
}

Fits fit(std::span<const double> y, std::size_t season_length) {
  if (y.size() < 3) fail(ErrorKind::bug, "forecast::fit: {} values, needs 3", y.size());
  Fits fits;
  std::vector<double> adjusted(y.begin(), y.end());
  if (season_length > 1) fits.season = decompose(y, season_length);
  if (fits.season) {
    fits.season_length = season_length;
    adjusted = fits.season->adjust(y);
  }
  fits.ses = fit_simple(adjusted);
  fits.holt = fit_holt(adjusted);
  fits.damped = fit_damped(adjusted);
  fits.theta_alpha = fit_simple(theta_line(adjusted, least_squares(adjusted))).alpha;
  return fits;
}

std::array<std::vector<double>, k_methods> forecasts(std::span<const double> y, const Fits& fits, std::size_t horizon) {
  std::array<std::vector<double>, k_methods> all;
  const auto of = [&](Method m) -> std::vector<double>& { return all[static_cast<std::size_t>(m)]; };
  of(Method::naive) = naive(y, horizon);
  of(Method::seasonal_naive) = fits.season ? seasonal_naive(y, fits.season_length, horizon) : of(Method::naive);
  const std::vector<double> x = fits.season ? fits.season->adjust(y) : std::vector<double>(y.begin(), y.end());
  of(Method::ses) = extrapolate(smooth(x, fits.ses), horizon);
  of(Method::holt) = extrapolate(smooth(x, fits.holt), horizon);
  of(Method::damped) = extrapolate(smooth(x, fits.damped), horizon);
  of(Method::theta) = theta(x, fits.theta_alpha, horizon);
  of(Method::theil_sen) = robust_line(x, horizon);
  auto& comb = of(Method::comb);
  for (std::size_t h = 0; h < horizon; ++h) {
    comb.push_back((of(Method::ses)[h] + of(Method::holt)[h] + of(Method::damped)[h]) / 3);
  }
  if (fits.season) {
    for (const Method m : {Method::ses, Method::holt, Method::damped, Method::theta, Method::comb, Method::theil_sen}) {
      fits.season->restore(of(m), y.size());
    }
  }
  return all;
}

}  // namespace sitrep::forecast
