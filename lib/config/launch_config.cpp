#include <fmt/format.h>

#include "base/numbers.hpp"
#include "config/evaluation_config.hpp"

namespace sitrep::config {

LaunchPolicy read_launch_policy(Reader in) {
  LaunchPolicy policy;
  policy.where = in.where();
  assign(policy.required_sections, in.texts("required_sections"));
  assign(policy.approvers, in.texts("approvers"));
  assign(policy.source, in.text("source"));
  for (const auto& [area, days] : in.pairs("review_days")) {
    const auto count = parse_integer(days);
    if (!count || *count < 1)
      in.fail("review_days",
              fmt::format("'{}' of 'review_days' in {} must be a number of business days", area, in.title()));
    policy.review_days[area] = *count;
  }
  if (auto tiers = in.table("tier")) {
    for (const char tier : {'1', '2', '3', '4'}) {
      const std::string_view key(&tier, 1);
      auto table = tiers->table(key);
      if (!table) continue;
      policy.required_sections_by_tier[tier - '0'] =
          table->texts("required_sections").value_or(std::vector<std::string>{});
      table->finish();
    }
    tiers->finish();
  }
  in.finish();
  return policy;
}

}  // namespace sitrep::config
