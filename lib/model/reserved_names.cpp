#include "model/reserved_names.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace sitrep::model {
namespace {

constexpr auto k_names = std::to_array<std::string_view>({"capacity_day",
                                                          "capacity_sample_day",
                                                          "incident_counts",
                                                          "incident_pack",
                                                          "json_each",
                                                          "json_tree",
                                                          "launch_slip",
                                                          "milestone_date",
                                                          "milestone_slip",
                                                          "outbox",
                                                          "own_entity",
                                                          "reject",
                                                          "removed_past",
                                                          "request_outlook",
                                                          "runway",
                                                          "seen_chunk",
                                                          "service_name",
                                                          "sighting",
                                                          "slip",
                                                          "source_name",
                                                          "stream",
                                                          "stream_state",
                                                          "sync_run",
                                                          "waiting_gate",
                                                          "waiting_launch",
                                                          "workday"});
constexpr std::array<std::string_view, 6> k_suffixes = {"_current", "_past", "_history", "_series", "_value", "_log"};
constexpr std::array<std::string_view, 2> k_prefixes = {"sqlite_", "pragma_"};

}  // namespace

bool is_reserved_entity(std::string_view name) {
  const auto lower = lower_ascii(name);
  return std::ranges::find(k_names, lower) != k_names.end() ||
         std::ranges::any_of(k_suffixes, [&](std::string_view suffix) { return lower.ends_with(suffix); }) ||
         std::ranges::any_of(k_prefixes, [&](std::string_view prefix) { return lower.starts_with(prefix); });
}

}  // namespace sitrep::model
