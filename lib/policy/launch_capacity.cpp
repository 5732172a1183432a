#include "policy/launch_capacity.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep::policy {
namespace {

using Level = FileFinding::Level;
using Resource = LaunchFacts::Resource;

/// "12 %" of a share.
std::string percent(double share) { return fmt::format("{:.0f} %", share * 100); }

class CapacityCheck {
 public:
  CapacityCheck(const LaunchReview& review, const config::LaunchRules& policy, const LaunchFacts& facts,
                std::vector<FileFinding>& findings)
      : review_(review), policy_(policy), facts_(facts), findings_(findings) {}

  void run(std::optional<int> tier) {
    const auto adds = trim_view(review_.text("adds"));
    if (adds.empty()) {
      if (tier && *tier <= 2)
        add("L045", Level::warning, "adds", "it does not say what the launch adds to which resource",
            "write adds: [\"RESOURCE: 20 %\"], or adds: none");
    } else if (!equal_ignoring_case(adds, "none")) {
      for (const auto item : split_views(adds, ',')) check_item(trim_view(item));
    }
    const std::string request(trim_view(review_.text("capacity_request")));
    const bool is_link = request.find("://") != std::string::npos || request.find('/') != std::string::npos;
    if (!request.empty() && !is_link && facts_.request_is_known && !facts_.request_is_known(request))
      add("L044", Level::error, "capacity_request",
          fmt::format("the store has no capacity request '{}'", visible(request)), "write its id, or a link to it");
  }

 private:
  void add(const char* code, Level level, const char* field, std::string reason, std::string remedy) {
    const auto* found = review_.find(field);
    findings_.push_back({code, level, found == nullptr ? 1 : found->line, field, std::move(reason), std::move(remedy)});
  }

  const Resource* find(const std::string& name) const {
    if (!facts_.resources) return nullptr;
    const auto found = std::find_if(facts_.resources->begin(), facts_.resources->end(),
                                    [&](const Resource& r) { return equal_ignoring_case(r.name, name); });
    return found == facts_.resources->end() ? nullptr : &*found;
  }

  void check_item(std::string_view item) {
    const auto added = read_added(item);
    if (!added) {
      add("L040", Level::error, "adds", fmt::format("'{}' is not 'RESOURCE: 20 %' or 'RESOURCE: 4 TB'", visible(item)),
          "write how much of which resource");
      return;
    }
    const auto* resource = find(added->resource);
    if (facts_.resources && resource == nullptr) {
      std::vector<std::string_view> known;
      for (const auto& r : *facts_.resources) known.push_back(r.name);
      add("L043", Level::warning, "adds",
          fmt::format("the store has no capacity resource '{}'{}", visible(added->resource),
                      did_you_mean(added->resource, known)),
          "name it as 'sitrep capacity list' does");
    }
    if (const auto share = share_of(*added, resource)) check_share(*added, *share, resource);
  }

  /// Of the resource's limit; nullopt where the limit is not known or the unit is another one.
  std::optional<double> share_of(const Added& added, const Resource* resource) {
    if (added.unit == "%") return added.amount / 100;
    if (resource == nullptr || !resource->limit || *resource->limit <= 0) return std::nullopt;
    if (!added.unit.empty() && !resource->unit.empty() && !equal_ignoring_case(added.unit, resource->unit)) {
      add("L040", Level::error, "adds",
          fmt::format("{} is counted in {}, not in {}", visible(resource->name), visible(resource->unit),
                      visible(added.unit)),
          "write the amount in its unit, or as a percentage of its limit");
      return std::nullopt;
    }
    return added.amount / *resource->limit;
  }

  void check_share(const Added& added, double share, const Resource* resource) {
    const bool has_request = !trim_view(review_.text("capacity_request")).empty();
    const bool measured = resource != nullptr && resource->limit && resource->used && *resource->limit > 0;
    const double headroom = measured ? 1 - *resource->used / *resource->limit : 1;
    if (measured && share > headroom + 1e-9 && !has_request)
      add("L042", Level::error, "adds",
          fmt::format("adds {} to {}, which has {} headroom", percent(share), visible(added.resource),
                      percent(std::max(headroom, 0.0))),
          "link a capacity request: capacity_request: ID");
    else if (share > policy_.capacity_request_above && !has_request)
      add("L041", Level::error, "adds",
          fmt::format("adds {} to {}; above {} a launch needs a capacity request", percent(share),
                      visible(added.resource), percent(policy_.capacity_request_above)),
          "write one ('sitrep doc new capacity-request') and name it: capacity_request: ID");
  }

  const LaunchReview& review_;
  const config::LaunchRules& policy_;
  const LaunchFacts& facts_;
  std::vector<FileFinding>& findings_;
};

}  // namespace

std::optional<Added> read_added(std::string_view item) {
  const auto colon = item.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Added added;
  added.resource = trim_view(item.substr(0, colon));
  auto rest = trim_view(item.substr(colon + 1));
  if (rest.starts_with('+')) rest = trim_view(rest.substr(1));
  const auto end = std::min(rest.find_first_not_of("0123456789."), rest.size());
  const auto amount = parse_real(rest.substr(0, end));
  if (added.resource.empty() || !amount || *amount < 0) return std::nullopt;
  added.amount = *amount;
  added.unit = trim_view(rest.substr(end));
  return added;
}

void check_capacity(const LaunchReview& review, std::optional<int> tier, const config::LaunchRules& policy,
                    const LaunchFacts& facts, std::vector<FileFinding>& findings) {
  CapacityCheck(review, policy, facts, findings).run(tier);
}

}  // namespace sitrep::policy
