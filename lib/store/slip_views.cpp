#include "store/slip_views.hpp"

#include <fmt/core.h>

#include <string_view>

namespace sitrep::store {
namespace {

struct Dated {
  std::string_view entity, program, stage, date;
};
constexpr Dated k_milestone{"milestone", "program_id", "stage", "due_date"};
constexpr Dated k_launch{"launch_review", "program", "phase", "target_date"};

/// By its name, where the text is the id of one: of the record's own source first.
std::string program_of(std::string_view text, std::string_view source) {
  return fmt::format(
      "coalesce((SELECT p.name FROM program p WHERE p.id = {0} AND p.source = {1}), (SELECT min(p.name) FROM program p "
      "WHERE p.id = {0}), {0})",
      text, source);
}

std::string moves(const Dated& dated) {
  return fmt::format(R"sql(
SELECT '{0}' AS entity, m.source, m.id, m.title, {4} AS program, m.stage, m.at, m.before, m.after,
       CAST(julianday(m.after) - julianday(m.before) AS INTEGER) AS days,
       coalesce(m.reason, (SELECT n.text FROM note n
                           WHERE (n.subject = m.id COLLATE NOCASE OR n.subject = m.title COLLATE NOCASE)
                             AND n.at > m.before_at AND n.at < coalesce(m.next_at, 9e18)
                           ORDER BY n.at DESC, n.id LIMIT 1)) AS cause
FROM (SELECT d.*, lead(d.at) OVER (PARTITION BY d.source, d.id ORDER BY d.at) AS next_at
      FROM (SELECT source, id, title, {1} AS program, {2} AS stage, observed_at AS at, {3} AS after,
                   lag({3}) OVER earlier AS before, lag(observed_at) OVER earlier AS before_at,
                   coalesce(extra ->> '$.slip_reason', extra ->> '$.slip_cause', extra ->> '$.reason') AS reason
            FROM {0}_history WHERE {3} IS NOT NULL
            WINDOW earlier AS (PARTITION BY source, id, {2} ORDER BY observed_at)) d
      WHERE d.after <> d.before) m)sql",
                     dated.entity, dated.program, dated.stage, dated.date, program_of("m.program", "m.source"));
}

std::string sums(const Dated& dated) {
  return fmt::format(R"sql(
SELECT e.source, e.id, e.title, {5} AS program, e.owner, e.{2} AS stage, e.status, e.{3} AS due_date,
       (SELECT json_group_array(json_object('stage', p.stage, 'date', p.date, 'seen', p.seen))
        FROM (SELECT {2} AS stage, {3} AS date, min(observed_at) AS seen FROM {0}_history h
              WHERE h.source = e.source AND h.id = e.id AND {3} IS NOT NULL AND ({3} IS NOT e.{3} OR EXISTS (
                SELECT 1 FROM {0}_history l WHERE l.source = h.source AND l.id = h.id AND l.{2} IS h.{2}
                  AND l.{3} <> h.{3} AND l.observed_at > h.observed_at))
              GROUP BY {2}, {3} ORDER BY min(observed_at), {3}) p) AS past_dates,
       coalesce(s.slips, 0) AS slips, coalesce(s.days_slipped, 0) AS days_slipped, s.last_slip_at,
       CASE WHEN s.slips > 0 THEN s.cause END AS last_cause
FROM {0} e LEFT JOIN (
  -- cause is that of the row of max(): SQLite's rule for a bare column beside one max()
  SELECT source, id, sum(days > 0) AS slips, sum(days) AS days_slipped,
         max(CASE WHEN days > 0 THEN at END) AS last_slip_at, cause
  FROM ({4}) GROUP BY source, id) s ON s.source = e.source AND s.id = e.id)sql",
                     dated.entity, dated.program, dated.stage, dated.date, moves(dated),
                     program_of(fmt::format("e.{}", dated.program), "e.source"));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> slip_views() {
  return {{"slip", moves(k_milestone) + "\nUNION ALL" + moves(k_launch)},
          {"milestone_slip", sums(k_milestone)},
          {"launch_slip", sums(k_launch)}};
}

}  // namespace sitrep::store
