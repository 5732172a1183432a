#include "demo/routes.hpp"

#include "base/numbers.hpp"

namespace sitrep::demo {
namespace {

constexpr std::string_view k_review_path = "/launches/v1/reviews";
constexpr std::int64_t k_most_points = 11'000;  // Prometheus' own limit per series

Answer not_found() { return refuse(404, "not_found", "there is nothing here"); }
Answer wrong_method() { return refuse(405, "method_not_allowed", "this cannot be done here"); }

/// A bound in a parameter, absent when the parameter is; `bad` is set for what cannot be read.
struct Bound {
  std::optional<UnixTime> at;
  bool bad = false;
};

Bound rfc3339_bound(const Query& query, const std::string& name) {
  const auto text = query(name);
  if (!text) return {};
  const auto at = parse_rfc3339(*text);
  return {at, !at};
}

Bound epoch_bound(const Query& query, const std::string& name, std::int64_t units_per_second = 1) {
  const auto text = query(name);
  if (!text) return {};
  const auto number = parse_integer(*text);
  if (!number) return {{}, true};
  return {unix_time(*number / units_per_second), false};
}

Answer bad_bound(std::string_view name) {
  return refuse(400, "bad_parameter", "'" + std::string(name) + "' is not a time this API reads");
}

Answer bad_data(std::string_view message) {
  return {400, {}, R"({"status":"error","errorType":"bad_data","error":")" + std::string(message) + "\"}"};
}

}  // namespace

struct Routes::Shown {
  UnixTime moment{};
  Items incidents, services, action_items, reviews, resources, capacity_requests, slos, programs, milestones, risks,
      calendar, tickets;

  Selection all(const Items& items) const { return select(items, moment, {}); }
};

Routes::Routes(const Organisation& organisation, const Clock& clock, std::string token)
    : organisation_(organisation),
      clock_(clock),
      token_(std::move(token)),
      filed_(291 + static_cast<int>(organisation.launches.size())) {
  show(organisation.now);
}

const Items& Routes::Series::get(Items (*view)(const Organisation&, UnixTime), const Organisation& organisation) const {
  std::call_once(once, [&] { items = view(organisation, organisation.now); });
  return items;
}

void Routes::show(UnixTime moment) {
  auto shown = std::make_shared<Shown>();
  const Organisation& org = organisation_;
  shown->moment = moment;
  shown->incidents = incidents_view(org, moment);
  shown->services = services_view(org, moment);
  shown->action_items = action_items_view(org, moment);
  shown->reviews = reviews_view(org, moment);
  shown->resources = resources_view(org, moment);
  shown->capacity_requests = capacity_requests_view(org, moment);
  shown->slos = slos_view(org, moment);
  shown->programs = programs_view(org, moment);
  shown->milestones = milestones_view(org, moment);
  shown->risks = risks_view(org, moment);
  shown->calendar = calendar_view(org, moment);
  shown->tickets = tickets_view(org, moment);
  const std::scoped_lock lock(mutex_);
  shown_ = std::move(shown);
}

std::shared_ptr<const Routes::Shown> Routes::shown() const {
  const std::scoped_lock lock(mutex_);
  return shown_;
}

Answer Routes::answer(const Call& call) {
  const std::string_view path = call.path;
  const bool desk_route = path.starts_with("/desk/");
  if (desk_route ? call.api_key != token_ : call.authorization != "Bearer " + token_) {
    return refuse(401, "unauthorized", "the token is missing or wrong");
  }
  const auto now_shown = shown();
  if (path == k_review_path || path.starts_with("/launches/")) return launches(call, *now_shown);
  if (call.method != "GET") return wrong_method();
  if (path.starts_with("/pager/")) return pager(call, *now_shown);
  if (path.starts_with("/capacity/")) return capacity(call, *now_shown);
  if (path.starts_with("/prometheus/")) return prometheus(call, *now_shown);
  if (path.starts_with("/telemetry/")) return telemetry(call, *now_shown);
  if (path.starts_with("/tracker/")) return tracker(call, *now_shown);
  if (desk_route) return desk(call, *now_shown);
  return not_found();
}

Answer Routes::pager(const Call& call, const Shown& shown) const {
  if (call.path == "/pager/incidents") {
    const auto since = rfc3339_bound(call.query, "updated_since");
    if (since.bad) return bad_bound("updated_since");
    return cursor_page(select(shown.incidents, shown.moment, since.at), call.query, "incidents");
  }
  if (call.path == "/pager/services") return offset_page(shown.all(shown.services), call.query, "services");
  if (call.path == "/pager/follow_ups") {
    const auto since = rfc3339_bound(call.query, "updated_after");
    if (since.bad) return bad_bound("updated_after");
    return numbered_page(select(shown.action_items, shown.moment, since.at), call.query);
  }
  return not_found();
}

Answer Routes::launches(const Call& call, const Shown& shown) {
  const UnixTime now = std::max(clock_.now(), shown.moment);
  if (call.path == k_review_path) {
    if (call.method == "POST") return filed_.create(call.body, call.idempotency_key, now);
    if (call.method != "GET") return wrong_method();
    if (!throttled_.exchange(true)) {
      Answer busy = refuse(429, "rate_limited", "too many requests, try again in a second");
      busy.headers.emplace_back("Retry-After", "1");
      return busy;
    }
    const auto since = epoch_bound(call.query, "updated[gte]");
    if (since.bad) return bad_bound("updated[gte]");
    // Filed reviews are newer than every generated one, and belong to the latest state only.
    Items items = shown.moment >= organisation_.now ? filed_.items() : Items{};
    items.insert(items.end(), shown.reviews.begin(), shown.reviews.end());
    return last_record_page(select(items, std::max(now, shown.moment), since.at), call.query, k_review_path);
  }
  if (!call.path.starts_with(std::string(k_review_path) + "/")) return not_found();
  const std::string id = call.path.substr(k_review_path.size() + 1);
  if (call.method == "PUT") return filed_.replace(id, call.body, now);
  if (call.method != "GET") return wrong_method();
  if (const auto filed = filed_.find(id)) return {200, {}, filed->json};
  for (const auto& item : shown.reviews) {
    if (item.id == id) return {200, {}, item.json};
  }
  return refuse(404, "resource_missing", "no such review: '" + id + "'");
}

Answer Routes::capacity(const Call& call, const Shown& shown) const {
  if (call.path == "/capacity/resources") {
    return json_link_page(shown.all(shown.resources), call.query, base_url_ + "/capacity/resources", 50);
  }
  if (call.path == "/capacity/samples") {
    const auto since = epoch_bound(call.query, "since");
    if (since.bad) return bad_bound("since");
    std::string url = base_url_ + "/capacity/samples";
    if (since.at) url += "?since=" + std::to_string(unix_seconds(*since.at));
    return json_link_page(select(samples_.get(samples_view, organisation_), shown.moment, since.at), call.query, url,
                          2000);
  }
  if (call.path == "/capacity/requests") {
    return offset_page(shown.all(shown.capacity_requests), call.query, "requests");
  }
  return not_found();
}

Answer Routes::prometheus(const Call& call, const Shown& shown) const {
  if (call.path != "/prometheus/api/v1/query_range")
    return {404, {{"Content-Type", "text/plain"}}, "404 page not found\n"};
  const auto query = call.query("query");
  const auto start = epoch_bound(call.query, "start");
  const auto end = epoch_bound(call.query, "end");
  const auto step_text = call.query("step");
  auto step = parse_integer(step_text.value_or(""));
  if (!step && step_text) {
    if (const auto duration = parse_duration(*step_text)) step = duration->count();
  }
  if (!query || query->empty())
    return bad_data("invalid parameter \\\"query\\\": unknown position: parse error: no expression found in input");
  if (!start.at || !end.at)
    return bad_data("invalid parameter \\\"start\\\" or \\\"end\\\": cannot parse to a valid timestamp");
  if (!step || *step <= 0)
    return bad_data("zero or negative query resolution step widths are not accepted. Try a positive integer");
  if (*end.at < *start.at)
    return bad_data("invalid parameter \\\"end\\\": end timestamp must not be before start time");
  if ((*end.at - *start.at).count() / *step > k_most_points) {
    return bad_data(
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)");
  }
  if (*query != "capacity_used") return {200, {}, R"({"status":"success","data":{"resultType":"matrix","result":[]}})"};
  return {200, {}, prometheus_matrix(organisation_, shown.moment, *start.at, *end.at, Seconds{*step})};
}

Answer Routes::telemetry(const Call& call, const Shown& shown) const {
  if (call.path == "/telemetry/slos") return whole(shown.all(shown.slos), "slos");
  if (call.path == "/telemetry/slo_samples") {
    const auto since = rfc3339_bound(call.query, "since");
    if (since.bad) return bad_bound("since");
    return cursor_page(select(slo_samples_.get(slo_samples_view, organisation_), shown.moment, since.at), call.query,
                       "samples", 1000);
  }
  if (call.path == "/telemetry/measures") {
    const auto since = epoch_bound(call.query, "since", 1000);
    if (since.bad) return bad_bound("since");
    return offset_page(select(measures_.get(measures_view, organisation_), shown.moment, since.at), call.query,
                       "measures", 1000);
  }
  return not_found();
}

Answer Routes::tracker(const Call& call, const Shown& shown) const {
  if (call.path == "/tracker/programs") return whole(shown.all(shown.programs), "");
  if (call.path == "/tracker/milestones") {
    return header_link_page(shown.all(shown.milestones), call.query, base_url_ + "/tracker/milestones");
  }
  if (call.path == "/tracker/risks") return whole(shown.all(shown.risks), "risks");
  if (call.path == "/tracker/calendar") return whole(shown.all(shown.calendar), "days");
  return not_found();
}

Answer Routes::desk(const Call& call, const Shown& shown) const {
  if (call.path != "/desk/tickets") return not_found();
  const auto since = epoch_bound(call.query, "updated_since");
  if (since.bad) return bad_bound("updated_since");
  std::string url = base_url_ + "/desk/tickets";
  if (since.at) url += "?updated_since=" + std::to_string(unix_seconds(*since.at));
  return json_link_page(select(shown.tickets, shown.moment, since.at), call.query, url, 500);
}

}  // namespace sitrep::demo
