#pragma once

#include <algorithm>
#include <map>
#include <tuple>

#include "evaluation/incident_facts.hpp"

// Shared by the parts of IncidentFacts.
namespace sitrep::evaluation {

inline constexpr std::int64_t k_90_days = std::int64_t{90} * 86'400, k_14_days = std::int64_t{14} * 86'400;

/// Sums by place and reason of exclusion.
class IncidentFacts::Groups {
 public:
  using Map = std::map<std::tuple<std::uint32_t, std::string_view, bool>, Group>;

  Group& at(std::uint32_t place, std::string_view excluded, bool missing = false) {
    if (last_ != nullptr && last_place_ == place && last_excluded_ == excluded && last_missing_ == missing)
      return *last_;
    auto& group = groups_[{place, excluded, missing}];
    last_ = &group;
    last_place_ = place;
    last_excluded_ = excluded;
    last_missing_ = missing;
    return group;
  }
  void add(std::uint32_t place, std::string_view excluded, double first, double second = 0) {
    auto& group = at(place, excluded);
    ++group.records;
    group.first += first;
    group.second += second;
  }
  Map& all() { return groups_; }

 private:
  Map groups_;
  Group* last_ = nullptr;
  std::uint32_t last_place_ = 0;
  std::string_view last_excluded_;
  bool last_missing_ = false;
};

template <class Take>
void IncidentFacts::each_lately(std::int64_t from, std::int64_t to, const Take& take) const {
  const auto first = std::ranges::lower_bound(lasting_, from - k_90_days, {}, &Fact::started);
  for (auto at = first; at != lasting_.end() && (*at)->started < from - k_week; ++at) take(**at);
  const auto [begin, end] = started_in(from - k_week, to);
  for (std::size_t i = begin; i < end; ++i) take(*facts_[i]);
}

}  // namespace sitrep::evaluation
