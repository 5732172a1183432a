#include "model/entity.hpp"

namespace sitrep::model {
namespace {

constexpr auto text = ColumnType::text;
constexpr auto integer = ColumnType::integer;
constexpr auto real = ColumnType::real;
constexpr auto boolean = ColumnType::boolean;
constexpr auto timestamp = ColumnType::timestamp;
constexpr auto date = ColumnType::date;
constexpr auto json = ColumnType::json;

std::vector<Entity> make() {
  std::vector<Entity> all;
  const auto versions = [&](std::string name, std::string doc, std::vector<Column> columns) {
    all.push_back({std::move(name), std::move(doc), Keeping::versions, {}, std::move(columns)});
  };
  const auto series = [&](std::string name, std::string doc, std::vector<std::string> key,
                          std::vector<Column> columns) {
    all.push_back({std::move(name), std::move(doc), Keeping::corrections, std::move(key), std::move(columns)});
  };

  versions("incident", "What broke, when, and how it was handled",
           {{"title", text, "one line", {}},
            {"service", text, "the service that broke, by name", {}},
            {"team", text, "the team that handles it", {}},
            {"program", text, "the program it counts against; else its service's", {}},
            {"severity", text, "SEV1 is the worst", {"SEV1", "SEV2", "SEV3", "SEV4", "SEV5"}},
            {"status", text, "how far the handling is", {"open", "acknowledged", "mitigated", "resolved"}},
            {"kind", text, "only incidents count in metrics", {"incident", "drill", "maintenance", "duplicate"}},
            {"started_at", timestamp, "impact began", {}},
            {"detected_at", timestamp, "first known", {}},
            {"acknowledged_at", timestamp, "a person took it", {}},
            {"mitigated_at", timestamp, "impact ended", {}},
            {"resolved_at", timestamp, "cause removed or incident closed", {}},
            {"postmortem_url", text, "where the postmortem is", {}},
            {"postmortem_due_date", date, "when it is due", {}},
            {"postmortem_published_at", timestamp, "when it was published", {}},
            {"cause", text, "the cause, in words of the source", {}},
            {"customer_impact", text, "what customers noticed", {}}});
  versions("service", "What others refer to by name; resolved through aliases",
           {{"name", text, "the name that other entities use", {}},
            {"aliases", json, "list of other names", {}},
            {"team", text, "the team that runs it", {}},
            {"owner", text, "the person who answers for it", {}},
            {"program", text, "the program it belongs to", {}},
            {"tier", integer, "1 (most critical) to 4", {}},
            {"depends_on", json, "list of service names", {}}});
  versions("calendar", "Holidays and change freezes",
           {{"kind", text, "", {"holiday", "freeze"}},
            {"name", text, "", {}},
            {"from_date", date, "first day", {}},
            {"to_date", date, "last day, included", {}},
            {"scope", text, "service, team, program or region; empty: everybody", {}}});
  versions("incident_update", "What was said during an incident",
           {{"incident_id", text, "id of the incident", {}},
            {"at", timestamp, "", {}},
            {"status", text, "status in words of the source", {}},
            {"author", text, "", {}},
            {"body", text, "", {}}});
  versions("action_item", "Work that an incident left behind",
           {{"incident_id", text, "id of the incident", {}},
            {"title", text, "", {}},
            {"owner", text, "", {}},
            {"team", text, "", {}},
            {"priority", text, "in words of the source", {}},
            {"status", text, "", {"open", "done", "dropped"}},
            {"created_at", timestamp, "", {}},
            {"due_date", date, "", {}},
            {"completed_at", timestamp, "", {}}});
  versions("launch_review", "A launch on its way through review",
           {{"title", text, "", {}},
            {"service", text, "", {}},
            {"team", text, "", {}},
            {"owner", text, "", {}},
            {"program", text, "", {}},
            {"tier", integer, "1 (most critical) to 4", {}},
            {"phase", text, "", {"alpha", "beta", "ga"}},
            {"status", text, "", {"draft", "submitted", "in review", "approved", "rejected", "launched", "withdrawn"}},
            {"target_date", date, "the day it shall launch", {}},
            {"submitted_at", timestamp, "", {}},
            {"decided_at", timestamp, "approved or rejected", {}},
            {"launched_at", timestamp, "", {}},
            {"risk", text, "in words of the source", {}}});
  versions("launch_approval", "One gate of a launch review",
           {{"launch_id", text, "id of the launch review", {}},
            {"area", text, "security, sre, capacity, privacy, legal, support, …", {}},
            {"approver", text, "", {}},
            {"status", text, "", {"pending", "approved", "changes requested", "not needed"}},
            {"requested_at", timestamp, "", {}},
            {"decided_at", timestamp, "", {}},
            {"turn", text, "whose move it is", {"author", "reviewer"}}});
  versions("capacity_resource", "Something that fills up",
           {{"name", text, "", {}},
            {"kind", text, "disk, cpu, quota, …", {}},
            {"unit", text, "unit of used and capacity_limit", {}},
            {"service", text, "", {}},
            {"team", text, "", {}},
            {"region", text, "", {}},
            {"capacity_limit", real, "what it holds at most, in `unit`", {}},
            {"lead_time_days", real, "days from order to use", {}},
            {"unit_cost", real, "cost of one unit a month", {}},
            {"owner", text, "", {}}});
  series("capacity_sample", "Use of a capacity resource over time", {"resource_id"},
         {{"resource_id", text, "id of the capacity resource", {}},
          {"at", timestamp, "", {}},
          {"used", real, "in the resource's unit", {}},
          {"capacity_limit", real, "the limit at that time, when it is known", {}}});
  versions("capacity_request", "A request for more capacity",
           {{"resource_id", text, "id of the capacity resource", {}},
            {"team", text, "", {}},
            {"amount", real, "in `unit`", {}},
            {"unit", text, "", {}},
            {"needed_date", date, "", {}},
            {"status", text, "in words of the source", {}},
            {"justification", text, "", {}},
            {"launch_id", text, "id of the launch review that needs it", {}},
            {"requested_at", timestamp, "", {}},
            {"decided_at", timestamp, "", {}}});
  versions("slo", "A service level objective",
           {{"service", text, "", {}},
            {"name", text, "", {}},
            {"objective", real, "share of good events, 0..1", {}},
            {"window", text, "month, quarter, or a duration such as 30d", {}}});
  series("slo_sample", "Counts of good and all events of an SLO", {"slo_id"},
         {{"slo_id", text, "id of the SLO", {}},
          {"at", timestamp, "start of the bucket", {}},
          {"good", integer, "good events", {}},
          {"total", integer, "all events", {}}});
  versions("program", "A program with an owner and a target date",
           {{"name", text, "", {}},
            {"owner", text, "", {}},
            {"sponsor", text, "", {}},
            {"team", text, "", {}},
            {"status", text, "as its owner declares it: green, yellow, red, done, …", {}},
            {"phase", text, "", {}},
            {"start_date", date, "", {}},
            {"target_date", date, "", {}},
            {"summary", text, "", {}}});
  versions("milestone", "A dated step of a program",
           {{"program_id", text, "id or name of the program", {}},
            {"title", text, "", {}},
            {"owner", text, "", {}},
            {"status", text, "in words of the source; done when completed_date is set", {}},
            {"due_date", date, "", {}},
            {"completed_date", date, "", {}},
            {"stage", text, "a later date for the same stage is a slip", {}}});
  versions("risk", "What may go wrong in a program",
           {{"program_id", text, "id or name of the program", {}},
            {"title", text, "", {}},
            {"likelihood", text, "in words of the source", {}},
            {"impact", text, "in words of the source", {}},
            {"owner", text, "", {}},
            {"status", text, "in words of the source", {}},
            {"mitigation", text, "", {}},
            {"due_date", date, "", {}}});
  versions("ticket", "A support ticket",
           {{"subject", text, "", {}},
            {"channel", text, "", {}},
            {"product", text, "", {}},
            {"service", text, "", {}},
            {"priority", text, "in words of the source", {}},
            {"status", text, "in words of the source", {}},
            {"created_at", timestamp, "", {}},
            {"first_response_at", timestamp, "", {}},
            {"resolved_at", timestamp, "", {}},
            {"sla_due_at", timestamp, "when the first response is due", {}},
            {"sla_met", boolean, "", {}},
            {"csat_score", integer, "1 (worst) to 5", {}},
            {"csat_at", timestamp, "", {}},
            {"reason", text, "", {}},
            {"reopened", boolean, "", {}}});
  series("measure", "Any other number over time, such as active users", {"name", "labels"},
         {{"name", text, "", {}},
          {"at", timestamp, "", {}},
          {"value", real, "", {}},
          {"labels", json, "object of label names and values", {}}});
  versions("note", "A person's words beside a number",
           {{"at", timestamp, "", {}},
            {"author", text, "", {}},
            {"subject", text, "program, rule, incident, … it is about", {}},
            {"text", text, "", {}},
            {"expires_date", date, "last day it is shown", {}}});
  return all;
}

}  // namespace

std::span<const Entity> built_in_entities() {
  static const std::vector<Entity> k_entities = make();
  return k_entities;
}

}  // namespace sitrep::model
