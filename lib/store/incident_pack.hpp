#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/entity.hpp"
#include "model/rows.hpp"
#include "store/database.hpp"

// What metrics look at in incidents, packed: a quarter of a year of a million incidents is read in some hundredths of a
// second, where the rows, or an index over the same columns, take a second. incident_pack holds a row for each span of
// k_pack_keys keys of incident_current; what a row says of a record is what the record's columns say, so that reports
// may read either.
//
// A writer takes a span's row away in the transaction that changes one of its records, and packs it again before it
// commits; a kill or another writer's commit in between leaves spans without a row, which readers then read from the
// records. Versions of the past are not packed: as of a past moment the few that held then are read from their table.
namespace sitrep::store {

inline constexpr std::int64_t k_pack_keys = 2048;

/// A record with a start. Times are Unix seconds, k_no_time where there is none; texts are positions in Words.
struct PackedIncident {
  std::int64_t key = 0;
  std::int64_t started = k_no_time, detected = k_no_time, acknowledged = k_no_time, mitigated = k_no_time,
               resolved = k_no_time, observed = 0;
  std::uint32_t severity = 0, kind = 0, status = 0, program = 0, service = 0, cause = 0;
  enum class Title : std::uint8_t { absent, empty, some } title = Title::absent;
  bool past = false;  ///< `key` is one of incident_past
};

/// Different texts, each once; 0 is NULL.
class Words {
 public:
  std::uint32_t add(std::string_view word);
  std::optional<std::uint32_t> find(std::string_view word) const;
  std::string_view operator[](std::uint32_t word) const { return texts_[word]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::vector<std::string> texts_ = {""};
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> places_;
};

/// Takes a record whose words are in the Words that are being filled.
using TakeIncident = std::function<void(const PackedIncident&)>;

/// Which of those that started before the moment asked for count too.
enum class Earlier : std::uint8_t {
  none,
  serious,  ///< of SEV1 and SEV2 those that were not resolved by then
};
/// The incidents of the present that started at `from` or later, and earlier ones: by key. What was known of them at a
/// past moment are those observed by then, and what read_held_incidents() gives.
void read_incidents(Database& db, std::int64_t from, Earlier earlier, Words& words, const TakeIncident& take);
/// About as many, and a little more.
std::size_t count_incidents(Database& db, std::int64_t from);
/// Whether read_incidents() gives such a one, with the serious ones of earlier.
bool matters(const PackedIncident& of, std::int64_t from, const Words& words);

/// Takes a version with its incident's id and source_id.
using TakeHeldIncident = std::function<void(const PackedIncident&, std::string_view id, std::int64_t source)>;
/// All ended versions that held at a moment, those without a start too, in no order.
void read_held_incidents(Database& db, UnixTime as_of, Words& words, const TakeHeldIncident& take);

/// Spans that a writer changes.
class IncidentPacks {
 public:
  IncidentPacks(Database& db, const model::Entity& incident);
  /// In the transaction that changes the record.
  void touch(std::int64_t key);
  /// Instead of touch(), for a record that is new in a table that was empty, with a key above all others: nothing is
  /// read again.
  void add(std::int64_t key, const model::RowBatch::Row& row, UnixTime observed_at);
  /// Packs what was touched, and what a killed writer left without a row.
  void settle();

 private:
  /// The span that add() fills: all of its records so far.
  struct Open {
    std::int64_t span = -1;
    bool written = false;  // its row says so
    Words words;
    std::vector<PackedIncident> incidents;
  };
  void write_open();

  Database& db_;
  Statement take_away_, write_;
  std::vector<std::size_t> places_;  // of the columns that are packed, among a record's cells
  std::set<std::int64_t> touched_;
  std::int64_t last_ = -1;    // of touched_
  std::int64_t newest_ = -1;  // span that a key was seen of
  Open open_;
};

/// After records were written by other means than a writer: packs everything.
void rebuild_incident_packs(Database& db);
/// The same when records are there and no span is packed: a store of an earlier schema.
void ensure_incident_packs(Database& db);

/// Spans whose row is not what their records say.
std::int64_t count_wrong_packs(Database& db);

}  // namespace sitrep::store
