#include <doctest/doctest.h>

#include <limits>

#include "evaluation/result.hpp"

using namespace sitrep;
using evaluation::Result;

TEST_CASE("evaluation::text_of prints numbers in their unit and never a made-up value") {
  Result r;
  r.kind = "duration";
  r.value = 42 * 60;
  CHECK(evaluation::text_of(r) == "42 min");
  r.kind = "proportion";
  r.value = 0.63;
  CHECK(evaluation::text_of(r) == "63 %");
  r.value = 0.9995;
  CHECK(evaluation::text_of(r) == "99.95 %");
  r.kind = "count";
  r.value = 1214;
  CHECK(evaluation::text_of(r) == "1,214");
  r.value = {};
  r.not_reportable = "n = 7, needs 10";
  CHECK(evaluation::text_of(r) == "n/a (n = 7, needs 10)");
}

TEST_CASE("evaluation::interval_text joins the ends, verdict_text says how much") {
  Result r;
  r.kind = "duration";
  r.value = 42 * 60;
  CHECK(evaluation::interval_text(r).empty());
  r.interval = metrics::Bounds{18 * 60, 40 * 60};
  CHECK(evaluation::interval_text(r) == "95 % 18–40 min");
  r.judgement.verdict = metrics::Verdict::no_evidence;
  r.judgement.effect = 0.6;
  r.judgement.effect_name = "rate ratio";
  r.judgement.interval = metrics::Bounds{0.1, std::numeric_limits<double>::infinity()};
  CHECK(evaluation::verdict_text(r) == "no evidence of change (rate ratio 0.6, 95 % 0.1–∞)");
  r.judgement = metrics::Judgement::not_reportable("n = 3 against 9, needs 6 in both");
  CHECK(evaluation::verdict_text(r) == "not reportable (n = 3 against 9, needs 6 in both)");
}
