#include "evaluation/history_facts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>
#include <unordered_map>

#include "base/text.hpp"

namespace sitrep::evaluation {
namespace {

using store::k_no_time;

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
  return names_items(metric) || metric == "overdue_milestones" || metric == "milestones_slipped";
}

bool MilestoneFacts::names_items(std::string_view metric) {
  return metric == "milestone_slip_days" || metric == "milestone_slips";
}

/// A milestone's versions, each with its stage.
struct MilestoneFacts::Read {
  std::string source, id;
  std::vector<std::pair<Version, std::optional<std::string>>> versions;
};

/// In no order: to sort what is left of them takes a fraction of what SQL takes for its rows.
std::vector<MilestoneFacts::Read> MilestoneFacts::read_all(store::Database& db) {
  constexpr std::array<std::string_view, 6> k_over = {"done",      "completed", "complete",
                                                      "cancelled", "canceled",  "dropped"};
  constexpr std::string_view k_columns =
      "source_id, id, stage, program_id, status, due_date, completed_date IS NULL, observed_at, title";
  std::map<std::int64_t, std::string> sources;
  store::Statement names(db, "SELECT id, name FROM main.source_name");
  while (names.step()) sources.emplace(names.integer(0), names.text(1));
  std::vector<Read> all;
  std::unordered_map<std::string, std::uint32_t> places, programs;
  std::string key;
  const auto place_of = [&key](std::unordered_map<std::string, std::uint32_t>& list) {
    return list.try_emplace(key, static_cast<std::uint32_t>(list.size()));
  };
  store::Statement rows(db, fmt::format("SELECT {0}, NULL FROM main.milestone_current UNION ALL SELECT {0}, "
                                        "superseded_at FROM main.milestone_past",
                                        k_columns));
  while (rows.step()) {
    key.assign(rows.text(1)).append(1, '\0').append(std::to_string(rows.integer(0)));
    const auto [milestone, is_new] = place_of(places);
    if (is_new) all.push_back({sources[rows.integer(0)], std::string(rows.text(1)), {}});
    key.assign(std::to_string(rows.integer(0))).append(1, '\0').append(rows.text(3));
    const auto [program, fresh] = place_of(programs);
    if (fresh) programs_.emplace_back(sources[rows.integer(0)], rows.text(3));
    auto& [version, stage] = all[milestone->second].versions.emplace_back();
    stage = rows.text_or_null(2);
    version.program = program->second;
    version.open = rows.integer(6) != 0 && std::ranges::find(k_over, lower_ascii(rows.text(4))) == k_over.end();
    version.due = rows.text(5);
    version.observed = rows.integer(7);
    version.title = rows.is_null(8) ? Title::absent : rows.text(8).empty() ? Title::empty : Title::some;
    version.superseded = rows.seconds(9);
  }
  return all;
}

MilestoneFacts::MilestoneFacts(store::Database& db) {
  struct Known {
    std::optional<Date> first;
    std::string last;  // due days of a stage
  };
  auto all = read_all(db);
  std::ranges::sort(all, {}, [](const Read& r) { return std::tie(r.source, r.id); });
  std::size_t count = 0;
  for (const auto& milestone : all) count += milestone.versions.size();
  versions_.reserve(count);
  milestones_.reserve(all.size());
  for (auto& [source, id, versions] : all) {
    std::ranges::sort(versions, {}, [](const auto& v) { return v.first.observed; });
    std::map<std::optional<std::string>, Known> stages;
    for (auto& [version, stage] : versions) {
      version.milestone = static_cast<std::uint32_t>(milestones_.size());
      if (!version.due.empty()) {
        const auto due = parse_date(version.due);
        const auto [at, is_first] = stages.try_emplace(stage, Known{due, {}});
        auto& known = at->second;
        version.slipped = !is_first && version.due > known.last;
        if (due && known.first) version.slip = static_cast<double>((*due - *known.first).count());
        known.last = version.due;
      }
      versions_.push_back(std::move(version));
    }
    milestones_.emplace_back(std::move(source), std::move(id));
  }
}

template <class Take>
void MilestoneFacts::each_open(std::int64_t known, const Take& take) const {
  auto milestone = static_cast<std::uint32_t>(milestones_.size());  // none yet
  double slips = 0;
  for (const auto& v : versions_) {
    if (v.milestone != milestone) slips = 0;
    milestone = v.milestone;
    if (v.observed > known) continue;
    slips += v.slipped ? 1 : 0;
    if (v.open && (v.superseded == k_no_time || v.superseded > known)) take(v, slips);
  }
}

template <class Take>
void MilestoneFacts::each_moved(const Interval& span, std::int64_t known, const Take& take) const {
  const auto from = unix_seconds(span.from), to = unix_seconds(span.to);
  const Version* newest = nullptr;
  for (const auto& v : versions_) {
    if (!v.slipped || v.observed < from || v.observed >= to || v.observed > known) continue;
    if (newest && newest->milestone != v.milestone) take(*newest);
    newest = &v;
  }
  if (newest) take(*newest);
}

RowSet MilestoneFacts::rows(const config::Metric& metric, const Interval& span, std::optional<UnixTime> as_of,
                            const Directory& directory, const Calendar& calendar) const {
  const auto& name = metric.name;
  const bool days = name == "milestone_slip_days", slips = name == "milestone_slips";
  const auto known = known_by(span, as_of);
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
  if (name == "milestones_slipped")
    each_moved(span, known, [&](const Version& v) { add(v.program, 1); });
  else
    each_open(known, [&](const Version& v, double so_far) {
      if ((days || slips) && v.due.empty()) return;
      if (days)
        add(v.program, v.slip);
      else if (slips)
        add(v.program, so_far);
      else
        add(v.program, v.due.empty() ? std::nullopt : std::optional(v.due < today ? 1.0 : 0.0));
    });
  for (const auto& [key, group] : groups) {
    auto& row = result.rows.emplace_back();
    row.place = &directory.place(programs_[key.first].second, {}, {}, programs_[key.first].first);
    row.records = group.records;
    row.second = static_cast<double>(group.records);
    if (!key.second) row.first = group.value;
  }
  return result;
}

Chosen MilestoneFacts::shown(const config::Metric& metric, const Interval& span, std::optional<UnixTime> as_of,
                             const Directory& directory, const Scope& scope) const {
  const bool days = metric.name == "milestone_slip_days";
  std::vector<bool> inside;
  for (const auto& [source, program] : programs_)
    inside.push_back(belongs(directory.place(program, {}, {}, source), scope));
  std::vector<std::pair<double, std::size_t>> found;  // value, milestone
  each_open(known_by(span, as_of), [&](const Version& v, double slips) {
    // What the definition has a label for.
    const bool has_label = days ? v.title != Title::absent && (v.slip || slips == 0) : v.title == Title::some;
    if (inside[v.program] && !v.due.empty() && has_label)
      found.emplace_back(days ? v.slip.value_or(0) : slips, v.milestone);
  });
  std::ranges::stable_sort(found, std::greater(), &std::pair<double, std::size_t>::first);
  Chosen chosen;
  if (found.size() > k_items) chosen.left_out = static_cast<std::int64_t>(found.size() - k_items);
  found.resize(std::min(found.size(), k_items));
  for (const auto& [value, milestone] : found) chosen.records.insert(milestones_[milestone]);
  return chosen;
}

}  // namespace sitrep::evaluation
