#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "store/incident_pack.hpp"

namespace sitrep::evaluation {

/// Incidents that are over sooner than that after their start are found by it.
inline constexpr std::int64_t k_week = std::int64_t{7} * 86'400;

/// What the passes over all incidents look at: half of a cache line.
struct IncidentFact {
  std::int64_t started, observed;
  std::uint32_t place;    // in IncidentNames::places
  std::uint32_t cause;    // a word; 0: NULL
  std::uint32_t details;  // its place among them
  std::uint16_t kind;     // in IncidentNames::kinds; 0: an incident
  std::uint8_t severity;  // 1 … 5; 0: none; 6: another word
  bool lasting : 1;       // not over within a week of its start, or something is said to have come later than that
  bool impossible : 1;    // something is said to have come before its start

  bool is_serious() const { return severity == 1 || severity == 2; }
};

/// The rest, which few metrics look at, and of few incidents.
struct IncidentDetails {
  std::int64_t key;
  std::int64_t detected, acknowledged, mitigated, resolved;  // store::k_no_time: NULL
  std::uint32_t severity_word;
  bool says_resolved;  // its status
  bool past;           // `key` is of a version that has ended since
  store::PackedIncident::Title title;
};

/// The few texts that many incidents share, by number.
class IncidentNames {
 public:
  std::vector<std::string> kinds = {""};
  std::vector<std::pair<std::string, std::string>> places;  ///< program and service, as records say them

  std::uint16_t kind(std::string_view text);
  std::uint32_t place(std::string_view program, std::string_view service);

 private:
  std::unordered_map<std::string, std::uint32_t> index_;  // by program and service
  std::string key_;
};

/// Makes facts of packed incidents; what is to be said of a word is found out once.
class IncidentReader {
 public:
  /// Details are added to a list whose first one is the `first` of all.
  IncidentReader(const store::Words& words, IncidentNames& names, std::vector<IncidentDetails>& details,
                 std::size_t first = 0)
      : words_(words), names_(names), details_(details), first_(first) {}
  IncidentFact operator()(const store::PackedIncident& of);

 private:
  std::uint32_t place_of(const store::PackedIncident& of);

  const store::Words& words_;
  IncidentNames& names_;
  std::vector<IncidentDetails>& details_;
  std::size_t first_;
  struct Meaning {
    std::uint16_t kind = 0;
    std::uint8_t severity = 0;
    bool resolved = false;
    std::uint32_t program = 0xffffffff, place = 0;  // as a service: where it was last seen
  };
  std::vector<Meaning> meanings_;                            // of words
  std::unordered_map<std::uint64_t, std::uint32_t> places_;  // by the words of program and service
};

/// The present incidents that started since a moment, whenever they were observed, read in one pass: what was known of
/// them at a past moment are those observed by then, beside the versions that held then and have ended since. Nothing
/// in it depends on the moment that is looked at, so that evaluators of several moments share one.
struct IncidentLog {
  IncidentLog(store::Database& db, UnixTime since);

  UnixTime from;
  store::Words words;
  IncidentNames names;
  std::vector<IncidentFact> facts;        // by start
  std::vector<IncidentFact> open_before;  // SEV1 and SEV2 that were not over at `from`, started before: by start
  std::vector<IncidentDetails> details;   // of both
  /// A stretch of `facts`: what is of no use to a moment is passed over with those around it.
  struct Stretch {
    std::size_t begin, end;
    std::int64_t first_seen;  // the earliest that one of them was observed
    std::int64_t last_start;
    std::int64_t serious_over;  // when the last of its SEV1 and SEV2 was over; the maximum: one is not
  };
  std::vector<Stretch> stretches;
};

}  // namespace sitrep::evaluation
