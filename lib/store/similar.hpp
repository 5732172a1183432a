#pragma once

#include <optional>
#include <string>
#include <string_view>
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
  /// Reads all incidents that the store shows. The store is borrowed for the constructor only.
  explicit IncidentIndex(Store& store);

  /// Those that started before incident `id` and read like it, the most similar first; empty when there is none or the
  /// incident is unknown. Ranking: BM25 (Robertson and Zaragoza 2009), title thrice as heavy as cause.
  std::vector<SimilarIncident> similar(std::string_view id, std::size_t limit);

 private:
  Database db_;
};

}  // namespace sitrep::store
