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
/// Old pages of the file still hold the name until leave_no_trace().
std::vector<Forgotten> forget(Store& store, std::string_view person, bool apply);
/// Rewrites the file: what rows left behind in free pages goes with the pages, and those of the log with the log.
/// Error{store}: no room for a second copy, or another program keeps the old pages.
void leave_no_trace(Store& store);

/// Whether a person was taken out of the row: then its hash is not that of what it holds.
/// Reads every cell as text: their types are to be asked for before.
bool is_forgotten(const Statement& row);

}  // namespace sitrep::store
