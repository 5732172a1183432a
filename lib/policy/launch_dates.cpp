#include "policy/launch_dates.hpp"

#include <fmt/format.h>

#include "base/business_days.hpp"
#include "base/text.hpp"

namespace sitrep::policy {
namespace {

using Level = FileFinding::Level;

struct Slowest {
  std::string area;
  std::int64_t days = 0, n = 0;
};

}  // namespace

std::optional<std::int64_t> promised_days(const config::LaunchRules& policy, const std::string& area) {
  for (const auto& name : {area, std::string("default")})
    if (const auto found = policy.review_days.find(name); found != policy.review_days.end()) return found->second;
  return std::nullopt;
}

bool freezes(const LaunchFacts::Span& freeze, Date day, std::string_view service, std::string_view team,
             std::string_view program, std::string_view phase) {
  if (day < freeze.from || day > freeze.to) return false;
  if (freeze.scope.empty()) return true;
  for (const auto name : {service, team, program, phase})
    if (equal_ignoring_case(freeze.scope, name)) return true;
  return false;
}

void check_dates(const LaunchReview& review, const config::LaunchDemands& demands, const config::LaunchRules& policy,
                 const LaunchFacts& facts, std::vector<FileFinding>& findings) {
  const auto target = parse_date(review.text("target_date"));
  if (!target) return;
  const auto line = review.find("target_date")->line;
  const auto add = [&](const char* code, Level level, std::string reason, std::string remedy) {
    findings.push_back({code, level, line, "target_date", std::move(reason), std::move(remedy)});
  };
  if (*target < facts.today) {
    add("L030", Level::error, fmt::format("{} is over: today is {}", format_date(*target), format_date(facts.today)),
        "set a new date");
    return;
  }
  Slowest promised, usual;
  for (const auto& area : demands.approvers) {
    const auto days = promised_days(policy, area).value_or(0);
    if (days > promised.days) promised = {area, days, 0};
    if (const auto past = facts.times.of(area); past && past->days > usual.days) usual = {area, past->days, past->n};
  }
  const auto left = business_days(facts.today, *target, facts.holidays);
  if (left < promised.days)
    add("L031", Level::warning,
        fmt::format("{} leaves {}; {} may take {}", format_date(*target), count_of(left, "business day"), promised.area,
                    promised.days),
        "file it soon, or move the date");
  if (left < usual.days)
    add("L033", Level::warning,
        fmt::format("{} leaves {}; {} takes {} at the median (n = {}): predicted {}", format_date(*target),
                    count_of(left, "business day"), usual.area, usual.days, usual.n,
                    format_date(add_business_days(facts.today, usual.days, facts.holidays))),
        "move the date, or ask that area for an earlier one");
  for (const auto& freeze : facts.freezes) {
    if (!freezes(freeze, *target, review.text("service"), review.text("team"), review.text("program"),
                 review.text("phase")))
      continue;
    add("L032", Level::error,
        fmt::format("{} lies in the freeze \"{}\" from {} to {}", format_date(*target), visible(freeze.name),
                    format_date(freeze.from), format_date(freeze.to)),
        "choose a day outside, or get an exception ([[launch.exception]])");
  }
  if (!is_business_day(*target, facts.holidays))
    add("L034", Level::warning, fmt::format("{} is no working day", format_date(*target)),
        "choose a day on which people are there to help");
}

}  // namespace sitrep::policy
