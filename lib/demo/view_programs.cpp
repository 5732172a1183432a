#include "demo/view_text.hpp"
#include "demo/views.hpp"

namespace sitrep::demo {
namespace {

/// A day is known to be done once it has begun.
std::optional<Date> known_day(const std::optional<Date>& day, UnixTime moment) {
  return day && UnixTime{*day} <= moment ? day : std::nullopt;
}

}  // namespace

Items programs_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& p : org.programs) {
    json::Writer w;
    w.begin_object().member("id", p.id).member("name", p.name).key("people").begin_object();
    w.member("owner", p.owner).member("sponsor", p.sponsor).end_object();
    w.member("team", p.team).member("declared", p.status.at(moment)).member("phase", p.phase);
    add_date(w, "starts_on", p.start);
    add_date(w, "ends_on", p.target.at(moment));
    w.member("summary", p.summary).member("link", "https://programs.example.com/" + p.id).end_object();
    items.push_back({p.id, moment, w.take()});
  }
  return items;
}

Items milestones_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& m : org.milestones) {
    if (m.created > moment) continue;
    const auto completed = known_day(m.completed, moment);
    json::Writer w;
    w.begin_object().member("id", m.id).key("program").begin_object().member("id", m.program_id).end_object();
    w.member("title", m.title).member("owner", m.owner).member("state", completed ? "done" : "open");
    add_date(w, "due", m.due.at(moment));
    add_date(w, "done", completed);
    w.end_object();
    items.push_back({m.id, m.due.changed_at(moment).value_or(m.created), w.take()});
  }
  return items;
}

Items risks_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& r : org.risks) {
    if (!r.status.exists_at(moment)) continue;
    json::Writer w;
    w.begin_object().member("id", r.id).member("program_id", r.program_id).member("title", r.title);
    w.member("likelihood", r.likelihood.at(moment)).member("impact", r.impact).member("owner", r.owner);
    w.member("status", r.status.at(moment)).member("mitigation", r.mitigation);
    add_date(w, "due", r.due);
    w.end_object();
    items.push_back({r.id, r.likelihood.changed_at(moment).value_or(moment), w.take()});
  }
  return items;
}

Items calendar_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& day : org.calendar) {
    json::Writer w;
    w.begin_object().member("id", day.id).member("kind", day.kind).member("name", day.name);
    add_date(w, "from", day.from);
    add_date(w, "to", day.to);
    add_text(w, "scope", day.scope);
    w.end_object();
    items.push_back({day.id, moment, w.take()});
  }
  return items;
}

}  // namespace sitrep::demo
