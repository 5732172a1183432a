#include "evaluation/capacity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <map>
#include <thread>
#include <tuple>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "evaluation/readings.hpp"
#include "store/gc.hpp"

namespace sitrep::evaluation {
namespace {

// Days of UTC count for these when their first sample falls into them.
constexpr Seconds k_recent = std::chrono::days{30};
constexpr Seconds k_peak = std::chrono::days{90};         // use that comes less often than that is no use
constexpr double k_usual_lead_days = 30;                  // where a resource does not say
constexpr Seconds k_history = store::k_forecast_history;  // more changes no forecast of at most a quarter of it
constexpr std::size_t k_workers = 8;                      // a few hundred forecasts

struct Measured {
  std::vector<model::Sample> samples;
  UnixTime limit_at{};
  std::optional<double> limit;
};

using Key = std::pair<std::string, std::string>;  // source, id

/// Samples that say about a day what all of its samples say: its peak, at the time of its first sample, and the newest
/// value. `dates_only`: of a day under way nothing but the newest value, which is all that dates need of it.
std::map<Key, Measured> read_days(store::Store& store, Readings& readings, UnixTime now, bool dates_only) {
  std::map<Key, Measured> result;
  const auto day_of = [](UnixTime t) {
    return static_cast<std::int64_t>(std::chrono::floor<std::chrono::days>(t).time_since_epoch().count());
  };
  Measured* current = nullptr;
  Key key;
  const auto find = [&](std::string_view source, std::string_view id) {
    if (!current || key.second != id || key.first != source) {
      key = {std::string(source), std::string(id)};
      current = &result[key];
    }
  };
  const auto limit_of = [&](UnixTime at, std::optional<double> limit) {
    if (!limit || at < current->limit_at) return;
    current->limit = limit;
    current->limit_at = at;
  };
  bool in_part = false;
  const store::SampleSeries* last = nullptr;
  each_sample_day(
      store, readings, day_of(now - k_history), day_of(now),
      [&](const store::SampleSeries& series, const store::SampleDay& day) {
        if (&series != last) {
          find(series.source, series.resource);
          current->samples.reserve(current->samples.size() + 2 * series.days.size());
        }
        last = &series;
        if (unix_time(day.last_at) > now) {  // of a day that is not over at `now`, what comes later does
          in_part = true;                    // not count
          return;
        }
        if (day.peak && day.first_at < day.used_at) current->samples.push_back({unix_time(day.first_at), *day.peak});
        if (day.used) current->samples.push_back({unix_time(day.used_at), *day.used});
        limit_of(unix_time(day.limit_at), day.limit);
      },
      [&](store::OpenDays& days, const store::SampleSeries& series, std::int64_t day) {
        if (dates_only && day == day_of(now)) {
          find(series.source, series.resource);
          const auto newest = days.newest(series, day, now);
          if (newest.used && !current->samples.empty() &&
              forecast::is_under_way(unix_time(newest.used_at), current->samples.back().at))
            return newest;
        }
        return days.sum_up(series, day);
      });
  if (in_part) {
    store::Statement part(store.db(),
                          "SELECT source, resource_id, at, used, capacity_limit FROM capacity_sample d "
                          "WHERE at >= ?1 AND at <= ?2");
    part.bind(UnixTime{std::chrono::floor<std::chrono::days>(now)}, now);
    while (part.step()) {
      find(part.text(0), part.text(1));
      if (const auto used = part.real(3)) current->samples.push_back({part.time(2), *used});
      limit_of(part.time(2), part.real(4));
    }
  }
  for (auto& [of, measured] : result)
    if (!std::ranges::is_sorted(measured.samples, {}, &model::Sample::at))
      std::ranges::sort(measured.samples, {}, &model::Sample::at);
  return result;
}

/// Requests that are still asked for, by resource; the source of a request may be another than the resource's.
std::map<std::string, std::vector<CapacityRequest>> read_requests(
    store::Store& store, std::map<std::string, std::vector<forecast::Demand>>& launches) {
  std::map<std::string, std::vector<CapacityRequest>> result;
  store::Statement rows(
      store.db(),
      "SELECT r.source, r.id, r.resource_id, r.team, r.status, r.amount, r.needed_date, max(l.title), max(l.status), "
      "max(l.target_date) FROM capacity_request r LEFT JOIN launch_review l ON l.id = r.launch_id "
      "WHERE r.resource_id IS NOT NULL AND r.amount > 0 AND lower(coalesce(r.status, '')) NOT IN ('rejected', "
      "'declined', "
      "'denied', 'withdrawn', 'cancelled', 'canceled', 'done', 'delivered', 'fulfilled', 'completed', 'closed') "
      "GROUP BY r.source, r.id ORDER BY r.needed_date, r.source, r.id");
  while (rows.step()) {
    CapacityRequest request;
    request.source = rows.text(0);
    request.id = rows.text(1);
    request.team = rows.text(3);
    request.status = rows.text(4);
    request.amount = rows.real(5).value_or(0);
    request.needed = parse_date(rows.text(6));
    request.launch = rows.text(7);
    if (rows.text(8) == "approved") {  // a launched one is measured, one under review may never come
      const auto when = parse_date(rows.text(9));
      const auto from = when ? when : request.needed;
      launches[std::string(rows.text(2))].push_back({from ? UnixTime{*from} : UnixTime{}, request.amount});
    }
    result[std::string(rows.text(2))].push_back(std::move(request));
  }
  return result;
}

const forecast::PredictionInterval* range_of(const forecast::Runway& runway) {
  if (!runway.forecast || !runway.forecast->intervals.front().missing.empty()) return nullptr;
  return &runway.forecast->intervals.front();
}

std::optional<double> peak_of(std::span<const model::Sample> samples, UnixTime from, UnixTime to) {
  std::optional<double> peak;
  for (const auto& s : samples) {
    if (s.at > from && s.at <= to) peak = std::max(peak.value_or(s.value), s.value);
  }
  return peak;
}

std::vector<model::Sample> peaks_by_day(std::span<const model::Sample> samples, UnixTime from, UnixTime to) {
  const auto day = [](UnixTime t) { return std::chrono::floor<std::chrono::days>(t); };
  std::vector<model::Sample> peaks;
  for (const auto& s : samples) {
    if (day(s.at) <= day(from) || s.at > to) continue;
    if (peaks.empty() || day(peaks.back().at) != day(s.at)) peaks.push_back(s);
    peaks.back() = {s.at, std::max(peaks.back().value, s.value)};
  }
  return peaks;
}

/// What the resource holds that nothing measured or forecast will use before more could be delivered.
std::optional<double> idle_of(const Resource& resource, std::span<const model::Sample> samples, UnixTime now) {
  const auto* range = range_of(resource.runway);
  if (!resource.limit || range == nullptr) return std::nullopt;
  double need = peak_of(samples, now - k_peak, now).value_or(0);
  const auto days = static_cast<std::size_t>(std::max(1.0, resource.lead_time_days.value_or(k_usual_lead_days)));
  for (std::size_t h = 0; h < std::min(days, range->upper.size()); ++h) need = std::max(need, range->upper[h]);
  return std::max(0.0, *resource.limit - need);
}

/// Holds a request against the upper bound of the forecast on the day it is needed.
void judge(CapacityRequest& request, const Resource& resource) {
  using Support = CapacityRequest::Support;
  const auto* range = range_of(resource.runway);
  if (resource.runway.state == forecast::Runway::State::full) {
    request.support = Support::supported;
    request.reason = "it is full";
    return;
  }
  if (range == nullptr || !resource.limit) {
    request.reason = "no forecast: " + (resource.runway.reason.empty() ? "no limit" : resource.runway.reason);
    return;
  }
  if (!request.needed) {
    request.reason = "says no date";
    return;
  }
  const auto ahead = std::chrono::floor<std::chrono::days>(UnixTime{*request.needed} - resource.runway.forecast_start);
  if (ahead.count() >= static_cast<std::int64_t>(range->upper.size())) {
    request.reason = "needed after " + format_date(std::chrono::floor<std::chrono::days>(resource.runway.horizon_end)) +
                     ", further than the history lets one see";
    return;
  }
  const double upper = range->upper[static_cast<std::size_t>(std::max<std::int64_t>(0, ahead.count()))];
  const double lacking = upper - *resource.limit;
  const auto share = fmt::format("{:.0f} % of the limit", 100 * upper / *resource.limit);
  request.over = std::clamp(request.amount - lacking, 0.0, request.amount);
  request.support = lacking > 0 ? Support::supported : Support::unsupported;
  request.reason =
      fmt::format("by {} at most {} is used ({:.0f} %)", format_date(*request.needed), share, 100 * range->level);
}

std::string day(UnixTime t) { return format_date(std::chrono::floor<std::chrono::days>(t)); }

void finish(Resource& resource, Measured measured, std::vector<forecast::Demand> launches, const Directory& directory,
            const CapacityOptions& options) {
  if (const auto* program = directory.program_of_service(resource.service)) resource.program = *program;
  if (measured.limit) resource.limit = measured.limit;
  forecast::RunwayOptions runway;
  runway.now = options.now;
  runway.limit = resource.limit.value_or(0);
  runway.level = options.level;
  runway.origins = options.origins;
  runway.dates_only = options.dates_only;
  runway.horizon = options.horizon;
  for (const auto& launch : launches) resource.launch_demand += launch.amount;
  runway.added = launches;
  resource.launches = std::move(launches);
  resource.runway = forecast::runway(measured.samples, runway);
  if (resource.runway.first && resource.lead_time_days) {
    resource.order_by = *resource.runway.first - Seconds{static_cast<std::int64_t>(*resource.lead_time_days * 86'400)};
  }
  resource.peak = peak_of(measured.samples, options.now - k_recent, options.now);
  if (!options.dates_only) resource.measured = peaks_by_day(measured.samples, options.now - k_peak, options.now);
  resource.idle = idle_of(resource, measured.samples, options.now);
  for (auto& request : resource.requests) judge(request, resource);
}

struct Job {
  Resource resource;
  Measured measured;
  std::vector<forecast::Demand> launches;
};

/// The samples of each resource, taken out of `samples`: those of its own source and id; else, since one system often
/// counts what another one lists (Prometheus beside an inventory), those that name its id or its name, as long as no
/// other resource has it.
std::vector<Measured> take_samples(const std::vector<Resource>& resources, std::map<Key, Measured>& samples) {
  std::vector<Measured> taken(resources.size());
  std::map<std::string, std::vector<std::size_t>, std::less<>> named;  // id or name → resources without own samples
  for (std::size_t i = 0; i < resources.size(); ++i) {
    const Resource& r = resources[i];
    if (auto node = samples.extract({r.source, r.id})) taken[i] = std::move(node.mapped());
    named[r.id].push_back(i);
    if (r.name != r.id) named[r.name].push_back(i);
  }
  std::map<std::size_t, std::vector<Key>> claims;
  for (const auto& [key, measured] : samples) {
    const auto found = named.find(key.second);
    if (found != named.end() && found->second.size() == 1) claims[found->second.front()].push_back(key);
  }
  for (const auto& [resource, keys] : claims) {
    const bool own = !taken[resource].samples.empty();
    if (!own && keys.size() == 1) taken[resource] = std::move(samples.extract(keys.front()).mapped());
  }
  return taken;
}

/// Forecasts are pure and take nearly all of the time: every processor takes every n-th. The order stays.
std::vector<Resource> finish_all(std::vector<Job>& jobs, const Directory& directory, const CapacityOptions& options) {
  const std::size_t workers = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, k_workers);
  std::vector<std::future<void>> running;
  running.reserve(workers);
  for (std::size_t worker = 0; worker < workers; ++worker) {
    running.push_back(std::async(std::launch::async, [&, worker] {
      for (std::size_t i = worker; i < jobs.size(); i += workers)
        finish(jobs[i].resource, std::move(jobs[i].measured), std::move(jobs[i].launches), directory, options);
    }));
  }
  for (auto& part : running) part.wait();  // all of them, before an exception of one leaves: they use our frame
  for (auto& part : running) part.get();
  std::vector<Resource> result;
  result.reserve(jobs.size());
  for (auto& job : jobs) result.push_back(std::move(job.resource));
  return result;
}

}  // namespace

std::string_view name(CapacityRequest::Support support) {
  switch (support) {
    case CapacityRequest::Support::supported:
      return "supported";
    case CapacityRequest::Support::unsupported:
      return "unsupported";
    case CapacityRequest::Support::unknown:
      break;
  }
  return "unknown";
}

std::optional<double> Resource::idle_cost() const {
  if (!idle || !unit_cost) return std::nullopt;
  return *idle * *unit_cost;
}

std::string Resource::describe() const {
  using State = forecast::Runway::State;
  const auto lead = lead_time_days ? fmt::format(", lead time {:.0f} days", *lead_time_days) : std::string();
  switch (runway.state) {
    case State::full:
      return fmt::format("full: {:.0f} % used{}", 100 * (1 - runway.headroom), lead);
    case State::dated: {
      std::string text = "full " + day(*runway.first);
      if (runway.last)
        text += *runway.last == *runway.first ? "" : " … " + day(*runway.last);
      else
        text += " or later";
      if (runway.forecast && runway.forecast->intervals.front().missing.empty()) {
        text += fmt::format(" ({:.0f} %)", 100 * runway.forecast->intervals.front().level);
      }
      text += lead;
      if (order_by) text += ": order by " + day(*order_by);
      if (launch_demand > 0) text += fmt::format("; approved launches add {} {}", format_amount(launch_demand), unit);
      return text;
    }
    case State::not_in_sight:
      return fmt::format("{:.0f} % free, grows, not full before {} (a quarter of the history){}", 100 * runway.headroom,
                         day(runway.horizon_end), lead);
    case State::no_growth:
      return fmt::format("{:.0f} % free, no growth: no date", 100 * runway.headroom);
    case State::unknown:
      break;
  }
  return runway.reason;
}

std::vector<Resource> capacity(store::Store& store, const Directory& directory, const CapacityOptions& options) {
  Readings own;
  auto samples = read_days(store, options.readings ? *options.readings : own, options.now, options.dates_only);
  std::vector<Job> jobs;
  std::vector<Resource> resources;
  const auto wanted = [&](const std::string& id, const std::string& name) {
    return options.resource.empty() || equal_ignoring_case(options.resource, id) ||
           equal_ignoring_case(options.resource, name);
  };
  std::map<std::string, std::vector<forecast::Demand>> launches;
  auto requests = read_requests(store, launches);
  const auto add = [&](Resource r, Measured measured) {
    if (const auto at = requests.find(r.id); at != requests.end()) r.requests = at->second;
    const auto at = launches.find(r.id);
    jobs.push_back(
        {std::move(r), std::move(measured), at == launches.end() ? std::vector<forecast::Demand>{} : at->second});
  };
  store::Statement rows(store.db(),
                        "SELECT source, id, name, kind, unit, service, team, region, owner, capacity_limit, "
                        "lead_time_days, unit_cost FROM capacity_resource ORDER BY source, id");
  while (rows.step()) {
    Resource r;
    std::string* const texts[] = {&r.source,  &r.id,   &r.name,   &r.kind, &r.unit,
                                  &r.service, &r.team, &r.region, &r.owner};
    for (int i = 0; i < 9; ++i) *texts[i] = rows.text(i);
    r.limit = rows.real(9);
    r.lead_time_days = rows.real(10);
    r.unit_cost = rows.real(11);
    if (r.name.empty()) r.name = r.id;
    resources.push_back(std::move(r));
  }
  auto measured_by_resource = take_samples(resources, samples);
  for (std::size_t i = 0; i < resources.size(); ++i) {
    if (wanted(resources[i].id, resources[i].name)) add(std::move(resources[i]), std::move(measured_by_resource[i]));
  }
  for (auto& [key, measured] : samples) {
    if (!wanted(key.second, key.second)) continue;
    Resource r;
    r.source = key.first;
    r.id = r.name = key.second;
    add(std::move(r), std::move(measured));
  }
  auto result = finish_all(jobs, directory, options);
  std::stable_sort(result.begin(), result.end(), [](const Resource& a, const Resource& b) {
    const auto rank = [](const Resource& r) {
      const auto date = r.order_by ? r.order_by : r.runway.first;
      return std::tuple(!date, date.value_or(UnixTime{}), r.runway.state == forecast::Runway::State::unknown);
    };
    return std::tuple_cat(rank(a), std::tie(a.name)) < std::tuple_cat(rank(b), std::tie(b.name));
  });
  return result;
}

}  // namespace sitrep::evaluation
