// With no real change a verdict of change may appear in at most 5 % of periods: simulated for each kind of metric, with
// three standard errors of the simulation allowed. The seeds are fixed, so that a run tells the same every time.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "metrics/judge.hpp"

using namespace sitrep;
using metrics::Better;
using metrics::Judgement;
using metrics::Verdict;
using Random = std::mt19937_64;

namespace {

bool is_change(const Judgement& j) {
  return j.verdict == Verdict::improved || j.verdict == Verdict::worse || j.verdict == Verdict::changed;
}

/// The share of periods in which the judgement is a change.
double share_of_changes(int periods, const std::function<Judgement(Random&)>& period) {
  Random random(20'261'116);
  int changes = 0;
  for (int i = 0; i < periods; ++i) changes += is_change(period(random)) ? 1 : 0;
  return static_cast<double>(changes) / periods;
}

double allowed(int periods) { return 0.05 + 3 * std::sqrt(0.05 * 0.95 / periods); }

std::int64_t poisson(Random& random, double mean) { return std::poisson_distribution<std::int64_t>(mean)(random); }

/// Negative binomial: a Poisson count whose mean varies, variance = dispersion * mean.
std::int64_t overdispersed(Random& random, double mean, double dispersion) {
  const double shape = mean / (dispersion - 1);
  return poisson(random, std::gamma_distribution<double>(shape, dispersion - 1)(random));
}

using Draw = std::function<std::int64_t(Random&)>;

Judgement counts(Random& random, const Draw& before, const Draw& now) {
  std::vector<std::int64_t> baseline;
  for (int i = 0; i < 12; ++i) baseline.push_back(before(random));
  const auto last = before(random);
  return metrics::judge_counts(now(random), 1, last, 1, baseline, Better::lower);
}

Judgement shares(Random& random, int n, double before, double now) {
  std::binomial_distribution<std::int64_t> a(n, before), b(n, now);
  const auto last = a(random);
  return metrics::judge_shares(b(random), n, last, n, Better::higher);
}

Judgement durations(Random& random, int n, double factor) {
  std::lognormal_distribution<double> draw(7, 1.5);
  std::vector<double> before, now;
  for (int i = 0; i < n; ++i) {
    before.push_back(draw(random));
    now.push_back(factor * draw(random));
  }
  return metrics::judge_durations(now, before, Better::lower);
}

Judgement levels(Random& random, double n, double now) {
  std::vector<double> baseline;
  for (int i = 0; i < 13; ++i) baseline.push_back(static_cast<double>(poisson(random, n)));
  return metrics::judge_level(static_cast<double>(poisson(random, now)), baseline, Better::lower);
}

}  // namespace

TEST_CASE("metrics: no real change, no verdict of change in more than 5 % of periods") {
  struct Case {
    std::string name;
    int periods;
    std::function<Judgement(Random&)> period;
  };
  std::vector<Case> cases;
  for (const int n : {5, 20, 100}) {
    const auto at = " at n = " + std::to_string(n);
    cases.push_back({"counts" + at, 2000, [n](Random& r) {
                       const Draw draw = [n](Random& random) { return poisson(random, n); };
                       return counts(r, draw, draw);
                     }});
    for (const double dispersion : {2.0, 4.0}) {
      cases.push_back({"over-dispersed counts, " + std::to_string(dispersion) + at, 2000, [n, dispersion](Random& r) {
                         const Draw draw = [=](Random& random) { return overdispersed(random, n, dispersion); };
                         return counts(r, draw, draw);
                       }});
    }
    for (const double share : {0.5, 0.9})
      cases.push_back({"shares of " + std::to_string(share) + at, 2000,
                       [n, share](Random& r) { return shares(r, n, share, share); }});
    cases.push_back({"durations" + at, n == 100 ? 400 : 2000, [n](Random& r) { return durations(r, n, 1); }});
    cases.push_back({"levels" + at, 2000, [n](Random& r) { return levels(r, n, n); }});
  }
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(share_of_changes(c.periods, c.period) <= allowed(c.periods));
  }
}

TEST_CASE("metrics: a change that is real is found") {
  const Draw quiet = [](Random& r) { return poisson(r, 20); };
  const Draw loud = [](Random& r) { return poisson(r, 60); };
  CHECK(share_of_changes(300, [&](Random& r) { return counts(r, quiet, loud); }) > 0.9);
  CHECK(share_of_changes(300, [](Random& r) { return shares(r, 100, 0.9, 0.6); }) > 0.9);
  CHECK(share_of_changes(100, [](Random& r) { return durations(r, 100, 3); }) > 0.9);
  CHECK(share_of_changes(300, [](Random& r) { return levels(r, 20, 60); }) > 0.9);
}

TEST_CASE("metrics: fewer than the least n carry no verdict, whatever happened") {
  Random random(1);
  CHECK(metrics::judge_counts(5, 1, 0, 1, {}, Better::lower).verdict == Verdict::not_reportable);
  CHECK(shares(random, 9, 0.9, 0.1).verdict == Verdict::not_reportable);
  CHECK(durations(random, 5, 100).verdict == Verdict::not_reportable);
  CHECK(metrics::judge_level(1000, std::vector<double>(11, 1.0), Better::lower).verdict == Verdict::not_reportable);
}
