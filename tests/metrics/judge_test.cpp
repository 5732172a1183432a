#include "metrics/judge.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace sitrep;
using metrics::Better;
using metrics::Verdict;

namespace {

std::vector<std::int64_t> quiet(std::size_t n) {
  std::vector<std::int64_t> counts;
  for (std::size_t i = 0; i < n; ++i) counts.push_back(i % 2 == 0 ? 10 : 11);
  return counts;
}

}  // namespace

TEST_CASE("metrics::judge_counts needs six events and evidence") {
  struct Case {
    const char* name;
    std::int64_t now, before;
    Better better;
    Verdict expected;
  };
  const Case cases[] = {{"five events", 4, 1, Better::lower, Verdict::not_reportable},
                        {"tripled is not evidence", 12, 4, Better::lower, Verdict::no_evidence},
                        {"10 against 2", 10, 2, Better::lower, Verdict::worse},
                        {"2 against 10", 2, 10, Better::lower, Verdict::improved},
                        {"more is better", 30, 9, Better::higher, Verdict::improved},
                        {"no direction", 30, 9, Better::none, Verdict::changed},
                        {"from nothing", 9, 0, Better::lower, Verdict::worse},
                        {"to nothing", 0, 9, Better::lower, Verdict::improved}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto j = metrics::judge_counts(c.now, 7, c.before, 7, quiet(12), c.better);
    CHECK(j.verdict == c.expected);
    CHECK(j.reason.empty() == (c.expected != Verdict::not_reportable));
  }
}

TEST_CASE("metrics::judge_counts lets clustered baselines silence a change, and refuses short clustered ones") {
  const std::vector<std::int64_t> clustered{3, 5, 2, 8, 1, 4, 12, 3, 2, 6, 0, 5};
  CHECK(metrics::judge_counts(11, 7, 2, 7, clustered, Better::lower).verdict == Verdict::no_evidence);
  CHECK(metrics::judge_counts(11, 7, 2, 7, quiet(12), Better::lower).verdict == Verdict::worse);
  const std::vector<std::int64_t> wild{0, 20, 1, 15, 0, 30};
  CHECK(metrics::judge_counts(11, 7, 2, 7, wild, Better::lower).verdict == Verdict::not_reportable);
}

TEST_CASE("metrics::judge_shares needs ten in both periods") {
  CHECK(metrics::judge_shares(9, 9, 3, 10, Better::higher).verdict == Verdict::not_reportable);
  CHECK(metrics::judge_shares(9, 10, 3, 10, Better::higher).verdict == Verdict::improved);
  CHECK(metrics::judge_shares(9, 10, 8, 10, Better::higher).verdict == Verdict::no_evidence);
}

TEST_CASE("metrics::judge_durations needs six in both periods") {
  const std::vector<double> five(5, 100.0);
  const std::vector<double> slow{300, 310, 290, 305, 420, 500};
  const std::vector<double> fast{30, 31, 29, 35, 42, 50};
  CHECK(metrics::judge_durations(five, slow, Better::lower).verdict == Verdict::not_reportable);
  CHECK(metrics::judge_durations(slow, fast, Better::lower).verdict == Verdict::worse);
  CHECK(metrics::judge_durations(fast, slow, Better::lower).verdict == Verdict::improved);
  CHECK(metrics::judge_durations(fast, fast, Better::lower).verdict == Verdict::no_evidence);
}

TEST_CASE("metrics::judge_level needs twelve baseline periods and a point beyond their limits") {
  std::vector<double> baseline;
  for (int i = 0; i < 12; ++i) baseline.push_back(i % 2 == 0 ? 50 : 52);
  CHECK(metrics::judge_level(56, std::span(baseline).first(11), Better::lower).verdict == Verdict::not_reportable);
  CHECK(metrics::judge_level(56, baseline, Better::lower).verdict == Verdict::no_evidence);
  CHECK(metrics::judge_level(57, baseline, Better::lower).verdict == Verdict::worse);
  // Mean 51, mean moving range 2: t = 6 / (2 * 2.66 / 3 * sqrt(13 / 12)) at 6.655 degrees.
  CHECK(metrics::judge_level(57, baseline, Better::lower).p.value() == doctest::Approx(0.01507).epsilon(0.001));
  CHECK(metrics::judge_level(51, baseline, Better::lower).p.value() == doctest::Approx(1));
  CHECK(metrics::judge_level(57, std::vector<double>(12, 50.0), Better::higher).verdict == Verdict::not_reportable);
}

TEST_CASE("metrics::judge_counts calls at most 5 % of unchanged weeks a change, clustered ones too") {
  struct Case {
    const char* name;
    double mean, size;
  };
  const Case cases[] = {{"5 a week", 5, 0},
                        {"20 a week", 20, 0},
                        {"100 a week", 100, 0},
                        {"20 a week, clustered", 20, 5},
                        {"100 a week, clustered", 100, 5}};
  std::mt19937_64 random(2026);
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto draw = [&]() -> std::int64_t {
      double mean = c.mean;
      if (c.size > 0) mean = std::gamma_distribution<double>(c.size, c.mean / c.size)(random);
      return std::poisson_distribution<std::int64_t>(mean)(random);
    };
    const int runs = 3000;
    int changes = 0;
    for (int i = 0; i < runs; ++i) {
      std::vector<std::int64_t> baseline(12);
      for (auto& x : baseline) x = draw();
      const auto now = draw();
      const auto verdict = metrics::judge_counts(now, 7, draw(), 7, baseline, Better::lower).verdict;
      changes += verdict == Verdict::worse || verdict == Verdict::improved ? 1 : 0;
    }
    CHECK(changes <= runs * 0.05 + 3 * std::sqrt(runs * 0.05 * 0.95));
  }
}
