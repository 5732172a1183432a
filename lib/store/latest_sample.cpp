#include "store/latest_sample.hpp"

namespace sitrep::store {

std::optional<LatestSample> latest_sample(Store& store, std::string_view resource_id, UnixTime now) {
  Statement row(store.db(),
                "SELECT at, used, capacity_limit FROM capacity_sample WHERE resource_id = ?1 AND at <= ?2 "
                "ORDER BY at DESC, source LIMIT 1");
  row.bind(resource_id, now);
  if (!row.step()) return std::nullopt;
  return LatestSample{row.time(0), row.real(1), row.real(2)};
}

}  // namespace sitrep::store
