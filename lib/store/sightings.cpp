#include "store/sightings.hpp"

namespace sitrep::store {

void Sightings::add(std::string_view id, UnixTime at) {
  if (!insert_)
    insert_.emplace(db_,
                    "INSERT INTO sighting (source_id, entity, id, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
  insert_->bind(source_id_, entity_, id, at).run();
}

void Sightings::remove(std::string_view id, UnixTime at) {
  if (!remove_)
    remove_.emplace(db_, "DELETE FROM sighting WHERE source_id = ?1 AND entity = ?2 AND id = ?3 AND at = ?4");
  remove_->bind(source_id_, entity_, id, at).run();
}

std::optional<UnixTime> Sightings::next_after(std::string_view id, UnixTime at) {
  if (!next_)
    next_.emplace(db_, "SELECT min(at) FROM sighting WHERE source_id = ?1 AND entity = ?2 AND id = ?3 AND at > ?4");
  next_->bind(source_id_, entity_, id, at).step();
  const auto found = next_->time_or_null(0);
  next_->reset();
  return found;
}

}  // namespace sitrep::store
