#include "sources/incremental.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "base/numbers.hpp"
#include "base/period.hpp"
#include "base/text.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace sitrep::sources {
namespace {

constexpr std::int64_t k_samples_per_window = 11'000;           // Prometheus refuses more for one series
constexpr Seconds k_clock_tolerance = std::chrono::minutes{5};  // a store that moves between machines meets this much
constexpr Seconds k_first_clock_window = std::chrono::days{1};

void write_time(json::Writer& writer, std::string_view name, const std::optional<UnixTime>& t) {
  if (t) writer.member(name, unix_seconds(*t));
}

std::optional<UnixTime> read_time(const json::Value& value, std::string_view name) {
  const auto found = value.get(name);
  const auto seconds = found ? found->integer() : std::nullopt;
  if (!seconds) return std::nullopt;
  return unix_time(*seconds);
}

std::string read_text(const json::Value& value, std::string_view name) {
  const auto found = value.get(name);
  return found && found->is_string() ? std::string(*found->string()) : "";
}

std::int64_t read_integer(const json::Value& value, std::string_view name) {
  const auto found = value.get(name);
  return found ? found->integer().value_or(0) : 0;
}

Seconds step_of(const config::Stream& stream) {
  if (stream.incremental->granularity > Seconds{0}) return stream.incremental->granularity;
  const auto step = std::ranges::find(stream.params, "step", &std::pair<std::string, std::string>::first);
  if (step == stream.params.end()) return Seconds{0};
  if (const auto seconds = parse_real(step->second)) return Seconds{static_cast<std::int64_t>(*seconds)};
  return parse_duration(step->second).value_or(Seconds{0});
}

UnixTime aligned(UnixTime t, Seconds step) {
  if (step <= Seconds{0}) return t;
  return unix_time(unix_seconds(t) / step.count() * step.count());
}

std::optional<UnixTime> initial(const config::Incremental& incremental, UnixTime now) {
  if (incremental.initial_value.empty()) return std::nullopt;
  const auto t = parse_time_expression(incremental.initial_value, now, Calendar{});
  if (!t) {
    fail(ErrorKind::config,
         "{}: incremental.initial_value '{}' is not a time; write 2026-01-01, an RFC 3339 time or -90d",
         incremental.where.text(), visible(incremental.initial_value));
  }
  return t;
}

/// The width that is asked for, within what the API takes.
std::optional<Seconds> slice_of(const config::Incremental& incremental) {
  if (!incremental.max_window) return incremental.window;
  return std::min(incremental.window.value_or(*incremental.max_window), *incremental.max_window);
}

Plan clock_plan(const config::Stream& stream, const std::optional<Bookmark>& bookmark, const Wish& wish, UnixTime now) {
  const config::Incremental& incremental = *stream.incremental;
  Plan plan;
  plan.step = step_of(stream);
  UnixTime from = initial(incremental, now).value_or(now - k_first_clock_window);
  // A cursor that is still to come was written by a clock that has gone back: what lies before it was not all there.
  if (bookmark && bookmark->cursor && *bookmark->cursor <= now && !wish.full)
    from = *bookmark->cursor - incremental.lag;
  if (wish.since) from = *wish.since;
  plan.bounds = {aligned(std::min(from, now), plan.step), now, ""};
  plan.slice = slice_of(incremental);
  if (plan.step > Seconds{0}) {
    const Seconds most = plan.step * k_samples_per_window;
    plan.slice = aligned(UnixTime{std::min(plan.slice.value_or(most), most)}, plan.step).time_since_epoch();
    plan.slice = std::max(*plan.slice, plan.step);
  }
  return plan;
}

}  // namespace

std::string Bookmark::to_json() const {
  json::Writer writer;
  writer.begin_object().member("v", 1);
  write_time(writer, "cursor", cursor);
  write_time(writer, "complete", complete);
  if (!state.empty()) writer.member("state", state);
  write_time(writer, "parent_cursor", parent_cursor);
  write_time(writer, "changed", changed);
  if (total_gap != 0) writer.member("total_gap", total_gap);
  if (!fields.empty()) writer.key("fields").raw(fields);
  if (!pages.empty()) writer.key("pages").raw(pages);
  if (!key.empty()) writer.member("key", key);
  return writer.end_object().take();
}

std::optional<Bookmark> Bookmark::from_json(std::string_view text) {
  if (text.empty()) return std::nullopt;
  try {
    json::Document document;
    const json::Value root = document.parse(text);
    if (read_integer(root, "v") != 1) return std::nullopt;
    const auto json_of = [&root](std::string_view name) {
      const auto found = root.get(name);
      return found ? found->to_json() : std::string();
    };
    Bookmark bookmark;
    bookmark.cursor = read_time(root, "cursor");
    bookmark.complete = read_time(root, "complete");
    bookmark.state = read_text(root, "state");
    bookmark.parent_cursor = read_time(root, "parent_cursor");
    bookmark.changed = read_time(root, "changed");
    bookmark.total_gap = read_integer(root, "total_gap");
    bookmark.fields = json_of("fields");
    bookmark.pages = json_of("pages");
    bookmark.key = read_text(root, "key");
    return bookmark;
  } catch (const json::SyntaxError&) {
    return std::nullopt;
  }
}

Plan make_plan(const config::Stream& stream, const std::optional<Bookmark>& bookmark, const Wish& wish, UnixTime now) {
  const auto& incremental = stream.incremental;
  Plan plan;
  plan.full = stream.write_disposition != config::Stream::Disposition::append && !wish.since;
  plan.complete = !wish.since;
  if (!incremental) return plan;
  if (incremental->source == config::Incremental::Source::clock) return clock_plan(stream, bookmark, wish, now);
  const bool by_response = incremental->source == config::Incremental::Source::response;
  const bool has_start = bookmark && (by_response ? !bookmark->state.empty() : bookmark->cursor.has_value());
  const bool due = wish.full || !has_start || !bookmark->complete || now - *bookmark->complete >= stream.full_every ||
                   *bookmark->complete > now + k_clock_tolerance ||
                   stream.write_disposition == config::Stream::Disposition::replace;
  if (wish.since) {
    plan.bounds.from = wish.since;
  } else if (due) {
    plan.bounds.from = initial(*incremental, now);
    // With a start that moves along ("-90d"), what falls out of the span has not been deleted.
    if (plan.bounds.from && !parse_time(incremental->initial_value)) plan.full = false;
  } else {
    plan.full = plan.complete = false;
    if (by_response)
      plan.bounds.state = bookmark->state;
    else
      plan.bounds.from = *bookmark->cursor - incremental->lag;
  }
  if (plan.bounds.from) plan.bounds.from = aligned(*plan.bounds.from, incremental->granularity);
  plan.slice = plan.bounds.from ? slice_of(*incremental) : std::nullopt;
  if (plan.slice) plan.bounds.to = aligned(now + incremental->granularity, incremental->granularity);
  return plan;
}

std::optional<Bounds> first_slice(const Plan& plan) {
  if (!plan.slice || !plan.bounds.from || !plan.bounds.to) return plan.bounds;
  return next_slice(plan, {std::nullopt, plan.bounds.from, ""});
}

std::optional<Bounds> next_slice(const Plan& plan, const Bounds& slice) {
  if (!plan.slice || !slice.to || !plan.bounds.to) return std::nullopt;
  // Both ends are included by servers. Samples lie at multiples of the step, so the next span starts where the last one
  // stopped short by a second; times of records are finer than that, so there the ends meet and ties come twice.
  const UnixTime from = slice.from && plan.step > Seconds{0} ? *slice.to + Seconds{1} : *slice.to;
  if (slice.from && from >= *plan.bounds.to) return std::nullopt;
  UnixTime to = from + *plan.slice - (plan.step > Seconds{0} ? Seconds{1} : Seconds{0});
  return Bounds{from, std::min(to, *plan.bounds.to), ""};
}

Bookmark next_bookmark(const config::Stream& stream, const Plan& plan, const std::optional<Bookmark>& before,
                       std::optional<UnixTime> newest, UnixTime observed_at, UnixTime now) {
  Bookmark after = before.value_or(Bookmark{});
  if (plan.complete) after.complete = observed_at;
  if (!stream.incremental) return after;
  if (stream.incremental->source == config::Incremental::Source::clock) newest = plan.bounds.to;
  if (newest) after.cursor = std::min(std::max(*newest, after.cursor.value_or(*newest)), now);
  return after;
}

std::string PageState::to_json() const {
  json::Writer writer;
  writer.begin_object().member("v", 1).member("fingerprint", fingerprint).member("full", plan.full);
  writer.member("complete", plan.complete);
  write_time(writer, "from", plan.bounds.from);
  write_time(writer, "to", plan.bounds.to);
  if (plan.slice) writer.member("slice", std::int64_t{plan.slice->count()});
  writer.member("step", std::int64_t{plan.step.count()});
  if (!slice.state.empty()) writer.member("state", slice.state);
  if (!group_digest.empty())
    writer.member("group", static_cast<std::int64_t>(group)).member("group_digest", group_digest);
  writer.member("records", records);
  write_time(writer, "slice_from", slice.from);
  write_time(writer, "slice_to", slice.to);
  writer.member("number", position.number).member("text", position.text).member("pages", pages);
  write_time(writer, "newest", newest);
  if (!fields.empty()) writer.key("fields").raw(fields);
  return writer.end_object().take();
}

std::optional<PageState> PageState::from_json(std::string_view text) {
  if (text.empty()) return std::nullopt;
  try {
    json::Document document;
    const json::Value root = document.parse(text);
    if (read_integer(root, "v") != 1) return std::nullopt;
    PageState state;
    state.fingerprint = read_text(root, "fingerprint");
    state.plan.full = root.get("full") && root.get("full")->boolean() == true;
    state.plan.complete = root.get("complete") && root.get("complete")->boolean() == true;
    state.plan.bounds = {read_time(root, "from"), read_time(root, "to"), read_text(root, "state")};
    state.group = static_cast<std::size_t>(std::max<std::int64_t>(0, read_integer(root, "group")));
    state.group_digest = read_text(root, "group_digest");
    state.records = read_integer(root, "records");
    if (root.get("slice")) state.plan.slice = Seconds{read_integer(root, "slice")};
    state.plan.step = Seconds{read_integer(root, "step")};
    state.slice = {read_time(root, "slice_from"), read_time(root, "slice_to"), state.plan.bounds.state};
    state.position = {read_integer(root, "number"), read_text(root, "text")};
    state.pages = read_integer(root, "pages");
    state.newest = read_time(root, "newest");
    if (const auto seen = root.get("fields")) state.fields = seen->to_json();
    return state;
  } catch (const json::SyntaxError&) {
    return std::nullopt;
  }
}

namespace {

/// The parts of an id by name; with the path of one that a column takes from elsewhere.
std::string recipe_of(const std::vector<std::string>& key, const std::vector<config::ColumnMap>& columns) {
  std::string text;
  for (const auto& part : key) {
    text += (text.empty() ? "" : ", ") + part;
    const auto column = std::ranges::find(columns, part, &config::ColumnMap::column);
    if (column != columns.end() && column->path != part)
      text += " = " + (column->path.empty() ? column->fallback.value_or("") : column->path);
  }
  return text;
}

}  // namespace

std::string id_recipe(const config::Stream& stream) {
  auto text = recipe_of(stream.primary_key, stream.columns);
  for (const auto& column : stream.columns)
    if (column.list == config::ColumnMap::List::rows && !column.primary_key.empty())
      text += fmt::format("; {}: {}", column.column, recipe_of(column.primary_key, column.columns));
  return text;
}

std::string fingerprint(const config::Source& source, const config::Stream& stream) {
  std::string text = source.base_url + '\n' + stream.method + ' ' + stream.path + '\n' + stream.json_body + '\n';
  for (const auto* params : {&source.params, &stream.params}) {
    for (const auto& [name, value] : *params) text += name + '=' + value + '\n';
  }
  const config::Paginator& p = stream.paginator;
  text += fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n", static_cast<int>(p.type), p.page_param, p.offset_param,
                      p.limit_param, p.limit, p.cursor_param, p.cursor_path, p.cursor_record_path);
  for (const auto& [name, value] : stream.form) text += name + '=' + value + '\n';
  for (const auto& partition : stream.partitions) text += partition + '\n';
  text += stream.parent.stream + '\n' + stream.parent.field + '\n' + id_recipe(stream) + '\n';
  if (stream.incremental) text += stream.incremental->start_param + '\n' + stream.incremental->format;
  const Hash128 hash = hash128(text);
  return fmt::format("{:016x}{:016x}", hash.high, hash.low);
}

}  // namespace sitrep::sources
