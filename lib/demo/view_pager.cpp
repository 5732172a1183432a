#include "demo/view_text.hpp"
#include "demo/views.hpp"

namespace sitrep::demo {
namespace {

const char* status_at(const Incident& i, UnixTime t) {
  if (known(i.closed, t)) return "closed";
  if (known(i.mitigated, t)) return "mitigated";
  if (known(i.acknowledged, t)) return "acked";
  return "triggered";
}

/// incident.io's way: moments as a list of names, absent while nobody has filled them in.
void add_timestamps(json::Writer& w, const Incident& i, UnixTime moment) {
  w.key("timestamps").begin_array();
  const auto add = [&](const char* name, const std::optional<UnixTime>& at) {
    if (!at) return;
    w.begin_object().member("name", name).member("at", format_utc(*at)).end_object();
  };
  add("started", i.started);
  add("detected", known(i.detected, moment));
  add("acknowledged", known(i.acknowledged, moment));
  add("mitigated", known(i.mitigated, moment));
  if (known(i.closed, moment)) add("resolved", i.resolved);
  w.end_array();
}

void add_postmortem(json::Writer& w, const Incident& i, UnixTime moment) {
  w.key("postmortem");
  if (!i.postmortem_due || !known(i.closed, moment)) {
    w.null();
    return;
  }
  const auto published = known(i.postmortem_published, moment);
  w.begin_object();
  add_date(w, "due_on", i.postmortem_due);
  add_time(w, "published_at", published);
  add_text(w, "url", published ? "https://docs.example.com/postmortems/" + i.id : "");
  w.end_object();
}

void add_updates(json::Writer& w, const Incident& i, UnixTime moment) {
  w.key("updates").begin_array();
  int number = 0;
  for (const auto& update : i.updates) {
    ++number;
    if (update.at > moment) continue;
    w.begin_object().member("id", i.id + "-" + std::to_string(number)).member("at", format_utc(update.at));
    w.member("status", update.status).key("author").begin_object();
    w.member("email", update.author + "@example.com").end_object();
    w.member("body", update.body).end_object();
  }
  w.end_array();
}

Item incident_item(const Incident& i, UnixTime moment) {
  LastChange changed(i.created, moment);
  for (const auto& event : {i.detected, i.acknowledged, i.mitigated, i.closed, i.postmortem_published})
    changed.add(event);
  for (const auto& update : i.updates) changed.add(update.at);
  const bool closed = known(i.closed, moment).has_value();
  json::Writer w;
  w.begin_object().member("id", i.id).member("title", i.title);
  add_text(w, "severity", i.severity);
  w.member("status", status_at(i, moment)).member("kind", i.kind);
  w.key("service").begin_object().member("name", i.service).end_object();
  w.key("team").begin_object().member("name", i.team).end_object();
  add_timestamps(w, i, moment);
  add_text(w, "root_cause", closed ? i.cause : "");
  add_text(w, "impact", i.impact);
  add_postmortem(w, i, moment);
  w.member("html_url", "https://pager.example.com/incidents/" + i.id);
  w.member("updated_at", format_utc(changed.at()));
  add_updates(w, i, moment);
  w.end_object();
  return {i.id, changed.at(), w.take()};
}

}  // namespace

Items incidents_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& incident : org.incidents) {
    if (incident.created <= moment) items.push_back(incident_item(incident, moment));
  }
  return items;
}

Items services_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& service : org.services) {
    json::Writer w;
    w.begin_object().member("id", service.id).member("name", service.name).key("aliases").begin_array();
    for (const auto& alias : service.aliases) w.value(alias);
    w.end_array().key("team").begin_object().member("name", service.team).end_object();
    w.key("owner").begin_object().member("email", service.owner + "@example.com").end_object();
    add_text(w, "program", service.program);
    w.member("tier", service.tier).key("depends_on").begin_array();
    for (const auto& name : service.depends_on) w.value(name);
    w.end_array().end_object();
    items.push_back({service.id, moment, w.take()});
  }
  return items;
}

Items action_items_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& item : org.action_items) {
    if (item.created > moment) continue;
    LastChange changed(item.created, moment);
    changed.add(item.due.changed_at(moment));
    changed.add(item.completed);
    changed.add(item.dropped);
    json::Writer w;
    w.begin_object();
    add_text(w, "id", item.id);
    w.member("incident_id", item.incident_id).member("title", item.title);
    w.key("assignee");
    if (item.owner.empty())
      w.null();
    else
      w.begin_object().member("email", item.owner + "@example.com").end_object();
    w.member("team", item.team).member("priority", item.priority);
    w.member("state", known(item.completed, moment) ? "completed"
                      : known(item.dropped, moment) ? "wont_do"
                                                    : "outstanding");
    w.member("created_at", format_utc(item.created));
    add_date(w, "due_on", item.due.at(moment));
    add_time(w, "completed_at", known(item.completed, moment));
    w.member("updated_at", format_utc(changed.at())).end_object();
    items.push_back({"follow-up-" + std::to_string(items.size()), changed.at(), w.take()});
  }
  return items;
}

}  // namespace sitrep::demo
