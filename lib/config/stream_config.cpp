#include "config/stream_config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/zone.hpp"

namespace sitrep::config {
namespace {

const Choices<model::ColumnType>& column_types() {
  using enum model::ColumnType;
  static const Choices<model::ColumnType> k_types = {{"text", text},       {"integer", integer},     {"real", real},
                                                     {"boolean", boolean}, {"timestamp", timestamp}, {"date", date},
                                                     {"json", json}};
  return k_types;
}

std::string read_zone(Reader& in, std::string_view key, const std::string& fallback) {
  const auto zone = in.text(key);
  if (!zone) return fallback;
  try {
    Zone::load(*zone);
  } catch (const Error& e) {
    in.fail(key, e.what());
  }
  return *zone;
}

ColumnMap read_column(std::string name, const toml::node& node, const std::string& title);

std::vector<ColumnMap> read_columns(Reader& in, std::string_view key) {
  std::vector<ColumnMap> columns;
  const auto* node = in.node(key);
  if (!node) return columns;
  const auto* table = node->as_table();
  if (!table) in.fail(key, fmt::format("'{}' in {} must be a table of column = path", key, in.title()));
  for (const auto& [name, value] : in_file_order(*table)) columns.push_back(read_column(name, *value, in.title()));
  return columns;
}

void read_child_table(Reader& in, ColumnMap& column) {
  column.child_entity = in.required_text("entity");
  column.parent_key = in.required_text("parent_key");
  column.columns = read_columns(in, "columns");
  assign(column.primary_key, in.texts("primary_key"));
  if (column.columns.empty()) in.fail("columns", fmt::format("{} with list = \"rows\" needs 'columns'", in.title()));
}

ColumnMap read_column(std::string name, const toml::node& node, const std::string& title) {
  ColumnMap column;
  column.where = location_of(node);
  column.column = std::move(name);
  if (const auto* path = node.as_string()) {
    column.path = path->get();
    return column;
  }
  const auto* table = node.as_table();
  if (!table) fail_at(column.where, fmt::format("column '{}' of {} must be a path or a table", column.column, title));
  Reader in(*table, fmt::format("column '{}' of {}", column.column, title), find_knob_table("column"));
  assign(column.path, in.text("path"));
  assign(column.parts, in.texts("parts"));
  column.separator = in.text("separator");
  if (column.separator && column.parts.empty())
    in.fail("separator", "'separator' in " + in.title() + " goes with 'parts'");
  if (!column.parts.empty() && !column.path.empty())
    in.fail("parts", in.title() + " has both 'path' and 'parts'; one makes sense");
  if (in.has("type")) column.type = in.choice("type", column_types());
  assign(column.format, in.text("format"));
  column.timezone = read_zone(in, "timezone", "");
  if (const auto* fallback = in.node("default")) column.fallback = scalar_text(*fallback);
  column.map = in.pairs("map");
  assign(column.null_values, in.texts("null_values"));
  using OnError = ColumnMap::OnError;
  assign(column.on_error,
         in.choice<OnError>("on_error", {{"odd", OnError::odd}, {"reject", OnError::reject}, {"null", OnError::null}}));
  using List = ColumnMap::List;
  assign(column.list, in.choice<List>("list", {{"json", List::json},
                                               {"join", List::join},
                                               {"first", List::first},
                                               {"last", List::last},
                                               {"count", List::count},
                                               {"rows", List::rows}}));
  if (column.list == List::rows) read_child_table(in, column);
  if (!column.parts.empty() && column.list != List::none)
    in.fail("parts", "'parts' in " + in.title() + " makes one text; 'list' does not go with it");
  if (column.path.empty() && column.parts.empty() && !column.fallback)
    fail_at(column.where, fmt::format("column '{}' of {} needs 'path' or 'default'", column.column, title));
  in.finish();
  return column;
}

/// What a paginator cannot work without; the type's own knob, so that a typing error does not read page 1 for ever.
void require_paginator_knobs(const Reader& in, const Paginator& p) {
  using Type = Paginator::Type;
  const auto need = [&](const std::string& value, std::string_view key) {
    if (value.empty()) fail_at(p.where, fmt::format("{} of this type needs '{}'", in.title(), key));
  };
  switch (p.type) {
    case Type::cursor:
      need(p.cursor_path, "cursor_path"), need(p.cursor_param + p.cursor_body_path, "cursor_param");
      break;
    case Type::last_record:
      need(p.cursor_record_path, "cursor_record_path"), need(p.cursor_param + p.cursor_body_path, "cursor_param");
      break;
    case Type::header_cursor:
      need(p.cursor_header, "cursor_header"), need(p.cursor_param + p.cursor_body_path, "cursor_param");
      break;
    case Type::json_link:
      need(p.next_url_path, "next_url_path");
      break;
    case Type::single_page:
    case Type::page_number:
    case Type::offset:
    case Type::header_link:
      break;
  }
}

Paginator read_paginator(Reader in) {
  Paginator p;
  p.where = in.where();
  using Type = Paginator::Type;
  const auto type = in.choice<Type>("type", {{"single_page", Type::single_page},
                                             {"page_number", Type::page_number},
                                             {"offset", Type::offset},
                                             {"cursor", Type::cursor},
                                             {"last_record", Type::last_record},
                                             {"json_link", Type::json_link},
                                             {"header_link", Type::header_link},
                                             {"header_cursor", Type::header_cursor}});
  if (!type) fail_at(p.where, in.title() + " needs 'type'");
  p.type = *type;
  assign(p.page_param, in.text("page_param"));
  assign(p.base_page, in.integer("base_page"));
  assign(p.offset_param, in.text("offset_param"));
  assign(p.limit_param, in.text("limit_param"));
  assign(p.limit, in.integer("limit", 1));
  p.maximum_offset = in.integer("maximum_offset", 1);
  assign(p.cursor_path, in.text("cursor_path"));
  assign(p.cursor_param, in.text("cursor_param"));
  assign(p.cursor_body_path, in.text("cursor_body_path"));
  assign(p.cursor_header, in.text("cursor_header"));
  assign(p.cursor_record_path, in.text("cursor_record_path"));
  assign(p.next_url_path, in.text("next_url_path"));
  assign(p.links_rel, in.text("links_rel"));
  assign(p.link_param, in.text("link_param"));
  assign(p.same_origin, in.boolean("same_origin"));
  assign(p.has_more_path, in.text("has_more_path"));
  assign(p.has_more_when, in.boolean("has_more_when"));
  assign(p.total_path, in.text("total_path"));
  assign(p.total_header, in.text("total_header"));
  assign(p.stop_after_empty_page, in.boolean("stop_after_empty_page"));
  assign(p.stop_after_short_page, in.boolean("stop_after_short_page"));
  using Resend = Paginator::Resend;
  assign(p.resend_params,
         in.choice<Resend>("resend_params", {{"all", Resend::all}, {"first_only", Resend::first_only}}));
  if (const auto statuses = in.integers("end_statuses")) p.end_statuses.assign(statuses->begin(), statuses->end());
  if (auto expired = in.table("on_expired")) {
    if (const auto statuses = expired->integers("status"))
      p.expired_statuses.assign(statuses->begin(), statuses->end());
    using Expired = Paginator::Expired;
    assign(p.on_expired, expired->choice<Expired>("action", {{"restart", Expired::restart}, {"fail", Expired::fail}}));
    expired->finish();
  }
  assign(p.max_pages, in.integer("max_pages", 1));
  if (!p.limit_param.empty() && p.limit == 0) in.fail("limit_param", in.title() + " has 'limit_param' but no 'limit'");
  if (p.type == Type::offset && p.limit_param.empty() && p.limit > 0) p.limit_param = "limit";
  in.finish();
  require_paginator_knobs(in, p);
  return p;
}

void check_incremental(Reader& in, const Incremental& inc) {
  using From = Incremental::Source;
  const bool starts = !inc.start_param.empty() || !inc.start_body_path.empty();
  const bool ends =
      !inc.end_param.empty() || !inc.end_body_path.empty() || inc.start_template.find("{end}") != std::string::npos;
  if (inc.source == From::record && inc.cursor_path.empty())
    fail_at(inc.where, in.title() + " needs 'cursor_path', the record's time of change (or source = \"clock\")");
  if (inc.source == From::clock && !starts)
    fail_at(inc.where, in.title() + " with source = \"clock\" needs 'start_param'");
  if (inc.source == From::response && inc.state_path.empty())
    fail_at(inc.where, in.title() + " with source = \"response\" needs 'state_path'");
  if (!inc.start_template.empty() && inc.start_param.empty())
    in.fail("start_template", "'start_template' in " + in.title() + " needs 'start_param'");
  if (!inc.start_template.empty() && inc.start_template.find("{start}") == std::string::npos)
    in.fail("start_template", "'start_template' in " + in.title() + " has no {start}");
  if (inc.window && (inc.window->count() < 1 || !ends))
    in.fail("window", "'window' in " + in.title() + " needs a second or more, and 'end_param'");
  if (inc.max_window && (inc.max_window->count() < 1 || !ends))
    in.fail("max_window", "'max_window' in " + in.title() + " needs a second or more, and 'end_param'");
}

Incremental read_incremental(Reader in) {
  Incremental inc;
  inc.where = in.where();
  using From = Incremental::Source;
  assign(inc.source,
         in.choice<From>("source", {{"record", From::record}, {"response", From::response}, {"clock", From::clock}}));
  assign(inc.cursor_path, in.text("cursor_path"));
  assign(inc.state_path, in.text("state_path"));
  assign(inc.start_param, in.text("start_param"));
  assign(inc.end_param, in.text("end_param"));
  assign(inc.start_template, in.text("start_template"));
  assign(inc.start_body_path, in.text("start_body_path"));
  assign(inc.end_body_path, in.text("end_body_path"));
  assign(inc.format, in.text("format"));
  assign(inc.initial_value, in.text("initial_value"));
  if (const auto lag = in.duration("lag")) inc.lag = std::chrono::ceil<Seconds>(*lag);
  if (const auto window = in.duration("window")) inc.window = std::chrono::floor<Seconds>(*window);
  if (const auto window = in.duration("max_window")) inc.max_window = std::chrono::floor<Seconds>(*window);
  if (const auto step = in.duration("granularity")) inc.granularity = std::chrono::ceil<Seconds>(*step);
  using Order = Incremental::Order;
  assign(inc.order, in.choice<Order>("order", {{"none", Order::none}, {"asc", Order::asc}, {"desc", Order::desc}}));
  assign(inc.filter_field, in.text("filter_field"));
  in.finish();
  check_incremental(in, inc);
  return inc;
}

void check_entity(Reader& in, const Stream& stream, const std::vector<model::Entity>& own) {
  std::vector<std::string_view> names;
  for (const auto& entity : model::built_in_entities()) names.push_back(entity.name);
  for (const auto& entity : own) names.push_back(entity.name);
  const auto check = [&](const std::string& name, const Location& where) {
    if (std::ranges::find(names, name) == names.end())
      fail_at(where, fmt::format("'{}' is not an entity{}", visible(name), did_you_mean(name, names)));
  };
  check(stream.entity, location_of(*in.node("entity")));
  for (const auto& column : stream.columns)
    if (column.list == ColumnMap::List::rows) check(column.child_entity, column.where);
}

void read_extraction(Reader& in, Stream& s) {
  assign(s.data_selector, in.text("data_selector"));
  using Shape = Stream::Shape;
  assign(s.record_shape,
         in.choice<Shape>(
             "record_shape",
             {{"array", Shape::array}, {"object", Shape::object}, {"map", Shape::map}, {"scalar", Shape::scalar}}));
  assign(s.expand, in.text("expand"));
  assign(s.keep_empty, in.choice<bool>("on_empty", {{"skip", false}, {"keep", true}}));
  assign(s.primary_key, in.texts("primary_key"));
  if (s.primary_key.empty()) in.fail("primary_key", "'primary_key' in " + in.title() + " must name a field");
  s.columns = read_columns(in, "columns");
  for (const auto& field : in.texts("include_from_parent").value_or(std::vector<std::string>{})) {
    ColumnMap column;
    column.column = "parent_" + replace_all(field, ".", "_");
    column.path = "^." + field;
    column.where = location_of(*in.node("include_from_parent"));
    s.columns.push_back(std::move(column));
  }
  s.timezone = read_zone(in, "timezone", s.timezone);
  using Nan = Stream::Nan;
  const Choices<Nan> nans = {{"null", Nan::null}, {"text", Nan::text}, {"error", Nan::error}};
  s.inf = s.nan = in.choice("nan", nans).value_or(Nan::null);
  assign(s.inf, in.choice("inf", nans));
}

ResponseAction read_response_action(Reader& in) {
  ResponseAction action;
  using Do = ResponseAction::Do;
  const auto what = in.choice<Do>("action", {{"ignore", Do::ignore},
                                             {"fail", Do::fail},
                                             {"retry", Do::retry},
                                             {"rate_limited", Do::rate_limited},
                                             {"restart", Do::restart},
                                             {"end", Do::end}});
  if (!what) fail_at(in.where(), in.title() + " needs 'action'");
  action.action = *what;
  if (const auto status = in.integer("status", 100)) action.status = static_cast<int>(*status);
  assign(action.content, in.text("content"));
  in.finish();
  if (!action.status && action.content.empty()) fail_at(in.where(), in.title() + " needs 'status' or 'content'");
  return action;
}

void read_answers(Reader& in, Stream& s) {
  s.success = read_condition(in, "success");
  s.deleted_when = read_condition(in, "deleted_when");
  if (auto skip = in.table("skip_when")) {
    s.skip_when.emplace(skip->required_text("path"), std::nullopt);
    if (const auto* equals = skip->node("equals")) s.skip_when->second = scalar_text(*equals);
    skip->finish();
  }
  assign(s.warnings_path, in.text("warnings_path"));
  assign(s.partial_path, in.text("partial_path"));
  assign(s.allow_empty, in.boolean("allow_empty"));
  assign(s.allow_shrink, in.boolean("allow_shrink"));
  for (auto& action : in.tables("response_actions")) s.response_actions.push_back(read_response_action(action));
  using Conditional = Stream::Conditional;
  assign(s.conditional, in.choice<Conditional>("conditional", {{"off", Conditional::off},
                                                               {"etag", Conditional::etag},
                                                               {"last_modified", Conditional::last_modified},
                                                               {"auto", Conditional::automatic}}));
  using Contract = Stream::Contract;
  assign(s.contract,
         in.choice<Contract>(
             "contract", {{"evolve", Contract::evolve}, {"freeze", Contract::freeze}, {"discard", Contract::discard}}));
}

void read_parent(Reader& in, Stream& s) {
  auto table = in.table("parent");
  if (!table) return;
  s.parent.where = table->where();
  s.parent.stream = table->required_text("stream");
  s.parent.field = table->text("field").value_or("id");
  s.parent.param = table->required_text("param");
  assign(s.parent.only_changed, table->boolean("only_changed"));
  assign(s.parent.skip_404, table->choice<bool>("on_404", {{"skip", true}, {"fail", false}}));
  table->finish();
}

void read_partitions(Reader& in, Stream& s) {
  const auto* node = in.node("partitions");
  if (!node) return;
  const auto* list = node->as_array();
  if (!list || list->empty())
    in.fail("partitions", "'partitions' in " + in.title() + " must be a list of values or tables");
  if (!s.parent.stream.empty())
    in.fail("partitions", in.title() + " has both 'parent' and 'partitions'; one makes sense");
  for (const auto& item : *list) {
    if (const auto* table = item.as_table()) {
      for (const auto& [key, value] : *table)
        if (!scalar_text(value))
          fail_at(location_of(value), fmt::format("'{}' in 'partitions' must be a value", key.str()));
      s.partitions.push_back(to_json(item));
      continue;
    }
    if (!scalar_text(item))
      fail_at(location_of(item), "'partitions' in " + in.title() + " holds values or tables of values");
    s.partitions.push_back("{\"value\":" + to_json(item) + "}");
  }
}

/// A list of values in the way that the API wants it.
Pairs unfold(const std::vector<std::pair<std::string, std::vector<std::string>>>& lists, std::string_view way) {
  Pairs pairs;
  for (const auto& [name, values] : lists) {
    if (values.size() == 1)
      pairs.emplace_back(name, values[0]);
    else if (way == "comma")
      pairs.emplace_back(name, join(values, ","));
    else
      for (const auto& value : values) pairs.emplace_back(way == "brackets" ? name + "[]" : name, value);
  }
  return pairs;
}

void read_request(Reader& in, Stream& s) {
  s.path = in.text("path").value_or("");
  assign(s.method, in.choice<std::string>("method", {{"GET", "GET"}, {"POST", "POST"}}));
  const auto way =
      in.choice<std::string>("array_params", {{"repeat", "repeat"}, {"brackets", "brackets"}, {"comma", "comma"}});
  s.params = unfold(in.lists("params"), way.value_or("repeat"));
  if (const auto* body = in.node("json")) s.json_body = to_json(*body);
  s.form = in.pairs("form");
  if (!s.form.empty() && !s.json_body.empty()) in.fail("form", in.title() + " has both 'json' and 'form'");
}

}  // namespace

std::optional<std::pair<std::string, std::string>> read_condition(Reader& in, std::string_view key) {
  auto table = in.table(key);
  if (!table) return std::nullopt;
  const auto path = table->required_text("path");
  const auto* equals = table->node("equals");
  const auto text = equals ? scalar_text(*equals) : std::nullopt;
  if (!text) fail_at(table->where(), table->title() + " needs 'equals'");
  table->finish();
  return std::pair(path, *text);
}

Stream read_stream(Reader& in, const std::vector<model::Entity>& own) {
  Stream s;
  s.where = in.where();
  s.name = in.required_text("name");
  s.entity = in.required_text("entity");
  s.definition = in.json();
  read_request(in, s);
  read_extraction(in, s);
  read_answers(in, s);
  read_parent(in, s);
  read_partitions(in, s);
  if (const auto paginator = in.table("paginator")) s.paginator = read_paginator(*paginator);
  if (const auto incremental = in.table("incremental")) s.incremental = read_incremental(*incremental);
  using Disposition = Stream::Disposition;
  assign(s.write_disposition, in.choice<Disposition>("write_disposition", {{"merge", Disposition::merge},
                                                                           {"replace", Disposition::replace},
                                                                           {"append", Disposition::append}}));
  if (const auto every = in.duration("full_every")) s.full_every = std::chrono::floor<Seconds>(*every);
  in.finish();
  check_entity(in, s, own);
  return s;
}

}  // namespace sitrep::config
