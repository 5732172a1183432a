#include "evaluation/capacity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <map>
#include <thread>
#include <tuple>

#include "base/text.hpp"

namespace sitrep::evaluation {
namespace {

constexpr Seconds k_history = std::chrono::days{3 * 365};  // more changes no forecast of at most a quarter of it

struct Measured {
  std::vector<model::Sample> samples;
  UnixTime limit_at{};
  std::optional<double> limit;
};

using Key = std::pair<std::string, std::string>;  // source, id

std::map<Key, Measured> read_samples(store::Store& store, UnixTime now) {
  std::map<Key, Measured> result;
  store::Statement rows(store.db(),
                        "SELECT source, resource_id, at, used, capacity_limit FROM capacity_sample "
                        "WHERE at >= ?1 AND at <= ?2");
  rows.bind(now - k_history, now);
  Measured* current = nullptr;
  Key key;
  while (rows.step()) {  // the view gives one series after the other
    if (!current || key.second != rows.text(1) || key.first != rows.text(0)) {
      key = {std::string(rows.text(0)), std::string(rows.text(1))};
      current = &result[key];
    }
    const auto at = rows.time(2);
    if (const auto used = rows.real(3)) current->samples.push_back({at, *used});
    if (const auto limit = rows.real(4); limit && at >= current->limit_at) {
      current->limit = limit;
      current->limit_at = at;
    }
  }
  return result;
}

std::string day(UnixTime t) { return format_date(std::chrono::floor<std::chrono::days>(t)); }

void finish(Resource& resource, Measured measured, const Directory& directory, const CapacityOptions& options) {
  if (const auto* program = directory.program_of_service(resource.service)) resource.program = *program;
  if (measured.limit) resource.limit = measured.limit;
  forecast::RunwayOptions runway;
  runway.now = options.now;
  runway.limit = resource.limit.value_or(0);
  runway.level = options.level;
  runway.origins = options.origins;
  runway.horizon = options.horizon;
  resource.runway = forecast::runway(measured.samples, runway);
  if (resource.runway.first && resource.lead_time_days) {
    resource.order_by = *resource.runway.first - Seconds{static_cast<std::int64_t>(*resource.lead_time_days * 86'400)};
  }
}

struct Job {
  Resource resource;
  Measured measured;
};

/// Forecasts are pure and take nearly all of the time: every processor takes every n-th. The order stays.
std::vector<Resource> finish_all(std::vector<Job>& jobs, const Directory& directory, const CapacityOptions& options) {
  const std::size_t workers = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::future<void>> running;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    running.push_back(std::async(std::launch::async, [&, worker] {
      for (std::size_t i = worker; i < jobs.size(); i += workers)
        finish(jobs[i].resource, std::move(jobs[i].measured), directory, options);
    }));
  }
  for (auto& part : running) part.wait();  // all of them, before an exception of one leaves: they use our frame
  for (auto& part : running) part.get();
  std::vector<Resource> result;
  for (auto& job : jobs) result.push_back(std::move(job.resource));
  return result;
}

}  // namespace

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
  auto samples = read_samples(store, options.now);
  std::vector<Job> jobs;
  const auto wanted = [&](const std::string& id, const std::string& name) {
    return options.resource.empty() || equal_ignoring_case(options.resource, id) ||
           equal_ignoring_case(options.resource, name);
  };
  store::Statement rows(store.db(),
                        "SELECT source, id, name, kind, unit, service, team, region, owner, capacity_limit, "
                        "lead_time_days FROM capacity_resource ORDER BY source, id");
  while (rows.step()) {
    const auto text = [&](int column) { return std::string(rows.text(column)); };
    Resource r{text(0), text(1), text(2), text(3),      text(4),       text(5), text(6),
               text(7), text(8), {},      rows.real(9), rows.real(10), {},      {}};
    if (r.name.empty()) r.name = r.id;
    auto node = samples.extract({r.source, r.id});
    if (!wanted(r.id, r.name)) continue;
    jobs.push_back({std::move(r), node.empty() ? Measured{} : std::move(node.mapped())});
  }
  for (auto& [key, measured] : samples) {
    if (!wanted(key.second, key.second)) continue;
    Resource r;
    r.source = key.first;
    r.id = r.name = key.second;
    jobs.push_back({std::move(r), std::move(measured)});
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
