#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "config/source.hpp"
#include "sources/paginator.hpp"
#include "sources/request.hpp"

namespace sitrep::sources {

/// What a stream remembers between runs; opaque to the store.
struct Bookmark {
  std::optional<UnixTime> cursor{};    ///< newest time of change that was seen, or the end of the last clock window
  std::optional<UnixTime> complete{};  ///< start of the last run that asked for everything
  std::string state{};                 ///< incremental.source = "response": where the next sync starts
  std::optional<UnixTime> parent_cursor{};  ///< child requests: how far the parents were covered
  std::optional<UnixTime> changed{};        ///< start of the last run in which a page was not a 304
  std::int64_t total_gap = 0;               ///< records less what the API said there are; confirmed to be so
  std::string fields{};                     ///< JSON of the records' fields and their types (FieldWatch)
  std::string pages{};                      ///< JSON of what was remembered of each page (PageMemory)
  std::string key{};                        ///< what the records' ids are made of (id_recipe)
  std::string to_json() const;
  /// nullopt for "" and for what this version does not understand.
  static std::optional<Bookmark> from_json(std::string_view json);
};

/// What a person asks of a run.
struct Wish {
  bool full = false;              ///< --full
  std::optional<UnixTime> since;  ///< --since
};

/// Which part of a stream a run asks for.
struct Plan {
  bool full = false;             ///< what is not seen is gone
  bool complete = false;         ///< not bounded by the bookmark
  Bounds bounds;                 ///< absent ends are open
  std::optional<Seconds> slice;  ///< bounds are walked in spans of that width
  Seconds step{0};               ///< of clock windows: samples lie at its multiples; 0: unknown
};

/// Pure. With source = "response" the state of the last sync is sent as it is. Record cursors start `lag` below the
/// bookmark (and servers are asked for ">=", so that ties are not lost); a complete run is due when there was none
/// within full_every. Clock windows are aligned to the step of the stream's params, with at most 11,000 samples each,
/// which is what Prometheus allows. Error{config} for an initial_value that is no time.
Plan make_plan(const config::Stream& stream, const std::optional<Bookmark>& bookmark, const Wish& wish, UnixTime now);

/// The spans that a plan is walked in, one after the other.
std::optional<Bounds> first_slice(const Plan& plan);
std::optional<Bounds> next_slice(const Plan& plan, const Bounds& slice);

/// The bookmark after a run. A cursor in the future (a server's clock, a typing error) would hide everything until
/// then: it is taken as now.
Bookmark next_bookmark(const config::Stream& stream, const Plan& plan, const std::optional<Bookmark>& before,
                       std::optional<UnixTime> newest, UnixTime observed_at, UnixTime now);

/// Where a walk stands after a page; a killed run goes on from here.
struct PageState {
  std::string fingerprint;  ///< of the stream's definition: another one starts over
  Plan plan;
  std::size_t group = 0;     ///< partition, or record of the parent stream
  std::string group_digest;  ///< of all groups: other ones start over
  Bounds slice;
  Position position;  ///< of the next page
  std::int64_t pages = 0, records = 0;
  std::optional<UnixTime> newest;
  std::string fields;  ///< JSON of the fields that the records so far had (FieldWatch::seen)
  std::string to_json() const;
  static std::optional<PageState> from_json(std::string_view json);
};

/// What ids are made of, child tables' included, as people read it: "id", "team, number; updates: at".
std::string id_recipe(const config::Stream& stream);

/// Of what decides which records come in which order.
std::string fingerprint(const config::Source& source, const config::Stream& stream);

}  // namespace sitrep::sources
