#include <algorithm>

#include "demo/view_text.hpp"
#include "demo/views.hpp"

namespace sitrep::demo {
namespace {

/// "2026-11-12 09:31:00" on the organisation's clocks, without saying so: what some ticket systems send.
void add_naive(json::Writer& w, std::string_view key, const std::optional<UnixTime>& t, const Zone& zone) {
  w.key(key);
  if (!t) {
    w.null();
    return;
  }
  const auto local = zone.to_local(*t);
  std::string text = format_utc(UnixTime{local.time_since_epoch()});  // the local reading in the UTC writer's digits
  text[10] = ' ';
  text.pop_back();
  w.value(text);
}

}  // namespace

Items slos_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& slo : org.slos) {
    json::Writer w;
    w.begin_object().member("id", slo.id).member("service", slo.service).member("name", slo.name);
    w.member("objective", slo.objective).member("window", slo.window);
    w.end_object();
    items.push_back({slo.id, moment, w.take()});
  }
  return items;
}

Items slo_samples_view(const Organisation& org, UnixTime moment) {
  struct Row {
    const SloCount* count;
    const Slo* slo;
  };
  std::vector<Row> rows;
  for (const auto& slo : org.slos) {
    for (const auto& count : slo.counts) {
      if (count.at + std::chrono::days{1} <= moment)
        rows.push_back({&count, &slo});  // a day is counted when it is over
    }
  }
  std::ranges::stable_sort(rows, {}, [](const Row& row) { return row.count->at; });
  Items items;
  items.reserve(rows.size());
  for (const auto& [count, slo] : rows) {
    json::Writer w;
    w.begin_object().member("slo", slo->id).member("day", format_utc(count->at)).member("good", count->good);
    w.member("total", count->total).end_object();
    items.push_back({std::to_string(items.size()), count->at + std::chrono::days{1}, w.take()});
  }
  return items;
}

Items tickets_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& t : org.tickets) {
    if (t.created > moment) continue;
    LastChange changed(t.created, moment);
    for (const auto& event : {t.first_response, t.resolved, t.rated}) changed.add(event);
    const auto responded = known(t.first_response, moment);
    const auto rated = known(t.rated, moment);
    json::Writer w;
    w.begin_object()
        .member("id", std::int64_t{std::stoll(t.id)})
        .member("subject", t.subject)
        .key("via")
        .begin_object();
    w.member("channel", t.channel).end_object().member("product", t.product).member("service", t.service);
    w.member("priority", t.priority)
        .member("status", known(t.resolved, moment) ? "solved"
                          : responded               ? "pending"
                                                    : "new");
    add_naive(w, "created_at", t.created, org.zone);
    add_naive(w, "first_response_at", responded, org.zone);
    add_naive(w, "solved_at", known(t.resolved, moment), org.zone);
    w.key("sla").begin_object();
    add_naive(w, "due_at", t.response_due, org.zone);
    w.key("met");
    if (responded)
      w.value(*responded <= t.response_due);
    else if (t.response_due <= moment)
      w.value(false);
    else
      w.null();
    w.end_object().key("satisfaction");
    if (rated) {
      w.begin_object().member("score", t.score);
      add_naive(w, "at", rated, org.zone);
      w.end_object();
    } else {
      w.null();
    }
    add_text(w, "reason", t.reason);
    w.member("reopened", t.reopened && known(t.resolved, moment).has_value());
    add_epoch(w, "updated", changed.at());
    w.end_object();
    items.push_back({t.id, changed.at(), w.take()});
  }
  return items;
}

Items measures_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& m : org.measures) {
    if (m.at + std::chrono::days{1} > moment) continue;
    json::Writer w;
    w.begin_object().member("metric", m.name).member("ts", unix_seconds(m.at) * 1000).member("value", m.value);
    w.key("labels").begin_object().member("product", m.product).end_object().end_object();
    items.push_back({std::to_string(items.size()), m.at + std::chrono::days{1}, w.take()});
  }
  return items;
}

}  // namespace sitrep::demo
