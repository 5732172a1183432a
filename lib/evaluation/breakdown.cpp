#include "evaluation/breakdown.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "evaluation/rows.hpp"

namespace sitrep::evaluation {
namespace {

/// Counts one field's values in the period and in the one before.
class Counter {
 public:
  explicit Counter(std::string by) { result_.by = std::move(by); }
  void add(std::string_view name, bool now) {
    const auto [at, fresh] = index_.emplace(name.empty() ? "(none)" : name, result_.groups.size());
    if (fresh) result_.groups.push_back({at->first, 0, 0});
    auto& group = result_.groups[at->second];
    ++(now ? group.now : group.before);
  }
  Breakdown take(bool by_name) {
    std::sort(result_.groups.begin(), result_.groups.end(), [&](const Group& a, const Group& b) {
      if (!by_name && (a.now != b.now || a.before != b.before))
        return a.now != b.now ? a.now > b.now : a.before > b.before;
      return a.name < b.name;
    });
    return std::move(result_);
  }

 private:
  Breakdown result_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

}  // namespace

std::vector<Breakdown> incident_breakdowns(store::Store& store, const Window& window, const Scope& scope,
                                           const Calendar& calendar) {
  static constexpr std::array<const char*, 7> k_days = {"1 Monday", "2 Tuesday",  "3 Wednesday", "4 Thursday",
                                                        "5 Friday", "6 Saturday", "7 Sunday"};
  const Directory directory(store);
  Counter services("service"), severities("severity"), causes("cause"), weekdays("weekday"), hours("hours");
  store::Statement rows(store.db(),
                        "SELECT program, service, severity, cause, started_at FROM incident WHERE started_at >= ?1 "
                        "AND started_at < ?2 AND coalesce(kind, 'incident') = 'incident'");
  rows.bind(std::min(window.previous.from, window.period.from), window.period.to);
  while (rows.step()) {
    const auto at = rows.time(4);
    const bool now = window.period.contains(at);
    if (!now && !window.previous.contains(at)) continue;
    const auto& place = directory.place(rows.text(0), rows.text(1));
    if (!belongs(place, scope)) continue;
    services.add(place.service, now);
    severities.add(rows.text(2), now);
    causes.add(rows.text(3), now);
    const auto local = calendar.zone.to_local(at);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto weekday = std::chrono::weekday{std::chrono::local_days{day}}.iso_encoding();
    const auto hour = std::chrono::floor<std::chrono::hours>(local - day).count();
    weekdays.add(k_days[weekday - 1], now);
    hours.add(weekday <= 5 && hour >= 9 && hour < 18 ? "office hours" : "out of hours", now);
  }
  std::vector<Breakdown> result;
  result.push_back(severities.take(true));
  result.push_back(services.take(false));
  result.push_back(causes.take(false));
  result.push_back(weekdays.take(true));
  result.push_back(hours.take(true));
  return result;
}

std::vector<Breakdown> ticket_breakdowns(store::Store& store, const Window& window, const Scope& scope) {
  static constexpr std::array<const char*, 5> k_fields = {"reason", "service", "product", "channel", "priority"};
  const Directory directory(store);
  std::vector<Counter> counters;
  counters.reserve(k_fields.size());
  for (const char* field : k_fields) counters.emplace_back(field);
  store::Statement rows(store.db(),
                        "SELECT reason, service, product, channel, priority, created_at FROM ticket "
                        "WHERE created_at >= ?1 AND created_at < ?2");
  rows.bind(std::min(window.previous.from, window.period.from), window.period.to);
  while (rows.step()) {
    const auto at = rows.time(5);
    const bool now = window.period.contains(at);
    if (!now && !window.previous.contains(at)) continue;
    if (!belongs(directory.place("", rows.text(1)), scope)) continue;
    for (std::size_t i = 0; i < counters.size(); ++i) counters[i].add(rows.text(static_cast<int>(i)), now);
  }
  std::vector<Breakdown> result;
  result.reserve(counters.size());
  for (auto& counter : counters) result.push_back(counter.take(false));
  return result;
}

ActionSurvival action_survival(store::Store& store, const Window& window, const Scope& scope) {
  const Directory directory(store);
  ActionSurvival result;
  std::vector<metrics::Lifetime> lifetimes;
  store::Statement rows(
      store.db(),
      "SELECT max(coalesce(i.source = a.source, 0)), i.program, i.service, a.created_at, a.completed_at, "
      "a.status FROM action_item a LEFT JOIN incident i ON i.id = a.incident_id "
      "WHERE a.created_at >= ?1 AND a.created_at < ?2 GROUP BY a.source, a.id");
  rows.bind(window.at - std::chrono::days{365}, window.at);
  while (rows.step()) {
    if (!belongs(directory.place(rows.text(1), rows.text(2)), scope)) continue;
    const auto created = rows.time(3);
    const auto completed = rows.time_or_null(4);
    const auto status = rows.text(5);
    if ((completed && *completed < created) || (status == "done" && !completed) ||
        (status == "dropped" && !completed)) {
      ++result.left_out;
      continue;
    }
    const bool done = completed && *completed < window.at && status != "dropped";
    const auto end = completed ? std::min(*completed, window.at) : window.at;
    lifetimes.push_back({static_cast<double>((end - created).count()) / 86'400, done});
    result.open += !completed || *completed >= window.at ? 1 : 0;
  }
  result.n = static_cast<std::int64_t>(lifetimes.size());
  result.curve = metrics::kaplan_meier(lifetimes);
  return result;
}

}  // namespace sitrep::evaluation
