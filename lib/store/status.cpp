#include "store/status.hpp"

#include <algorithm>

namespace sitrep::store {
namespace {

/// Written by a clock that has gone back since: as young as can be.
std::optional<UnixTime> not_after(std::optional<UnixTime> t, UnixTime now) { return t ? std::min(*t, now) : t; }

}  // namespace

std::vector<StreamStatus> stream_status(Store& store) {
  std::vector<StreamStatus> all;
  Statement streams(
      store.db(),
      "SELECT source, stream, entity, last_success_at, last_full_at, rows FROM stream ORDER BY source, stream");
  while (streams.step()) {
    StreamStatus status;
    status.source = streams.text(0);
    status.stream = streams.text(1);
    status.entity = streams.text(2);
    status.last_success_at = not_after(streams.time_or_null(3), store.known_at());
    status.last_full_at = not_after(streams.time_or_null(4), store.known_at());
    status.rows = streams.integer_or_null(5);
    all.push_back(std::move(status));
  }
  Statement runs(
      store.db(),
      "SELECT started_at, finished_at, pass, added, changed, unchanged, removed, rejected, duplicates, requests, "
      "not_modified, bytes, odd_values, error, notes FROM sync_run WHERE source = ?1 AND stream = ?2 ORDER BY "
      "observed_at DESC, id DESC LIMIT 1");
  Statement pages(store.db(),
                  "SELECT st.page_state FROM main.stream_state st JOIN main.source_name n ON n.id = st.source_id WHERE "
                  "n.name = ?1 AND st.name = ?2");
  for (auto& status : all) {
    if (runs.bind(status.source, status.stream).step()) {
      StreamStatus::Run run;
      run.started_at = runs.time(0);
      run.finished_at = runs.time_or_null(1);
      run.pass = runs.text(2);
      run.counts = {runs.integer(3), runs.integer(4), runs.integer(5),
                    runs.integer(6), runs.integer(7), runs.integer(8)};
      run.requests = runs.integer_or_null(9);
      run.not_modified = runs.integer_or_null(10);
      run.bytes = runs.integer_or_null(11);
      run.odd_values = runs.integer_or_null(12);
      run.error = runs.text_or_null(13);
      run.notes = runs.text_or_null(14);
      status.last_run = std::move(run);
    }
    if (!store.options().as_of && pages.bind(status.source, status.stream).step())
      status.interrupted_at = pages.text_or_null(0);
  }
  return all;
}

}  // namespace sitrep::store
