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
  if (column.path.empty() && !column.fallback)
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
      need(p.cursor_path, "cursor_path"), need(p.cursor_param, "cursor_param");
      break;
    case Type::last_record:
      need(p.cursor_record_path, "cursor_record_path"), need(p.cursor_param, "cursor_param");
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
                                             {"header_link", Type::header_link}});
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
  assign(p.cursor_record_path, in.text("cursor_record_path"));
  assign(p.next_url_path, in.text("next_url_path"));
  assign(p.links_rel, in.text("links_rel"));
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
  assign(p.max_pages, in.integer("max_pages", 1));
  if (!p.limit_param.empty() && p.limit == 0) in.fail("limit_param", in.title() + " has 'limit_param' but no 'limit'");
  if (p.type == Type::offset && p.limit_param.empty() && p.limit > 0) p.limit_param = "limit";
  in.finish();
  require_paginator_knobs(in, p);
  return p;
}

Incremental read_incremental(Reader in) {
  Incremental inc;
  inc.where = in.where();
  using From = Incremental::Source;
  assign(inc.source, in.choice<From>("source", {{"record", From::record}, {"clock", From::clock}}));
  assign(inc.cursor_path, in.text("cursor_path"));
  assign(inc.start_param, in.text("start_param"));
  assign(inc.end_param, in.text("end_param"));
  assign(inc.format, in.text("format"));
  assign(inc.initial_value, in.text("initial_value"));
  if (const auto lag = in.duration("lag")) inc.lag = std::chrono::ceil<Seconds>(*lag);
  if (const auto window = in.duration("window")) inc.window = std::chrono::floor<Seconds>(*window);
  if (inc.source == From::record && inc.cursor_path.empty())
    fail_at(inc.where, in.title() + " needs 'cursor_path', the record's time of change (or source = \"clock\")");
  if (inc.source == From::clock && inc.start_param.empty())
    fail_at(inc.where, in.title() + " with source = \"clock\" needs 'start_param'");
  if (inc.window && (inc.window->count() < 1 || inc.end_param.empty()))
    in.fail("window", "'window' in " + in.title() + " needs a second or more, and 'end_param'");
  in.finish();
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
  assign(s.primary_key, in.texts("primary_key"));
  if (s.primary_key.empty()) in.fail("primary_key", "'primary_key' in " + in.title() + " must name a field");
  s.columns = read_columns(in, "columns");
  s.timezone = read_zone(in, "timezone", s.timezone);
  using Nan = Stream::Nan;
  assign(s.nan, in.choice<Nan>("nan", {{"null", Nan::null}, {"text", Nan::text}, {"error", Nan::error}}));
}

void read_success(Reader& in, Stream& s) {
  if (auto success = in.table("success")) {
    const auto path = success->required_text("path");
    const auto* equals = success->node("equals");
    const auto text = equals ? scalar_text(*equals) : std::nullopt;
    if (!text) fail_at(success->where(), success->title() + " needs 'equals'");
    s.success = {path, *text};
    success->finish();
  }
  assign(s.warnings_path, in.text("warnings_path"));
  assign(s.allow_empty, in.boolean("allow_empty"));
}

}  // namespace

Stream read_stream(Reader& in, const std::vector<model::Entity>& own) {
  Stream s;
  s.where = in.where();
  s.name = in.required_text("name");
  s.entity = in.required_text("entity");
  s.path = in.text("path").value_or("");
  assign(s.method, in.choice<std::string>("method", {{"GET", "GET"}, {"POST", "POST"}}));
  s.params = in.pairs("params");
  if (const auto* body = in.node("json")) s.json_body = to_json(*body);
  read_extraction(in, s);
  read_success(in, s);
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
