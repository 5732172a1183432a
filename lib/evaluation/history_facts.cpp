#include "evaluation/history_facts.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace sitrep::evaluation {
namespace {

constexpr std::int64_t k_never = std::numeric_limits<std::int64_t>::min();

std::int64_t time(const store::Statement& row, int column) {
  return row.is_null(column) ? k_never : row.integer(column);
}

/// No later than the end of the span.
std::int64_t known_by(const Interval& span, std::optional<UnixTime> as_of) {
  return unix_seconds(as_of ? std::min(span.to, *as_of) : span.to);
}

}  // namespace

RunFacts::RunFacts(store::Database& db) {
  store::Statement rows(db,
                        "SELECT n.name, st.name, r.id, r.finished_at, r.error IS NULL, r.duplicates FROM "
                        "main.sync_run_log r JOIN main.stream_state st ON st.id = r.stream_id JOIN main.source_name n "
                        "ON n.id = st.source_id WHERE r.finished_at IS NOT NULL ORDER BY r.id");
  while (rows.step())
    streams_[{std::string(rows.text(0)), std::string(rows.text(1))}].push_back(
        {rows.integer(2), rows.integer(3), rows.integer(4) != 0, rows.real(5)});
}

bool RunFacts::counts(std::string_view metric) { return metric == "freshness_hours" || metric == "duplicates"; }

RowSet RunFacts::rows(const config::Metric& metric, const Interval& span, std::optional<UnixTime> as_of) const {
  const bool age = metric.name == "freshness_hours";
  const auto to = unix_seconds(span.to), known = known_by(span, as_of);
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.combine = age ? Combine::max : Combine::sum;
  result.lower_is_better = metric.better == "lower";
  for (const auto& [name, runs] : streams_) {
    const Run* last = nullptr;  // the newest good one by its end; the newest by its number
    for (const auto& run : runs)
      if (run.finished <= known && (age ? run.good && (!last || run.finished > last->finished) : true)) last = &run;
    if (!last) continue;
    auto& row = result.rows.emplace_back();
    row.place = &everywhere();
    if (age)
      row.first = static_cast<double>(to - last->finished) / 3600.0;
    else
      row.first = last->duplicates;
  }
  return result;
}

bool MilestoneFacts::counts(std::string_view metric) {
  return metric == "milestone_slip_days" || metric == "milestone_slips" || metric == "overdue_milestones" ||
         metric == "milestones_slipped";
}

MilestoneFacts::MilestoneFacts(store::Database& db) {
  constexpr std::array<std::string_view, 6> k_over = {"done",      "completed", "complete",
                                                      "cancelled", "canceled",  "dropped"};
  struct Known {
    std::string first, last;  // due days of a stage
  };
  constexpr std::string_view k_columns =
      "n.name, v.id, v.stage, v.program_id, lower(coalesce(v.status, '')), v.due_date, v.completed_date IS NULL, "
      "v.observed_at";
  store::Statement rows(db, fmt::format("SELECT {0}, NULL FROM main.milestone_current v JOIN main.source_name n ON "
                                        "n.id = v.source_id UNION ALL SELECT {0}, v.superseded_at FROM "
                                        "main.milestone_past v JOIN main.source_name n ON n.id = v.source_id ORDER BY "
                                        "1, 2, 8",
                                        k_columns));
  std::map<std::string, std::size_t, std::less<>> programs;
  std::string key;
  std::map<std::string, Known> stages;
  std::string last;  // whatever the stage
  std::size_t milestone = 0;
  while (rows.step()) {
    const auto of = std::string(rows.text(0)) + '\0' + std::string(rows.text(1));
    if (of != key || versions_.empty()) {
      key = of;
      stages.clear();
      last.clear();
      ++milestone;
    }
    const auto program = programs.try_emplace(std::string(rows.text(3)), programs_.size());
    if (program.second) programs_.emplace_back(rows.text(3));
    Version version{.milestone = milestone,
                    .observed = rows.integer(7),
                    .superseded = time(rows, 8),
                    .program = program.first->second,
                    .due = std::string(rows.text(5)),
                    .slip = {}};
    version.open = rows.integer(6) != 0 && std::ranges::find(k_over, rows.text(4)) == k_over.end();
    if (!version.due.empty()) {
      // Stages are told apart as SQL does: none is one too.
      const auto stage = rows.is_null(2) ? std::string() : "=" + std::string(rows.text(2));
      auto& known = stages.try_emplace(stage, Known{version.due, {}}).first->second;
      version.slipped = !known.last.empty() && version.due > known.last;
      version.moved_later = !last.empty() && version.due > last;
      const auto due = parse_date(version.due), first = parse_date(known.first);
      if (due && first) version.slip = static_cast<double>((*due - *first).count());
      known.last = last = version.due;
    }
    versions_.push_back(std::move(version));
  }
}

RowSet MilestoneFacts::rows(const config::Metric& metric, const Interval& span, std::optional<UnixTime> as_of,
                            const Directory& directory, const Calendar& calendar) const {
  const auto& name = metric.name;
  const bool moved = name == "milestones_slipped", days = name == "milestone_slip_days",
             slips = name == "milestone_slips";
  const auto from = unix_seconds(span.from), to = unix_seconds(span.to), known = known_by(span, as_of);
  const auto today = format_date(calendar.zone.date_of(span.to));
  RowSet result;
  result.kind = parse_kind(metric.kind);
  result.combine = days || slips ? Combine::max : result.kind == Kind::level ? Combine::sum : Combine::single;
  result.lower_is_better = metric.better == "lower";
  struct Group {
    std::int64_t records = 0;
    double value = 0;
  };
  std::map<std::pair<std::size_t, bool>, Group> groups;  // program, missing
  const auto add = [&](std::size_t program, std::optional<double> value) {
    auto& group = groups[{program, !value}];
    if (days || slips)
      group.value = group.records == 0 ? value.value_or(0) : std::max(group.value, value.value_or(0));
    else
      group.value += value.value_or(0);
    ++group.records;
  };
  const Version* moved_last = nullptr;
  double so_far = 0;  // slips of the milestone
  for (std::size_t i = 0; i < versions_.size(); ++i) {
    const auto& v = versions_[i];
    if (i == 0 || v.milestone != versions_[i - 1].milestone) so_far = 0;
    if (moved) {
      if (!v.moved_later || v.observed < from || v.observed >= to || v.observed > known) continue;
      // Of several moves the newest.
      if (moved_last && moved_last->milestone != v.milestone) add(moved_last->program, 1);
      moved_last = &v;
      continue;
    }
    if (v.observed > known) continue;
    so_far += v.slipped ? 1 : 0;
    if (!v.open || (v.superseded != k_never && v.superseded <= known)) continue;
    if ((days || slips) && v.due.empty()) continue;
    if (days)
      add(v.program, v.slip);
    else if (slips)
      add(v.program, so_far);
    else
      add(v.program, v.due.empty() ? std::nullopt : std::optional(v.due < today ? 1.0 : 0.0));
  }
  if (moved_last) add(moved_last->program, 1);
  for (const auto& [key, group] : groups) {
    auto& row = result.rows.emplace_back();
    row.place = &directory.place(programs_[key.first], {});
    row.records = group.records;
    row.second = static_cast<double>(group.records);
    if (!key.second) row.first = group.value;
  }
  return result;
}

}  // namespace sitrep::evaluation
