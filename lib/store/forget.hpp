#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/person_name.hpp"
#include "store/store.hpp"

namespace sitrep::store {

/// Values of one column that named a person.
struct Forgotten {
  std::string where;  ///< the entity, or reject, sync_run, outbox
  std::string column;
  std::int64_t values = 0;
  bool left = false;  ///< part of an id or of a series' key: it names the record and stays
};

/// Takes a person out of every version of every record: their name (a PersonName; inside JSON too) becomes
/// "[forgotten]", and what they wrote (text and body of rows whose author they are) with it.
/// A record that the source sends as before is then still unchanged, so the name comes back only with a change of the
/// record. With Access::read_only, or `apply` false, only counts. Error{usage}: a name of fewer than two characters.
std::vector<Forgotten> forget(Store& store, std::string_view person, bool apply);

/// Whether a person was taken out of the row: then its hash is not that of what it holds.
/// Reads every cell as text: their types are to be asked for before.
bool is_forgotten(const Statement& row);

}  // namespace sitrep::store
