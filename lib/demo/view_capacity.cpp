#include <algorithm>
#include <cmath>

#include "base/numbers.hpp"
#include "demo/view_text.hpp"
#include "demo/views.hpp"

namespace sitrep::demo {

Items resources_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& r : org.resources) {
    json::Writer w;
    w.begin_object().member("id", r.id).member("name", r.name).member("kind", r.kind).member("unit", r.unit);
    w.key("service").begin_object().member("name", r.service).member("team", r.team).end_object();
    w.member("region", r.region).member("limit", r.limit.at(moment)).member("lead_time_days", r.lead_time_days);
    w.key("cost_per_unit");
    if (r.unit_cost > 0)
      w.value(r.unit_cost);
    else
      w.null();
    w.member("owner", r.owner + "@example.com").end_object();
    items.push_back({r.id, moment, w.take()});
  }
  return items;
}

Items samples_view(const Organisation& org, UnixTime moment) {
  struct Row {
    UnixTime at;
    const Resource* resource;
    double value;
  };
  std::vector<Row> rows;
  for (const auto& r : org.resources) {
    if (r.hourly) continue;
    for (const auto& sample : r.samples) {
      if (sample.at <= moment) rows.push_back({sample.at, &r, sample.value});
    }
  }
  std::ranges::stable_sort(rows, {}, &Row::at);
  Items items;
  items.reserve(rows.size());
  for (const auto& row : rows) {
    json::Writer w;
    w.begin_object().member("resource", row.resource->id).member("at", unix_seconds(row.at)).member("used", row.value);
    w.member("limit", row.resource->limit.at(row.at)).end_object();
    items.push_back({std::to_string(items.size()), row.at, w.take()});
  }
  return items;
}

Items capacity_requests_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (const auto& r : org.capacity_requests) {
    if (r.requested > moment) continue;
    LastChange changed(r.requested, moment);
    changed.add(r.decided);
    json::Writer w;
    w.begin_object().member("id", r.id).member("resource_id", r.resource_id).member("team", r.team);
    w.member("amount", r.amount).member("unit", r.unit).member("needed_by", format_date(r.needed));
    w.member("status", known(r.decided, moment) ? r.decision : "waiting").member("why", r.justification);
    add_text(w, "launch", r.launch_id);
    add_time(w, "requested_at", r.requested);
    add_time(w, "decided_at", known(r.decided, moment));
    w.end_object();
    items.push_back({r.id, changed.at(), w.take()});
  }
  return items;
}

std::string prometheus_matrix(const Organisation& org, UnixTime moment, UnixTime from, UnixTime to, Seconds step) {
  json::Writer w;
  w.begin_object().member("status", "success").key("data").begin_object().member("resultType", "matrix");
  w.key("result").begin_array();
  for (const auto& r : org.resources) {
    if (!r.hourly) continue;
    bool any = false;
    auto sample = r.samples.begin();
    // As Prometheus does, the grid of the answer starts at `from`; a step shows the last sample of the five minutes
    // before.
    for (UnixTime t = from; t <= std::min(to, moment); t += step) {
      sample = std::ranges::upper_bound(sample, r.samples.end(), t, {}, &Sample::at);
      if (sample == r.samples.begin()) continue;
      const Sample& last = *--sample;
      if (last.at <= t - std::chrono::minutes{5}) continue;
      if (!any) {
        w.begin_object().key("metric").begin_object().member("__name__", "capacity_used").member("resource", r.id);
        w.member("service", r.service).member("region", r.region).end_object().key("values").begin_array();
        any = true;
      }
      w.begin_array()
          .value(unix_seconds(t))
          .value(std::isnan(last.value) ? "NaN" : format_real(last.value))
          .end_array();
    }
    if (any) w.end_array().end_object();
  }
  w.end_array().end_object().end_object();
  return w.take();
}

}  // namespace sitrep::demo
