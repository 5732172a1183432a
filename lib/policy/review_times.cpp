#include "policy/review_times.hpp"

#include <algorithm>

#include "base/business_days.hpp"
#include "base/text.hpp"
#include "store/listing.hpp"

namespace sitrep::policy {

void ReviewTimes::add(const std::string& area, std::int64_t days) { days_[lower_ascii(area)].push_back(days); }

std::optional<ReviewTimes::Usual> ReviewTimes::of(const std::string& area) const {
  const auto found = days_.find(lower_ascii(area));
  if (found == days_.end() || static_cast<std::int64_t>(found->second.size()) < k_least_reviews) return std::nullopt;
  auto sorted = found->second;
  std::sort(sorted.begin(), sorted.end());
  const auto n = sorted.size();
  const auto twice = sorted[(n - 1) / 2] + sorted[n / 2];
  return Usual{(twice + 1) / 2, static_cast<std::int64_t>(n)};
}

ReviewTimes review_times(store::Store& store, UnixTime now, const Calendar& calendar, const std::set<Date>& holidays) {
  store::Listing listing;
  listing.entity = "launch_approval";
  listing.time_column = "decided_at";
  listing.since = now - std::chrono::days{365};
  listing.until = now + Seconds{1};
  const auto listed = store::list(store, listing);
  const auto at = [&](const std::vector<store::OwnedCell>& row, const char* column) {
    return row[static_cast<std::size_t>(listed.index_of(column))];
  };
  ReviewTimes times;
  for (const auto& row : listed.rows) {
    const auto area = at(row, "area"), requested = at(row, "requested_at"), decided = at(row, "decided_at");
    const auto* from = std::get_if<std::int64_t>(&requested);
    const auto* to = std::get_if<std::int64_t>(&decided);
    const auto* name = std::get_if<std::string>(&area);
    if (from == nullptr || to == nullptr || name == nullptr || *to < *from) continue;
    const auto day = [&](std::int64_t seconds) { return calendar.zone.date_of(unix_time(seconds)); };
    times.add(*name, business_days(day(*from), day(*to), holidays));
  }
  return times;
}

Date add_business_days(Date from, std::int64_t count, const std::set<Date>& holidays) {
  constexpr std::int64_t k_most = 3000;  // twelve years: beyond it nobody plans
  auto day = from;
  count = std::min(count, k_most);
  while (count == 0 && !is_business_day(day, holidays)) day += std::chrono::days{1};
  while (count > 0) {
    day += std::chrono::days{1};
    if (is_business_day(day, holidays)) --count;
  }
  return day;
}

}  // namespace sitrep::policy
