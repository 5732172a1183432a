#include "docs/run.hpp"

#include <utility>

#include "base/error.hpp"
#include "docs/queries_ahead.hpp"
#include "docs/redaction.hpp"
#include "docs/value_json.hpp"

namespace sitrep::docs {

using templating::Dict;
using templating::Value;

ReportPeriod last_complete(PeriodLength length, UnixTime now, const Calendar& calendar) {
  ReportPeriod period{evaluation::last_complete_window(now, length, calendar), {}, false};
  period.label = describe(period.window.period, length, calendar);
  return period;
}

ReportPeriod between(UnixTime since, UnixTime until, UnixTime now, const Calendar& calendar) {
  if (since >= until)
    fail(ErrorKind::usage, "--since {} is not before --until {}", format_utc(since), format_utc(until));
  ReportPeriod period;
  period.window.period = {since, until};
  period.window.previous = {since - (until - since), since};
  period.window.at = now;
  period.chosen = true;
  // A span that ends at midnight ends with the day before it.
  const auto last = calendar.zone.date_of(until - Seconds{1});
  period.label = format_date(calendar.zone.date_of(since)) + " to " + format_date(last);
  return period;
}

Run::Run(const Inputs& inputs, evaluation::Evaluator& evaluator, ReportPeriod period,
         const config::TemplateHeader& header, std::optional<std::string> program, SharedAnswers& shared)
    : inputs_(&inputs),
      evaluator_(&evaluator),
      period_(std::move(period)),
      header_(&header),
      program_(std::move(program)),
      notes_(policy::notes_in_force(*inputs.store, inputs.calendar.zone.date_of(inputs.now), inputs.now)),
      shared_(&shared) {}

Run::~Run() = default;

void Run::run_ahead(std::unique_ptr<QueriesAhead> queries) { ahead_ = std::move(queries); }

Value Figures::add(render::Figure figure, bool drawn_only) {
  all_.push_back(std::move(figure));
  return Value::markup(render::figure_marker(all_.size() - 1, drawn_only));
}

Value Run::record(std::string_view call, const Dict& arguments, Value result) {
  notes_.mention(Value(arguments));
  notes_.mention(result);
  result = shown(std::move(result));
  if (!keeps_records_) return result;
  json::Writer key;
  key.begin_object().member("call", call);
  key.key("arguments");
  write_value(key, Value(arguments));
  if (seen_.contains(key.text())) return result;
  seen_.emplace(key.text(), records_.size());
  json::Writer answer;
  write_value(answer, result);
  records_.push_back({key.take(), answer.take()});
  return result;
}

Value Run::shown(Value answer) const {
  return inputs_->redactor == nullptr ? answer : inputs_->redactor->value(answer);
}

void Run::write_records(json::Writer& writer) const {
  writer.begin_array();
  // The key is an object that still lacks its last member and brace.
  for (const auto& [key, answer] : records_) writer.raw(key + ",\"result\":" + answer + "}");
  writer.end_array();
}

store::QueryBox& Run::box() {
  if (!box_ && ahead_) box_ = ahead_->take_box();
  if (!box_) box_ = std::make_unique<store::QueryBox>(*inputs_->store);
  return *box_;
}

const std::vector<policy::Health>& Run::health() {
  const auto [found, is_new] = shared_->health.try_emplace(period_.window.length);
  if (is_new) {
    const policy::HealthOptions options{period_.window.length};
    found->second = policy::health(*evaluator_, *inputs_->store, inputs_->config, options);
  }
  return found->second;
}

void Run::begin_trend(int weeks) {
  auto& trend = shared_->trends[weeks];
  if (trend || !inputs_->open_as_of) return;
  trend = std::make_unique<policy::Trend>(policy::Trend::Options{
      inputs_->open_as_of, inputs_->config, inputs_->calendar, inputs_->now, weeks, evaluator_->readings()});
}

const policy::PastColors& Run::trend(int weeks) {
  static const policy::PastColors k_none;
  begin_trend(weeks);
  const auto& trend = shared_->trends[weeks];
  if (!trend) return k_none;
  const auto present = shared_->health.find(policy::HealthOptions{}.length);
  return trend->colors(present == shared_->health.end() ? nullptr : &present->second);
}

namespace {

/// Promised business days of review by area; "default" for the others.
Value review_days(const Inputs& inputs) {
  Dict days;
  if (inputs.config != nullptr)
    for (const auto& [area, promised] : inputs.config->launch.review_days) days.set(area, promised);
  return days;
}

Value span_value(const Interval& span, const Calendar& calendar) {
  return Dict{{"from", unix_seconds(span.from)},
              {"to", unix_seconds(span.to)},
              {"from_date", format_date(calendar.zone.date_of(span.from))},
              {"last_date", format_date(calendar.zone.date_of(span.to - Seconds{1}))}};
}

}  // namespace

Value period_value(const ReportPeriod& period, const Calendar& calendar) {
  Dict value = span_value(period.window.period, calendar).dict();
  value.set("label", period.label);
  value.set("length", name(period.window.length));
  value.set("previous", span_value(period.window.previous, calendar));
  return value;
}

Dict shared_variables(const Inputs& inputs, const ReportPeriod& period, const std::optional<std::string>& program) {
  return {{"now", unix_seconds(inputs.now)},
          {"today", format_date(inputs.calendar.zone.date_of(inputs.now))},
          {"period", period_value(period, inputs.calendar)},
          {"program", program ? Value(*program) : Value::none()},
          {"workspace", Dict{{"name", inputs.workspace},
                             {"timezone", inputs.calendar.zone.name()},
                             {"version", inputs.version},
                             {"review_days", review_days(inputs)}}}};
}

Dict context_of(const Run& run) {
  auto context = shared_variables(run.inputs(), run.period(), run.program());
  for (const auto& [name, value] : run.parameters) {
    // A document may have a parameter "program"; a report's program is its subject.
    if (name == "program" ? !run.program() : context.find(std::string_view(name)) == nullptr) context.set(name, value);
  }
  return context;
}

}  // namespace sitrep::docs
