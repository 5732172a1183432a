#pragma once

#include <limits>
#include <map>
#include <tuple>

#include "evaluation/incident_facts.hpp"

// Shared by the parts of IncidentFacts.
namespace sitrep::evaluation {

inline constexpr std::int64_t k_never = store::k_no_time;
inline constexpr std::int64_t k_90_days = 90 * 86'400, k_14_days = 14 * 86'400;

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

}  // namespace sitrep::evaluation
