#include "evaluation/launch_log.hpp"

#include <unordered_map>

#include "store/incident_pack.hpp"

namespace sitrep::evaluation {
namespace {

using store::k_no_time;

}  // namespace

bool LaunchLog::Launch::is_odd() const {
  const auto before = [&](Step step) { return at(step) != k_no_time && at(step) < at(Step::submitted); };
  return before(Step::decided) || before(Step::launched);
}

LaunchLog::LaunchLog(store::Store& store, UnixTime since, UnixTime odd_since) : from(since), odd_from(odd_since) {
  std::unordered_map<std::string, std::uint32_t> index;  // by program and service
  std::string key;
  store::Statement rows(store.db(),
                        "SELECT program, service, status, target_date, submitted_at, decided_at, launched_at FROM "
                        "launch_review WHERE submitted_at >= ?1 OR decided_at >= ?1 OR launched_at >= ?1 OR "
                        "(submitted_at >= ?2 AND (decided_at < submitted_at OR launched_at < submitted_at))");
  rows.bind(from, odd_from);
  while (rows.step()) {
    key.assign(rows.text(0)).append(1, '\0').append(rows.text(1));
    const auto [place, fresh] = index.try_emplace(key, static_cast<std::uint32_t>(places.size()));
    if (fresh) places.emplace_back(rows.text(0), rows.text(1));
    const auto status = rows.text(2);
    launches.push_back({{rows.seconds(4), rows.seconds(5), rows.seconds(6)},
                        place->second,
                        status == "approved" || status == "launched",
                        std::string(rows.text(3))});
  }
  for (const auto step : {Step::submitted, Step::decided, Step::launched}) {
    auto& list = in_order[static_cast<std::size_t>(step)];
    for (std::uint32_t i = 0; i < launches.size(); ++i)
      if (launches[i].at(step) != k_no_time) list.push_back(i);
    std::ranges::stable_sort(list, {}, [&](std::uint32_t i) { return launches[i].at(step); });
  }
}

std::shared_ptr<const LaunchLog> Launches::since(UnixTime from) {
  if (!log_ || log_->from > from) log_ = std::make_shared<const LaunchLog>(store_, from, odd_from_);
  return log_;
}

std::shared_ptr<const LaunchLog> Launches::odd_since(UnixTime from) {
  expect_odd(from);
  if (!log_ || log_->odd_from > from)
    log_ = std::make_shared<const LaunchLog>(store_, log_ ? log_->from : UnixTime::max(), odd_from_);
  return log_;
}

}  // namespace sitrep::evaluation
