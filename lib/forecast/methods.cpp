#include "forecast/methods.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "forecast/side_by_side.hpp"
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

/// Theta's mean of the line and the level of SES.
std::vector<double> theta_mean(const Line& line, double level, std::size_t n, std::size_t horizon) {
  std::vector<double> result(horizon);
  for (std::size_t h = 0; h < horizon; ++h)
    result[h] = (line.intercept + line.slope * static_cast<double>(n + h + 1) + level) / 2;
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
  std::vector<double> result(horizon);
  for (std::size_t h = 0; h < horizon; ++h) result[h] = y[y.size() - season + h % season];
  return result;
}

std::vector<double> theta(std::span<const double> y, double alpha, std::size_t horizon) {
  const auto line = least_squares(y);
  const auto two = theta_line(y, line);
  return theta_mean(line, smooth(two, simple(two, alpha)).level, y.size(), horizon);
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
  const auto side_by_side = fit_side_by_side(adjusted, theta_line(adjusted, least_squares(adjusted)));
  fits.ses = side_by_side.simple;
  fits.holt = side_by_side.holt;
  fits.damped = side_by_side.damped;
  fits.theta_alpha = side_by_side.theta.alpha;
  const auto recent = std::span(adjusted).last(std::min(adjusted.size(), k_line_points));
  fits.robust_slope = theil_sen(recent).value_or(Line{}).slope;
  return fits;
}

Walk::Walk(std::span<const double> y, const Fits& fits)
    : y_(y),
      fits_(fits),
      x_(fits.season ? fits.season->adjust(y) : std::vector<double>(y.begin(), y.end())),
      ses_{fits.ses.level, fits.ses.trend, fits.ses.phi, 0},
      holt_{fits.holt.level, fits.holt.trend, fits.holt.phi, 0},
      damped_{fits.damped.level, fits.damped.trend, fits.damped.phi, 0},
      theta_x_{x_.at(0), 0, 1, 0},
      theta_t_{1, 0, 1, 0} {}

void Walk::advance(std::size_t n) {
  if (n < seen_ || n < 2 || n > x_.size())
    fail(ErrorKind::bug, "forecast::Walk: to {} after {} of {}", n, seen_, x_.size());
  const Smoothing theta{.alpha = fits_.theta_alpha, .beta = 0, .phi = 1, .level = 0, .trend = 0};
  for (; seen_ < n; ++seen_) {
    const double x = x_[seen_];
    const auto t = static_cast<double>(seen_ + 1);
    ses_.see(x, fits_.ses);
    holt_.see(x, fits_.holt);
    damped_.see(x, fits_.damped);
    theta_x_.see(x, theta);
    theta_t_.see(t, theta);
    sum_ += x - x_[0];
    moment_ += t * (x - x_[0]);
  }
}

std::vector<double> Walk::theta(std::size_t horizon) const {
  const auto n = static_cast<double>(seen_);
  const double mean_t = (n + 1) / 2;
  const double squares = n * (n * n - 1) / 12;  // sum of (t - mean)^2
  const double slope = (moment_ - mean_t * sum_) / squares;
  const Line line{slope, x_[0] + sum_ / n - slope * mean_t};
  return theta_mean(line, 2 * theta_x_.level - line.intercept - line.slope * theta_t_.level, seen_, horizon);
}

std::vector<double> Walk::robust_line(std::size_t horizon) const {
  const auto recent = std::span(x_).first(seen_).last(std::min(seen_, k_line_points));
  const double middle = static_cast<double>(recent.size() - 1) / 2;
  const double level = median({recent.begin(), recent.end()});
  std::vector<double> result(horizon);
  for (std::size_t h = 0; h < horizon; ++h)
    result[h] = level + fits_.robust_slope * (static_cast<double>(recent.size() + h) - middle);
  return result;
}

std::array<std::vector<double>, k_methods> Walk::forecasts(std::size_t horizon) const {
  std::array<std::vector<double>, k_methods> all;
  const auto of = [&](Method m) -> std::vector<double>& { return all[static_cast<std::size_t>(m)]; };
  const auto past = y_.first(seen_);
  of(Method::naive) = naive(past, horizon);
  of(Method::seasonal_naive) = fits_.season ? seasonal_naive(past, fits_.season_length, horizon) : of(Method::naive);
  of(Method::ses) = extrapolate(ses_, horizon);
  of(Method::holt) = extrapolate(holt_, horizon);
  of(Method::damped) = extrapolate(damped_, horizon);
  of(Method::theta) = theta(horizon);
  of(Method::theil_sen) = robust_line(horizon);
  auto& comb = of(Method::comb);
  comb.resize(horizon);
  const auto &ses = of(Method::ses), &holt = of(Method::holt), &damped = of(Method::damped);
  for (std::size_t h = 0; h < horizon; ++h) comb[h] = (ses[h] + holt[h] + damped[h]) / 3;
  if (fits_.season) {
    for (const Method m : {Method::ses, Method::holt, Method::damped, Method::theta, Method::comb, Method::theil_sen}) {
      fits_.season->restore(of(m), seen_);
    }
  }
  return all;
}

}  // namespace sitrep::forecast
