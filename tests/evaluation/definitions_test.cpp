#include <doctest/doctest.h>

#include <set>

#include "evaluation/kinds.hpp"
#include "world.hpp"

using namespace sitrep;

TEST_CASE("evaluation: every built-in definition has a title, a doc, a dimension, and runs on an empty store") {
  test::World world;
  auto evaluator = world.evaluator();
  CHECK(evaluator.metrics().size() >= 35);
  std::set<std::string> names;
  for (const auto& metric : evaluator.metrics()) {
    CAPTURE(metric.name);
    CHECK(names.insert(metric.name).second);
    CHECK_FALSE(metric.title == metric.name);
    CHECK_FALSE(metric.doc.empty());
    CHECK_FALSE(metric.dimension.empty());
    CHECK_FALSE(evaluation::formula_of(metric).empty());
    const auto result = evaluator.evaluate(metric.name, world.week());
    CHECK_FALSE(result.value);
    CHECK_FALSE(result.not_reportable.empty());
    CHECK(result.judgement.verdict == metrics::Verdict::not_reportable);
  }
}

TEST_CASE("evaluation: every built-in definition runs when each entity has a record of nulls") {
  test::World world;
  for (const auto& entity : model::built_in_entities()) {
    if (entity.keeping == model::Keeping::versions) world.put(entity.name, {{"1", {}}});
  }
  auto evaluator = world.evaluator();
  for (const auto& metric : evaluator.metrics()) {
    CAPTURE(metric.name);
    CHECK_NOTHROW(evaluator.explain(metric.name, world.week()));
  }
}
