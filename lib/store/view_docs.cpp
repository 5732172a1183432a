#include "store/view_docs.hpp"

#include <algorithm>
#include <array>
#include <utility>

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

namespace {

constexpr auto k_usual = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"after", "the date that it got"},
    {"approver", "who is asked, or answered"},
    {"at", "the moment that the value is of"},
    {"author", "who wrote it"},
    {"before", "the date that it had"},
    {"body", "the words"},
    {"channel", "how it was asked: mail, chat, phone"},
    {"completed_at", "when it was done; null: it is not"},
    {"completed_date", "the day it was done; null: it is not"},
    {"created_at", "when it was written down"},
    {"csat_at", "when the customer gave the score"},
    {"decided_at", "when it was approved or turned down; null: it is not decided"},
    {"due_date", "the day it is promised for"},
    {"entity", "what the records are"},
    {"first_response_at", "when somebody answered first"},
    {"id", "the source's id"},
    {"justification", "why it is asked for"},
    {"last_cause", "why the date moved last"},
    {"last_slip_at", "when the date moved last"},
    {"launched_at", "when customers got it; null: not yet"},
    {"mitigation", "what is done about it"},
    {"name", "what people call it"},
    {"needed_date", "the day it is needed by"},
    {"owner", "the person who answers for it"},
    {"phase", "how far it is"},
    {"product", "the product that it is about"},
    {"program", "the program that it belongs to, by its name"},
    {"reason", "why, in the source's words"},
    {"region", "where it stands"},
    {"reopened", "whether it was closed and opened again"},
    {"requested_at", "when it was asked for"},
    {"requests", "how many were sent"},
    {"resolved_at", "when it was over; null: it is not"},
    {"service", "the service that it is about, as the source calls it"},
    {"sla_met", "whether it was in time"},
    {"source", "the source that the record comes from"},
    {"sponsor", "the person who pays for it"},
    {"stage", "the stage that the date is for"},
    {"start_date", "the day it begins"},
    {"started_at", "when it began"},
    {"status", "where it stands, in the source's words"},
    {"stream", "the stream of the source"},
    {"subject", "what it is about"},
    {"submitted_at", "when it was filed; null: it is a draft"},
    {"summary", "the words of its beginning"},
    {"target_date", "the day it is planned for"},
    {"team", "the team that answers for it"},
    {"text", "the words"},
    {"tier", "how much depends on it; 1 is most"},
    {"title", "its one line"},
    {"unchanged", "records in the state that was known"},
    {"unit", "what the numbers count"},
    {"value", "the number"},
});
static_assert(std::ranges::is_sorted(k_usual, {}, &std::pair<std::string_view, std::string_view>::first));

}  // namespace

std::string_view usual_column_doc(std::string_view name) {
  const auto found = std::ranges::lower_bound(k_usual, name, {}, &std::pair<std::string_view, std::string_view>::first);
  return found != k_usual.end() && found->first == name ? found->second : std::string_view();
}

std::span<const ViewDoc> view_docs() { return k_views; }
std::span<const ColumnDoc> common_column_docs() { return k_common; }
std::span<const ColumnDoc> history_column_docs() { return k_history; }

}  // namespace sitrep::store
