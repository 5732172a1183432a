#include <fmt/format.h>

#include "base/numbers.hpp"
#include "config/evaluation_config.hpp"

namespace sitrep::config {
namespace {

LaunchDemands read_demands(Reader& in, LaunchRules& policy) {
  LaunchDemands demands;
  assign(demands.required_sections, in.texts("required_sections"));
  if (const auto fields = in.texts("required_fields")) {
    demands.required_fields = *fields;
    policy.names_fields = true;
  }
  assign(demands.evidence, in.texts("evidence"));
  assign(demands.approvers, in.texts("approvers"));
  return demands;
}

LaunchRules::Span read_span(Reader& in) {
  LaunchRules::Span span;
  span.name = in.required_text("name");
  const auto from = in.date("from");
  if (!from) in.fail("from", in.title() + " needs 'from', its first day");
  span.from = *from;
  span.to = in.date("to").value_or(*from);
  if (span.to < span.from) in.fail("to", in.title() + " ends before it begins");
  in.finish();
  return span;
}

LaunchRules::Exception read_exception(Reader& in) {
  LaunchRules::Exception exception;
  exception.where = in.where();
  exception.review = in.required_text("review");
  exception.code = in.required_text("code");
  exception.owner = in.required_text("owner");
  exception.reason = in.required_text("reason");
  exception.expires = in.date("expires");
  if (!exception.expires) in.fail("expires", in.title() + " needs 'expires', its last day");
  in.finish();
  return exception;
}

}  // namespace

LaunchRules read_launch_rules(Reader in) {
  LaunchRules policy;
  policy.where = in.where();
  policy.all = read_demands(in, policy);
  assign(policy.source, in.text("source"));
  if (const auto share = in.real("capacity_request_above")) {
    if (*share < 0 || *share > 1)
      in.fail("capacity_request_above", "'capacity_request_above' in [launch] is a share, 0 to 1");
    policy.capacity_request_above = *share;
  }
  for (const auto& [area, days] : in.pairs("review_days")) {
    const auto count = parse_integer(days);
    if (!count || *count < 1)
      in.fail("review_days",
              fmt::format("'{}' of 'review_days' in {} must be a number of business days", area, in.title()));
    policy.review_days[area] = *count;
  }
  if (auto tiers = in.table("tier")) {
    for (const char tier : {'1', '2', '3', '4'}) {
      auto table = tiers->table(std::string_view(&tier, 1));
      if (!table) continue;
      policy.by_tier[tier - '0'] = read_demands(*table, policy);
      table->finish();
    }
    tiers->finish();
  }
  if (auto phases = in.table("phase")) {
    for (const std::string_view phase : {"alpha", "beta", "ga"}) {
      auto table = phases->table(phase);
      if (!table) continue;
      policy.by_phase[std::string(phase)] = read_demands(*table, policy);
      table->finish();
    }
    phases->finish();
  }
  for (auto& freeze : in.tables("freeze")) policy.freezes.push_back(read_span(freeze));
  for (auto& holiday : in.tables("holiday")) policy.holidays.push_back(read_span(holiday));
  for (auto& exception : in.tables("exception")) policy.exceptions.push_back(read_exception(exception));
  in.finish();
  return policy;
}

}  // namespace sitrep::config
