#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/store.hpp"

namespace sitrep::store {

/// An incident whose title and cause read like another one's.
struct SimilarIncident {
  std::string source, id, title, service, severity, cause, url;
  std::optional<UnixTime> started_at;
  double similarity = 0;      ///< 0..1: of the score that the incident asked for has itself
  bool same_service = false;  ///< what ties are decided by, and half a score more
};

/// Full-text search over titles and causes of the store's incidents (drills and maintenance left out), in memory.
class IncidentIndex {
 public:
  /// Reads the words of all incidents that the store shows. The store is borrowed.
  explicit IncidentIndex(Store& store);

  /// Those that started before incident `id` and read like it, the most similar first; empty when there is none or the
  /// incident is unknown. Words of one and two letters don't count. Ranking: BM25 (Robertson and Zaragoza 2009, k1 =
  /// 1.2, b = 0.75, the constants of SQLite's FTS5), title thrice as heavy as cause.
  std::vector<SimilarIncident> similar(std::string_view id, std::size_t limit);

 private:
  using Number = std::uint32_t;  ///< of an incident, by its start; of a word or a service, by its first use
  struct Incident {
    std::string source, id;
    Number service = 0;        ///< in lower case; 0: none
    std::uint32_t words = 0;   ///< how long title and cause are
    std::size_t terms_at = 0;  ///< its own words in terms_, each once, in their order
    std::size_t terms_end = 0;
  };
  struct Occurrence {
    Number incident;
    std::uint32_t weight;
  };
  struct Hit {
    Number incident;
    double score;
  };

  void add_words(Number incident, std::string_view title, std::string_view cause);
  std::vector<Hit> hits_of(Number asked);
  SimilarIncident read(const Incident& incident);

  Statement details_;
  std::vector<Incident> incidents_;
  std::unordered_map<std::string, Number> by_id_;
  std::vector<std::vector<Occurrence>> words_;  ///< where each stands, by incident
  std::unordered_map<std::string, Number> by_word_;
  std::vector<Number> terms_;
  double average_words_ = 0;
  std::vector<double> scores_;  ///< by incident; all 0 between two questions
};

}  // namespace sitrep::store
