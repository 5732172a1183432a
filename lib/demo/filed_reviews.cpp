#include "demo/filed_reviews.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "demo/view_text.hpp"
#include "json/value.hpp"

namespace sitrep::demo {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string_view field(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

/// The members of a JSON object as text; nullopt when the body is something else.
std::optional<Fields> read_fields(std::string_view body) {
  try {
    json::Document document;
    const json::Value root = document.parse(body);
    if (!root.is_object()) return std::nullopt;
    Fields fields;
    for (const auto& [key, value] : root.members()) {
      fields.emplace_back(key, value.is_array() || value.is_object() ? value.to_json() : value.to_text());
    }
    return fields;
  } catch (const json::SyntaxError&) {
    return std::nullopt;
  }
}

struct Problem {
  const char* field;
  const char* message;
};

std::vector<Problem> problems_of(const Fields& fields) {
  std::vector<Problem> problems;
  for (const char* name : {"name", "service", "owner"}) {
    if (trim_view(field(fields, name)).empty()) problems.push_back({name, "is required"});
  }
  const auto tier = field(fields, "tier");
  const auto number = parse_integer(tier);
  if (!tier.empty() && (!number || *number < 1 || *number > 4)) problems.push_back({"tier", "must be 1 to 4"});
  const auto day = field(fields, "launch_on");
  if (!day.empty() && !parse_date(day)) problems.push_back({"launch_on", "must be a date, YYYY-MM-DD"});
  const auto phase = field(fields, "phase");
  if (!phase.empty() && phase != "alpha" && phase != "beta" && phase != "ga") {
    problems.push_back({"phase", "must be alpha, beta or ga"});
  }
  return problems;
}

Answer unprocessable(const std::vector<Problem>& problems) {
  json::Writer w;
  w.begin_object().key("error").begin_object().member("message", "the review is incomplete").member("code", "invalid");
  w.key("fields").begin_array();
  for (const auto& problem : problems) {
    w.begin_object().member("field", problem.field).member("message", problem.message).end_object();
  }
  w.end_array().end_object().end_object();
  return {422, {}, w.take()};
}

/// The fields of a valid body, or the answer that refuses it.
std::variant<Fields, Answer> check(std::string_view body) {
  auto fields = read_fields(body);
  if (!fields) return refuse(400, "not_json", "the body must be a JSON object");
  if (const auto problems = problems_of(*fields); !problems.empty()) return unprocessable(problems);
  return *std::move(fields);
}

void add_gates(json::Writer& w, std::int64_t tier, UnixTime requested) {
  constexpr std::array<std::pair<const char*, const char*>, 4> k_gates = {
      {{"security", "noor"}, {"sre", "sara"}, {"capacity", "wei"}, {"privacy", "elif"}}};
  w.key("gates").begin_array();
  for (const auto& [kind, approver] : k_gates) {
    if (tier > 2 && std::string_view(kind) != "security" && std::string_view(kind) != "sre") continue;
    w.begin_object().member("kind", kind).key("by").begin_object();
    w.member("email", std::string(approver) + "@example.com").end_object().member("state", "pending");
    add_epoch(w, "requested_at", requested);
    add_epoch(w, "decided_at", std::nullopt);
    w.member("waiting_for", "reviewer").end_object();
  }
  w.end_array();
}

}  // namespace

Item FiledReviews::to_item(const Filed& filed) {
  const auto text = [&](std::string_view name) { return field(filed.fields, name); };
  const auto owner = text("owner");
  const std::int64_t tier = parse_integer(text("tier")).value_or(3);
  json::Writer w;
  w.begin_object().member("object", "review").member("id", filed.id).member("name", text("name"));
  w.member("service", text("service"));
  add_text(w, "team", text("team"));
  w.key("owner").begin_object();
  w.member("email", std::string(owner) + (owner.find('@') == std::string_view::npos ? "@example.com" : ""))
      .end_object();
  add_text(w, "program", text("program"));
  w.member("tier", tier).member("phase", text("phase").empty() ? "ga" : text("phase")).member("state", "submitted");
  add_text(w, "risk", text("risk"));
  add_text(w, "launch_on", text("launch_on"));
  add_epoch(w, "created_at", filed.created);
  add_epoch(w, "submitted_at", filed.created);
  add_epoch(w, "decided_at", std::nullopt);
  add_epoch(w, "launched_at", std::nullopt);
  add_epoch(w, "updated_at", filed.updated);
  w.member("url", "https://launch.example.com/reviews/" + filed.id);
  add_text(w, "body", text("body"));
  add_gates(w, tier, filed.created);
  w.end_object();
  return {filed.id, filed.updated, w.take()};
}

Answer FiledReviews::create(std::string_view body, const std::string& idempotency_key, UnixTime now) {
  const std::scoped_lock lock(mutex_);
  if (!idempotency_key.empty()) {
    if (const auto seen = answered_.find(idempotency_key); seen != answered_.end()) {
      if (seen->second.body == body) return seen->second.answer;
      return refuse(409, "idempotency_key_reused", "this Idempotency-Key was used with another body");
    }
  }
  auto checked = check(body);
  if (auto* refusal = std::get_if<Answer>(&checked)) return std::move(*refusal);
  Filed filed{"LR-" + std::to_string(++last_number_), std::get<Fields>(std::move(checked)), now, now};
  Answer answer{201, {{"Location", "/launches/v1/reviews/" + filed.id}}, to_item(filed).json};
  filed_.push_back(std::move(filed));
  if (!idempotency_key.empty()) answered_[idempotency_key] = {std::string(body), answer};
  return answer;
}

Answer FiledReviews::replace(const std::string& id, std::string_view body, UnixTime now) {
  const std::scoped_lock lock(mutex_);
  const auto filed = std::ranges::find(filed_, id, &Filed::id);
  if (filed == filed_.end()) return refuse(404, "resource_missing", "no such review: '" + id + "'");
  auto checked = check(body);
  if (auto* refusal = std::get_if<Answer>(&checked)) return std::move(*refusal);
  filed->fields = std::get<Fields>(std::move(checked));
  filed->updated = now;
  return {200, {}, to_item(*filed).json};
}

std::optional<Item> FiledReviews::find(const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  const auto filed = std::ranges::find(filed_, id, &Filed::id);
  if (filed == filed_.end()) return std::nullopt;
  return to_item(*filed);
}

Items FiledReviews::items() const {
  const std::scoped_lock lock(mutex_);
  Items items;
  for (auto filed = filed_.rbegin(); filed != filed_.rend(); ++filed) items.push_back(to_item(*filed));
  return items;
}

}  // namespace sitrep::demo
