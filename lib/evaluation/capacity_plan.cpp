#include "evaluation/capacity_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep::evaluation {
namespace {

using std::chrono::days;

constexpr double k_days_a_year = 365.25;

/// "driver=rest" at the last '='; no '=': everything.
std::pair<std::string, std::string_view> split_driver(std::string_view text) {
  const auto at = text.rfind('=');
  if (at == std::string_view::npos) return {"", trim_view(text)};
  return {std::string(trim_view(text.substr(0, at))), trim_view(text.substr(at + 1))};
}

std::optional<double> percent(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto value = parse_real(trim_view(text));
  if (!value) return std::nullopt;
  return *value / 100;
}

bool names(const Resource& r, std::string_view driver) {
  if (driver.empty()) return true;
  for (const auto* text : {&r.id, &r.name, &r.service, &r.team, &r.program, &r.kind, &r.region}) {
    if (!text->empty() && equal_ignoring_case(*text, driver)) return true;
  }
  return false;
}

void check_driver(std::span<const Resource> resources, const std::string& driver) {
  if (std::any_of(resources.begin(), resources.end(), [&](const Resource& r) { return names(r, driver); })) return;
  std::vector<std::string_view> known;
  for (const auto& r : resources) {
    for (const auto* text : {&r.name, &r.service, &r.team, &r.program, &r.kind, &r.region}) {
      if (!text->empty()) known.push_back(*text);
    }
  }
  fail(ErrorKind::usage, "'{}' is no capacity resource, nor a service, team, program, kind or region of one{}",
       visible(driver), did_you_mean(driver, known));
}

/// The demand on one resource, day by day.
class Outlook {
 public:
  Outlook(const Resource& r, const PlanOptions& options) : resource_(r), now_(options.now) {
    std::size_t drivers = 0;
    for (const auto& g : options.growths) {
      if (!names(r, g.driver)) continue;
      factor_a_year_ *= 1 + g.a_year;
      ++drivers;
    }
    if (drivers == 0) a_day_ = std::max(0.0, r.runway.growth_per_day);
    for (const auto& a : options.additions) {
      if (names(r, a.driver)) (a.is_share ? share_ : amount_) += a.amount;
    }
    text_ = drivers == 0 ? fmt::format("as measured: {} {} a day", format_amount(a_day_), r.unit)
                         : fmt::format("{:.3g} %/y{}", 100 * (factor_a_year_ - 1),
                                       drivers > 1 ? fmt::format(", compounded from {} drivers", drivers) : "");
    if (share_ != 0) text_ += fmt::format(", {:+.3g} %", 100 * share_);
    const auto more = [&](double amount) {
      return fmt::format("{}{} {}", amount > 0 ? "+" : "", format_amount(amount), r.unit);
    };
    if (amount_ != 0) text_ += ", " + more(amount_);
    if (r.launch_demand > 0) text_ += ", launches " + more(r.launch_demand);
  }

  double at(UnixTime t) const {
    const double past = std::max(0.0, static_cast<double>((t - now_).count()) / 86'400);
    double demand = *resource_.peak * std::pow(factor_a_year_, past / k_days_a_year) + a_day_ * past;
    demand = demand * (1 + share_) + amount_;
    for (const auto& launch : resource_.launches) demand += launch.from <= t ? launch.amount : 0;
    return std::max(0.0, demand);
  }
  const std::string& text() const { return text_; }

 private:
  const Resource& resource_;
  UnixTime now_;
  double factor_a_year_ = 1, a_day_ = 0, share_ = 0, amount_ = 0;
  std::string text_;
};

/// What of the members' limits may be counted on.
double usable(const std::vector<const Resource*>& members, const Headroom& headroom) {
  std::vector<double> limits;
  for (const auto* r : members) limits.push_back(*r->limit * (1 - headroom.share));
  std::sort(limits.begin(), limits.end());
  limits.resize(limits.size() - std::min(limits.size(), headroom.spare));
  double sum = 0;
  for (const double limit : limits) sum += limit;
  return sum;
}

PlanRow row_of(const std::vector<const Resource*>& members, const PlanOptions& options) {
  const Resource& first = *members.front();
  PlanRow row;
  row.name = first.name;
  row.service = first.service;
  row.program = first.program;
  row.unit = first.unit;
  row.members = members.size();
  if (members.size() > 1) row.name = fmt::format("{} {} ({} of them)", first.service, first.kind, members.size());
  std::vector<Outlook> outlooks;
  double lead_days = 0;
  double costs = 0;
  bool has_lead = false;
  for (const auto* r : members) {
    outlooks.emplace_back(*r, options);
    row.limit += *r->limit;
    has_lead = has_lead || r->lead_time_days;
    lead_days = std::max(lead_days, r->lead_time_days.value_or(0));
    costs = std::max(costs, r->unit_cost.value_or(0));
  }
  const auto demand = [&](UnixTime t) {
    double sum = 0;
    for (const auto& o : outlooks) sum += o.at(t);
    return sum;
  };
  row.growth = outlooks.front().text();
  // Of what serves no service nobody knows what could take over.
  row.usable = usable(members, first.service.empty() ? Headroom{0, options.headroom.share} : options.headroom);
  row.demand_now = demand(options.now);
  row.demand_until = demand(options.until);
  row.missing = std::max(0.0, row.demand_until - row.usable);
  if (costs > 0) row.cost = row.missing * costs;
  for (auto t = options.now; t <= options.until; t += days{1}) {
    if (demand(t) <= row.usable) continue;
    row.full_at = t;
    if (has_lead) row.order_by = t - Seconds{static_cast<std::int64_t>(lead_days * 86'400)};
    break;
  }
  return row;
}

}  // namespace

Growth parse_growth(std::string_view text) {
  const auto [driver, rate] = split_driver(text);
  const auto slash = rate.find('/');
  const auto share = slash == std::string_view::npos ? std::nullopt : percent(trim_view(rate.substr(0, slash)));
  constexpr std::array<std::pair<std::string_view, double>, 8> k_periods = {{{"y", 1},
                                                                             {"year", 1},
                                                                             {"q", 4},
                                                                             {"quarter", 4},
                                                                             {"m", 12},
                                                                             {"month", 12},
                                                                             {"w", k_days_a_year / 7},
                                                                             {"week", k_days_a_year / 7}}};
  if (share && *share > -1) {
    for (const auto& [name, a_year] : k_periods) {
      if (trim_view(rate.substr(slash + 1)) == name) return {driver, std::pow(1 + *share, a_year) - 1};
    }
  }
  fail(ErrorKind::usage, "'{}' is not a growth rate such as 60%/y or checkout=5%/m", visible(text));
}

Addition parse_addition(std::string_view text) {
  const auto [driver, written] = split_driver(text);
  if (const auto share = percent(written)) return {driver, *share, true};
  auto number = written;
  if (number.starts_with('+')) number.remove_prefix(1);
  if (const auto amount = parse_real(number); amount && !number.starts_with('+')) return {driver, *amount, false};
  fail(ErrorKind::usage, "'{}' is not an addition such as checkout=+20% or 'ledger-db disk=4.5'", visible(text));
}

Headroom parse_headroom(std::string_view text) {
  if (text == "none") return {};
  if (text == "n+1") return {1, 0};
  if (text == "n+2") return {2, 0};
  if (const auto share = percent(text); share && *share >= 0 && *share < 1) return {0, *share};
  fail(ErrorKind::usage, "'{}' is not a headroom: none, n+1, n+2 or a share such as 20%", visible(text));
}

Plan plan(std::span<const Resource> resources, const PlanOptions& options) {
  for (const auto& g : options.growths) check_driver(resources, g.driver);
  for (const auto& a : options.additions) check_driver(resources, a.driver);
  Plan result;
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::vector<const Resource*>> groups;
  for (const auto& r : resources) {
    if (!r.limit || !(*r.limit > 0) || !r.peak) {
      result.left_out.push_back(r.name + ": " +
                                (!r.limit || !(*r.limit > 0) ? "no limit" : "no samples in the last 30 days"));
      continue;
    }
    // Only what serves the same service in the same unit can take over from another.
    const bool joins = options.headroom.spare > 0 && !r.service.empty();
    groups[joins ? std::tuple(r.service, r.kind, r.unit, std::string())
                 : std::tuple(r.service, r.kind, r.unit, r.source + '\n' + r.id)]
        .push_back(&r);
  }
  for (const auto& [key, members] : groups) result.rows.push_back(row_of(members, options));
  std::sort(result.rows.begin(), result.rows.end(), [](const PlanRow& a, const PlanRow& b) {
    const auto key = [](const PlanRow& r) {
      const auto date = r.order_by ? r.order_by : r.full_at;
      return std::tuple(!date, date.value_or(UnixTime{}), r.name);
    };
    return key(a) < key(b);
  });
  return result;
}

}  // namespace sitrep::evaluation
