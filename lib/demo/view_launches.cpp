#include <algorithm>

#include "demo/view_text.hpp"
#include "demo/views.hpp"

namespace sitrep::demo {
namespace {

const char* state_at(const LaunchReview& r, UnixTime t) {
  if (known(r.withdrawn, t)) return "withdrawn";
  if (known(r.launched, t)) return "launched";
  if (known(r.decided, t)) return r.rejected ? "rejected" : "ok";
  if (!known(r.submitted, t)) return "draft";
  const bool started = std::ranges::any_of(r.gates, [&](const Gate& gate) {
    return gate.needed && (known(gate.decided, t) || known(gate.changes_requested, t));
  });
  return started ? "in_review" : "submitted";
}

void add_gate(json::Writer& w, const Gate& gate, UnixTime moment) {
  const auto decided = known(gate.decided, moment);
  const bool authors_turn = !decided && known(gate.changes_requested, moment) && !known(gate.resubmitted, moment);
  w.begin_object().member("kind", gate.area).key("by").begin_object();
  w.member("email", gate.approver + "@example.com").end_object();
  const char* state = "pending";
  if (decided)
    state = gate.needed ? "approved" : "n/a";
  else if (authors_turn)
    state = "changes_requested";
  w.member("state", state);
  add_epoch(w, "requested_at", gate.requested);
  add_epoch(w, "decided_at", decided);
  w.key("waiting_for");
  if (decided)
    w.null();
  else
    w.value(authors_turn ? "author" : "reviewer");
  w.end_object();
}

Item review_item(const LaunchReview& r, UnixTime moment) {
  LastChange changed(r.created, moment);
  for (const auto& event : {r.submitted, r.decided, r.launched, r.withdrawn, r.target.changed_at(moment)})
    changed.add(event);
  for (const auto& gate : r.gates) {
    for (const auto& event : {gate.changes_requested, gate.resubmitted, gate.decided}) changed.add(event);
  }
  const auto submitted = known(r.submitted, moment);
  json::Writer w;
  w.begin_object().member("object", "review").member("id", r.id).member("name", r.title).member("service", r.service);
  w.member("team", r.team).key("owner").begin_object().member("email", r.owner + "@example.com").end_object();
  add_text(w, "program", r.program);
  w.member("tier", r.tier).member("phase", r.phase).member("state", state_at(r, moment));
  add_text(w, "risk", r.risk);
  add_date(w, "launch_on", r.target.at(moment));
  add_epoch(w, "created_at", r.created);
  add_epoch(w, "submitted_at", submitted);
  add_epoch(w, "decided_at", known(r.decided, moment));
  add_epoch(w, "launched_at", known(r.launched, moment));
  add_epoch(w, "updated_at", changed.at());
  w.member("url", "https://launch.example.com/reviews/" + r.id).key("gates").begin_array();
  if (submitted) {
    for (const auto& gate : r.gates) add_gate(w, gate, moment);
  }
  w.end_array().end_object();
  return {r.id, changed.at(), w.take()};
}

}  // namespace

Items reviews_view(const Organisation& org, UnixTime moment) {
  Items items;
  for (auto review = org.launches.rbegin(); review != org.launches.rend(); ++review) {
    if (review->created <= moment) items.push_back(review_item(*review, moment));
  }
  return items;
}

}  // namespace sitrep::demo
