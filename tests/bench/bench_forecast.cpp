// Scores forecast::forecast on a competition's files: one row per series, an id and then its values, and the same rows
// with what came next. Prints sMAPE, MASE and OWA against the naive method (M4's definitions, MASE scaled at lag 1) and
// what share of the future the 80 % and 95 % ranges held.
//
//   bench_forecast TRAIN.csv TEST.csv [SEASON…]
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "forecast/accuracy.hpp"
#include "forecast/forecaster.hpp"

namespace {

using namespace sitrep;

std::vector<std::vector<double>> read_rows(const char* file) {
  std::ifstream in(file);
  if (!in) fail(ErrorKind::store, "cannot read {}", file);
  std::vector<std::vector<double>> rows;
  std::string line;
  std::getline(in, line);  // the header
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string field;
    std::getline(fields, field, ',');  // the id
    auto& row = rows.emplace_back();
    while (std::getline(fields, field, ',')) {
      std::erase(field, '"');
      if (const auto value = parse_real(field)) row.push_back(*value);
    }
  }
  return rows;
}

struct Score {
  double smape = 0, mase = 0;
  void add(std::span<const double> actual, std::span<const double> forecast, double scale, std::size_t series) {
    smape += forecast::smape(actual, forecast) / static_cast<double>(series);
    mase += forecast::mae(actual, forecast) / scale / static_cast<double>(series);
  }
};

int run(int argc, char** argv) {
  const auto train = read_rows(argv[1]);
  const auto test = read_rows(argv[2]);
  if (train.size() != test.size() || train.empty()) fail(ErrorKind::data, "the files differ in rows");
  forecast::Options options;
  for (int i = 3; i < argc; ++i) options.season_candidates.push_back(std::stoul(argv[i]));
  Score ours, naive;
  std::size_t held[2] = {0, 0};
  std::size_t points[2] = {0, 0};
  std::chrono::duration<double> elapsed{0};
  for (std::size_t s = 0; s < train.size(); ++s) {
    const auto& y = train[s];
    const auto& actual = test[s];
    options.horizon = actual.size();
    const auto start = std::chrono::steady_clock::now();
    const auto f = forecast::forecast(y, options);
    elapsed += std::chrono::steady_clock::now() - start;
    double scale = 0;
    for (std::size_t t = 1; t < y.size(); ++t) scale += std::abs(y[t] - y[t - 1]) / static_cast<double>(y.size() - 1);
    ours.add(actual, f.values, scale, train.size());
    naive.add(actual, std::vector<double>(actual.size(), y.back()), scale, train.size());
    for (std::size_t level = 0; level < 2; ++level) {
      const auto& interval = f.intervals[level];
      for (std::size_t h = 0; h < interval.lower.size(); ++h) {
        held[level] += actual[h] >= interval.lower[h] && actual[h] <= interval.upper[h] ? 1 : 0;
        ++points[level];
      }
    }
  }
  fmt::print("{} series, sMAPE {:.3f} (naive {:.3f}), MASE {:.3f} (naive {:.3f}), OWA {:.4f}\n", train.size(),
             ours.smape, naive.smape, ours.mase, naive.mase, (ours.smape / naive.smape + ours.mase / naive.mase) / 2);
  fmt::print("80 % ranges held {:.1f} %, 95 % ranges {:.1f} %; {:.2f} s\n",
             100.0 * static_cast<double>(held[0]) / static_cast<double>(points[0]),
             100.0 * static_cast<double>(held[1]) / static_cast<double>(points[1]), elapsed.count());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: bench_forecast TRAIN.csv TEST.csv [SEASON…]\n", stderr);
    return 2;
  }
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_forecast: %s\n", e.what());
    return 1;
  }
}
