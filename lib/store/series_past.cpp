#include "store/schema.hpp"
#include "store/series_writer.hpp"

// A sample's values in the order of their observation, and one more that was observed among them: the same rule as for
// records (past_writer.hpp), with nothing that could be seen to be gone.
namespace sitrep::store {
namespace {

struct Span {
  UnixTime from{};
  std::optional<UnixTime> until;
  bool same = false;  // its values are those of the row
};

}  // namespace

/// As the view makes it: the series and the time.
std::string SeriesWriter::sample_id(std::int64_t at) const {
  return fmt::format("{}{}{}]", last_text_.substr(0, last_text_.size() - 1), last_text_ == "[]" ? "" : ",", at);
}

void SeriesWriter::put_past(const Series& series, std::int64_t at, const model::RowBatch::Row& row) {
  if (!chain_) {
    const auto table = quote_name(value_table(entity_));
    std::string values;
    for (const auto position : value_columns_) values += ", " + quote_name(entity_.columns[position].name);
    values += ", url, extra";
    const std::string_view key = "WHERE series = ?1 AND at = ?2 AND observed_at = ?3";
    chain_.emplace(db_,
                   fmt::format("SELECT observed_at{}, superseded_at FROM {} WHERE series = ?1 AND at = ?2 ORDER BY "
                               "observed_at",
                               values, table));
    move_.emplace(db_, fmt::format("UPDATE {} SET observed_at = ?4 {}", table, key));
    end_.emplace(db_, fmt::format("UPDATE {} SET superseded_at = ?4 {}", table, key));
    copy_.emplace(db_, fmt::format("INSERT INTO {0} (series, at, observed_at, superseded_at{1}) SELECT series, at, ?4, "
                                   "superseded_at{1} FROM {0} {2}",
                                   table, values, key));
  }
  const auto moment = run_.observed_at;
  std::optional<Span> held, before, after;
  chain_->bind(series.key, at);
  const int last = static_cast<int>(value_columns_.size()) + 3;
  while (chain_->step()) {
    const Span span{chain_->time(0), chain_->time_or_null(last), holds(*chain_, row)};
    if (span.until == moment) before = span;
    if (span.from <= moment && (!span.until || *span.until > moment)) held = span;
    if (span.from > moment && !after) after = span;
  }
  chain_->reset();

  const auto id = sample_id(at);
  if (held && held->same) {
    ++run_.counts.unchanged;
    if (held->from < moment) sightings_.add(id, moment);
    return;
  }
  if (days_) days_->touch(series.key, at);
  auto end = held ? held->until : after ? std::optional(after->from) : std::nullopt;
  ++(held ? run_.counts.changed : run_.counts.added);
  bool seen_again = false;
  if (const auto sight = sightings_.next_after(id, moment); sight && held && (!end || *sight < *end)) {
    end = sight;
    seen_again = true;
  }
  if (held) {
    const bool has_head = held->from < moment;
    if (seen_again && has_head) copy_->bind(series.key, at, held->from, *end).run();
    if (has_head)
      end_->bind(series.key, at, held->from, moment).run();
    else if (seen_again)
      move_->bind(series.key, at, held->from, *end).run();
    else
      drop_->bind(series.key, at, held->from).run();
    if (seen_again) sightings_.remove(id, *end);
  }
  const bool joins_after = !seen_again && after && end && after->from == *end && after->same;
  const bool joins_before = before && before->same && (!held || held->from == moment);
  if (joins_after) sightings_.add(id, after->from);
  if (joins_before) sightings_.add(id, moment);
  if (joins_after) {
    const auto from = joins_before ? before->from : moment;
    if (joins_before) drop_->bind(series.key, at, before->from).run();
    move_->bind(series.key, at, after->from, from).run();
  } else if (joins_before) {
    end_->bind(series.key, at, before->from, end).run();
  } else {
    insert(series, at, row, moment);
    if (end) end_->bind(series.key, at, moment, end).run();
  }
}

}  // namespace sitrep::store
