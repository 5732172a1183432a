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

/// What metrics look at in an incident, without its texts.
struct IncidentFact {
  std::int64_t key;
  std::int64_t started, detected, acknowledged, mitigated, resolved;  // store::k_no_time: NULL
  std::int64_t observed;
  std::uint32_t place;  // in IncidentNames::places
  std::uint32_t cause;  // a word; 0: NULL
  std::uint32_t severity_word;
  std::uint16_t kind;     // in IncidentNames::kinds; 0: an incident
  std::uint8_t severity;  // 1 … 5; 0: none; 6: another word
  bool says_resolved;     // its status
  bool past;              // `key` is of a version that has ended since
  store::PackedIncident::Title title;

  bool is_serious() const { return severity == 1 || severity == 2; }
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
  IncidentReader(const store::Words& words, IncidentNames& names) : words_(words), names_(names) {}
  IncidentFact operator()(const store::PackedIncident& of);

 private:
  const store::Words& words_;
  IncidentNames& names_;
  struct Meaning {
    std::uint16_t kind = 0;
    std::uint8_t severity = 0;
    bool resolved = false;
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
