#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "store/store.hpp"

// `sitrep store export` and `store import`: everything that the store remembers as NDJSON. Records stand in the order
// of entity, id, source and time, one version a line, so that a change of a record changes the lines beside it. Keys of
// tables and hashes are not in it: import makes them again, and what is exported then has the same bytes.
//
//   {"sitrep_store":2}                                             the format
//   {"own_entity":NAME,"declaration":{…}}                          [entity.NAME]
//   {"stream":NAME,"source":…,"entity":…,"bookmark":…,…}           where its next sync starts
//   {"version":ENTITY,"source":…,"id":…,"stream":…,"observed_at":…,"superseded_at":…,"deleted_at":…,"row":{…}}
//                                                                  and "hash", where a person was forgotten
//   {"sample":ENTITY,…}                                            the same of series
//   {"sighting":ENTITY,"source":…,"id":…,"at":…}
//   {"run":ID,…} {"reject":REASON,…} {"outbox":ID,…} {"removed_past":WHAT,…}
//   {"end":LINES}                                                  how many stand before it; format 1 had none
//
// Times are Unix seconds; what is NULL is left out. The place of an interrupted sync is not in it: such a pass begins
// again.
namespace sitrep::store {

inline constexpr std::int64_t k_export_format = 2;

/// Calls `line` with each line, its end included. Whatever as_of says, everything.
void export_store(Store& store, const std::function<void(std::string_view)>& line);

struct Loaded {
  std::int64_t lines = 0, versions = 0, samples = 0, streams = 0;
};

/// Takes an export back, in one transaction. `file` is for messages.
///
/// Errors  Error{store}: the store is not empty; Error{data} `file:line: …`: the text is not a whole export;
///         Error{config}: an own entity is declared otherwise here.
Loaded load_export(Store& store, std::string_view text, const std::string& file);

}  // namespace sitrep::store
