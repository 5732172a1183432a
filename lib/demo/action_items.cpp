#include <algorithm>
#include <array>

#include "demo/organisation.hpp"
#include "demo/random.hpp"

namespace sitrep::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::array<const char*, 12> k_titles = {"Alert on the rate of errors, not on their number",
                                                  "Roll back automatically when the canary fails",
                                                  "Write down how to fail over by hand",
                                                  "Limit the size of the connection pool",
                                                  "Add jitter to retries",
                                                  "Renew certificates 30 days before they expire",
                                                  "Validate configuration before the push",
                                                  "Load-test the new index",
                                                  "Move the batch job out of business hours",
                                                  "Page the owner of the dependency, too",
                                                  "Remove the flag and its dead branch",
                                                  "Add a dashboard of saturation"};

constexpr int k_overdue_of_ledger = 4;
constexpr int k_lost_ids = 3;

/// How many follow-ups an incident leaves.
int item_count(const Incident& incident, Random& random) {
  if (incident.kind != "incident" || !incident.closed) return 0;
  if (incident.severity == "P1") return static_cast<int>(random.whole(2, 4));
  if (incident.severity == "P2") return static_cast<int>(random.whole(1, 3));
  return random.chance(0.28) ? 1 : 0;
}

/// When an item of a team that keeps its dates is done: at latest the day before it is due.
UnixTime in_time(const ActionItem& item, Date due, Random& random) {
  const double span_hours = static_cast<double>((UnixTime{due} - item.created).count()) / 3600.0;
  const double used = std::min(random.lognormal(0.5, 0.5), 0.93);
  return item.created + hours{static_cast<std::int64_t>(span_hours * used)};
}

/// The Ledger team stopped closing follow-ups in autumn: the last items that fell due before now stay open.
void leave_overdue(Organisation& org) {
  int left = k_overdue_of_ledger;
  for (auto item = org.action_items.rbegin(); item != org.action_items.rend() && left > 0; ++item) {
    const Date due = item->due.at(org.now);
    if (item->team != "Ledger" || item->dropped || due >= day_of(org.now) || due < day_of(org.now) - days{75}) continue;
    item->completed.reset();
    --left;
  }
}

}  // namespace

void add_action_items(Organisation& org) {
  Random random(org.seed, "action items");
  for (const auto& incident : org.incidents) {
    const Service* service = org.find_service(incident.service);
    for (int n = item_count(incident, random); n > 0; --n) {
      ActionItem item;
      item.id = "AI-" + std::to_string(2001 + org.action_items.size());
      item.incident_id = incident.id;
      item.title = random.pick(k_titles);
      item.owner = service != nullptr ? service->owner : "";
      item.team = incident.team;
      item.priority = incident.severity == "P1" ? "high" : random.chance(0.6) ? "medium" : "low";
      item.created = *incident.closed + hours{random.whole(2, 30)};
      const Date due = add_working_days(day_of(item.created), item.priority == "high" ? 10 : 20);
      item.due.set(item.created, due);
      const bool calm = service != nullptr && !service->program.empty();
      if (random.chance(0.05)) {
        item.dropped = in_time(item, due, random);
      } else if (!calm && random.chance(0.15)) {  // teams without a program: moved once, then done late
        item.due.set(UnixTime{due} - days{1}, due + days{14});
        item.completed = UnixTime{due} + days{random.whole(8, 24)};
      } else {
        item.completed = in_time(item, due, random);
      }
      org.action_items.push_back(std::move(item));
    }
  }
  std::erase_if(org.action_items, [&](const ActionItem& item) { return item.created > org.now; });
  std::ranges::stable_sort(org.action_items, {}, &ActionItem::created);
  leave_overdue(org);
  // An import of last spring lost the keys of three.
  for (int n = 1; n <= k_lost_ids; ++n) {
    org.action_items[org.action_items.size() * static_cast<std::size_t>(n) / 5].id.clear();
  }
}

}  // namespace sitrep::demo
