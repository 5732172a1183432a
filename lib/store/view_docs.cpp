#include "store/view_docs.hpp"

#include <array>

namespace sitrep::store {
namespace {

constexpr auto k_common = std::to_array<ColumnDoc>({
    {"source", "text", "the source that the record comes from"},
    {"id", "text", "the source's id; a composite key as a JSON array; with source it identifies the record"},
    {"url", "text", "where the record can be seen"},
    {"extra", "json", "what has no column of its own"},
    {"observed_at", "timestamp", "start of the sync that first saw this state"},
});

constexpr auto k_history = std::to_array<ColumnDoc>({
    {"superseded_at", "timestamp", "when the next state was seen; null: it holds still"},
    {"deleted_at", "timestamp", "when the record was seen to be gone; null: it was not"},
});

constexpr auto k_sync_run = std::to_array<ColumnDoc>({
    {"id", "integer", "counts up with every run"},
    {"source", "text", ""},
    {"stream", "text", ""},
    {"entity", "text", "what the stream's records are"},
    {"pass", "text", "full: everything was asked for; partial: what changed"},
    {"observed_at", "timestamp", "start of the logical run, kept when a killed one is resumed"},
    {"started_at", "timestamp", ""},
    {"finished_at", "timestamp", "null: it runs, or was killed"},
    {"requests", "integer", ""},
    {"not_modified", "integer", "requests answered by 304"},
    {"bytes", "integer", "of answers, as received"},
    {"added", "integer", "new records"},
    {"changed", "integer", "records in another state than before"},
    {"unchanged", "integer", ""},
    {"removed", "integer", "records that were gone"},
    {"rejected", "integer", "records that could not be kept; the view reject has them"},
    {"duplicates", "integer", "further sights of a record in one run"},
    {"odd_values", "integer", "values kept in extra because their column could not hold them"},
    {"rows", "integer", "records of the stream after the run"},
    {"error", "text", "why it failed; null: it did not"},
    {"notes", "json", "what else the run has to say"},
});

constexpr auto k_stream = std::to_array<ColumnDoc>({
    {"source", "text", ""},
    {"stream", "text", ""},
    {"entity", "text", ""},
    {"last_success_at", "timestamp", "end of the newest run without error"},
    {"last_full_at", "timestamp", "end of the newest full pass without error"},
    {"rows", "integer", "records after the newest run without error"},
});

constexpr auto k_reject = std::to_array<ColumnDoc>({
    {"source", "text", ""},
    {"stream", "text", ""},
    {"entity", "text", ""},
    {"reason", "text", "why it could not be kept"},
    {"raw", "json", "the record as it came"},
    {"place", "text", "page and position in the answer"},
    {"first_at", "timestamp", "first run that rejected it"},
    {"last_at", "timestamp", "newest run that rejected it"},
    {"standing", "boolean", "no full pass since then found it mended or gone"},
});

constexpr auto k_slip = std::to_array<ColumnDoc>({
    {"entity", "text", "milestone or launch_review"},
    {"source", "text", ""},
    {"id", "text", ""},
    {"title", "text", ""},
    {"program", "text", ""},
    {"stage", "text", "of a launch its phase; the date of a next stage is no slip"},
    {"at", "timestamp", "start of the sync that saw the new date"},
    {"before", "date", ""},
    {"after", "date", ""},
    {"days", "integer", "by how much it moved; positive: later"},
    {"cause", "text", "the record's own reason, else the last note of that time about it"},
});

constexpr auto k_slip_sums = std::to_array<ColumnDoc>({
    {"source", "text", ""},
    {"id", "text", ""},
    {"title", "text", ""},
    {"program", "text", ""},
    {"owner", "text", ""},
    {"stage", "text", ""},
    {"status", "text", ""},
    {"due_date", "date", "of a launch its target_date"},
    {"past_dates", "json", "dates it had: stage, date, seen"},
    {"slips", "integer", "how often the date moved to a later day"},
    {"days_slipped", "integer", "sum of all moves"},
    {"last_slip_at", "timestamp", ""},
    {"last_cause", "text", ""},
});

constexpr auto k_service_name = std::to_array<ColumnDoc>({
    {"name", "text", "a name or alias, in lower case"},
    {"service", "text", "the service's own name"},
    {"team", "text", ""},
    {"owner", "text", ""},
    {"program", "text", "the program's name"},
    {"tier", "integer", ""},
});

constexpr auto k_views = std::to_array<ViewDoc>({
    {"stream", "The streams of the sources, with their freshness", k_stream},
    {"sync_run", "Every run of every stream", k_sync_run},
    {"reject", "Records that could not be kept, each once with its first and its newest run", k_reject},
    {"slip", "Every date of a milestone or a launch that moved", k_slip},
    {"milestone_slip", "Each milestone with its past dates and slips", k_slip_sums},
    {"launch_slip", "Each launch with its past dates and slips", k_slip_sums},
    {"service_name", "Every name that a service goes by, its aliases included", k_service_name},
});

}  // namespace

std::span<const ViewDoc> view_docs() { return k_views; }
std::span<const ColumnDoc> common_column_docs() { return k_common; }
std::span<const ColumnDoc> history_column_docs() { return k_history; }

}  // namespace sitrep::store
