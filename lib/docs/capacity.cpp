#include "docs/capacity.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/error.hpp"
#include "base/text.hpp"
#include "evaluation/capacity.hpp"

namespace sitrep::docs {
namespace {

using evaluation::Resource;
using forecast::Runway;
using std::chrono::days;
using templating::CallArguments;
using templating::Dict;
using templating::List;
using templating::Value;

/// 0 full, 1 dated, 2 growing or flat without a date, 3 cannot be judged.
int rank(const Resource& resource) {
  switch (resource.runway.state) {
    case Runway::State::full:
      return 0;
    case Runway::State::dated:
      return 1;
    case Runway::State::unknown:
      return 3;
    default:
      return 2;
  }
}

bool more_urgent(const Resource& a, const Resource& b) {
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  const auto date = [](const Resource& r) {
    return r.order_by ? *r.order_by : r.runway.first.value_or(UnixTime::max());
  };
  if (date(a) != date(b)) return date(a) < date(b);
  if (a.runway.headroom != b.runway.headroom) return a.runway.headroom < b.runway.headroom;
  return std::tie(a.name, a.source, a.id) < std::tie(b.name, b.source, b.id);
}

/// Forecasts are of days in UTC, as evaluation::Resource::describe() and the reasons of health say them.
Date day_of(UnixTime at) { return std::chrono::floor<days>(at); }

Value date_or_none(const std::optional<UnixTime>& at) { return at ? Value(format_date(day_of(*at))) : Value::none(); }

Value text_or_none(const std::string& text) { return text.empty() ? Value::none() : Value(text); }

Dict resource_value(const Resource& resource, const Inputs& inputs) {
  const auto& runway = resource.runway;
  const bool judged = runway.state != Runway::State::unknown, measured = runway.used_at != UnixTime{};
  const auto real = [](const std::optional<double>& value) {
    return value && std::isfinite(*value) ? Value(*value) : Value::none();
  };
  List notes;
  for (const auto& note : runway.notes) notes.push_back(note);
  Value days_to_order = Value::none();
  if (resource.order_by)
    days_to_order =
        static_cast<std::int64_t>((day_of(*resource.order_by) - inputs.calendar.zone.date_of(inputs.now)).count());
  return Dict{{"source", resource.source},
              {"id", resource.id},
              {"name", resource.name},
              {"kind", text_or_none(resource.kind)},
              {"unit", resource.unit},
              {"service", text_or_none(resource.service)},
              {"program", text_or_none(resource.program)},
              {"owner", text_or_none(resource.owner)},
              {"region", text_or_none(resource.region)},
              {"limit", real(resource.limit)},
              {"used", measured ? Value(runway.used) : Value::none()},
              {"headroom", measured && resource.limit ? Value(runway.headroom) : Value::none()},
              {"growth_per_day", judged && runway.forecast ? Value(runway.growth_per_day) : Value::none()},
              {"state", forecast::name(runway.state)},
              {"first_date", date_or_none(runway.first)},
              {"last_date", date_or_none(runway.last)},
              {"expected_date", date_or_none(runway.expected)},
              {"horizon_date", judged ? date_or_none(runway.horizon_end) : Value::none()},
              {"lead_time_days", real(resource.lead_time_days)},
              {"order_by", date_or_none(resource.order_by)},
              {"days_to_order", days_to_order},
              {"text", resource.describe()},
              {"reason", text_or_none(runway.reason)},
              {"notes", std::move(notes)},
              {"recipe", runway.forecast ? Value(runway.forecast->recipe()) : Value::none()}};
}

/// To be drawn before the forecast: of the same members.
List measured_points(const Resource& resource) {
  List points;
  for (const auto& s : resource.measured)
    points.push_back(
        Dict{{"at", unix_seconds(s.at)}, {"value", s.value}, {"lower", Value::none()}, {"upper", Value::none()}});
  return points;
}

/// The forecast with its 80 % interval, to be drawn after what was measured.
List forecast_points(const Runway& runway) {
  List points;
  if (!runway.forecast) return points;
  const auto* interval = runway.forecast->intervals.empty() ? nullptr : &runway.forecast->intervals.front();
  for (std::size_t i = 0; i < runway.forecast->values.size(); ++i) {
    const bool banded = interval != nullptr && i < interval->lower.size() && i < interval->upper.size();
    points.push_back(Dict{{"at", unix_seconds(runway.forecast_start + days{static_cast<long>(i)})},
                          {"value", runway.forecast->values[i]},
                          {"lower", banded ? Value(interval->lower[i]) : Value::none()},
                          {"upper", banded ? Value(interval->upper[i]) : Value::none()}});
  }
  return points;
}

const Resource& find_resource(std::span<const Resource> resources, const std::string& name,
                              const std::optional<std::string>& source) {
  std::vector<std::string_view> known;
  for (const auto& resource : resources) {
    if (source && resource.source != *source) continue;
    if (resource.id == name || equal_ignoring_case(resource.name, name)) return resource;
    known.push_back(resource.name);
  }
  fail(ErrorKind::user_code, "forecast: no capacity resource '{}'{}", visible(name), did_you_mean(name, known));
}

}  // namespace

Value forecast_resources(Run& run, CallArguments& arguments) {
  const auto& inputs = run.inputs();
  const auto resources = run.evaluator().capacity();
  if (const auto one = arguments.optional_text(0)) {
    const auto source = arguments.optional_text(1);
    const auto& resource = find_resource(resources, *one, source);
    auto value = resource_value(resource, inputs);
    value.set("measured", measured_points(resource));
    value.set("points", forecast_points(resource.runway));
    Dict asked{{"resource", *one}};
    if (source) asked.set("source", *source);
    return run.record("forecast", std::move(asked), std::move(value));
  }
  std::vector<const Resource*> shown;
  for (const auto& resource : resources)
    if (!run.program() || resource.program == *run.program()) shown.push_back(&resource);
  std::sort(shown.begin(), shown.end(), [](const auto* a, const auto* b) { return more_urgent(*a, *b); });
  List rows;
  for (const auto* resource : shown) rows.push_back(resource_value(*resource, inputs));
  return run.record("forecast", Dict{{"resource", Value::none()}}, std::move(rows));
}

}  // namespace sitrep::docs
