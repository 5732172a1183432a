#include "config/evaluation_config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.hpp"
#include "model/reserved_names.hpp"

namespace sitrep::config {
namespace {

std::optional<Threshold> read_threshold(Reader& in, std::string_view key) {
  const auto text = in.text(key);
  if (!text) return std::nullopt;
  const auto threshold = parse_threshold(*text);
  if (!threshold)
    in.fail(key, fmt::format("'{}' in {} must be a comparison with a number, such as \"> 21\", not \"{}\"", key,
                             in.title(), visible(*text)));
  return threshold;
}

const Choices<std::string>& dimensions() {
  static const Choices<std::string> k_dimensions = {
      {"schedule", "schedule"},       {"launches", "launches"},
      {"incidents", "incidents"},     {"follow-through", "follow-through"},
      {"reliability", "reliability"}, {"capacity", "capacity"},
      {"support", "support"},         {"data", "data"}};
  return k_dimensions;
}

}  // namespace

Metric read_metric(Reader& in, std::string name) {
  Metric m;
  m.where = in.where();
  m.name = std::move(name);
  m.title = in.text("title").value_or(m.name);
  const auto kind = in.choice<std::string>("kind", {{"count", "count"},
                                                    {"rate", "rate"},
                                                    {"proportion", "proportion"},
                                                    {"duration", "duration"},
                                                    {"ratio", "ratio"},
                                                    {"level", "level"}});
  if (!kind) fail_at(m.where, in.title() + " needs 'kind': count, rate, proportion, duration, ratio or level");
  m.kind = *kind;
  assign(m.unit, in.text("unit"));
  m.better =
      in.choice<std::string>("better", {{"lower", "lower"}, {"higher", "higher"}, {"none", "none"}}).value_or("none");
  assign(m.dimension, in.choice("dimension", dimensions()));
  assign(m.doc, in.text("doc"));
  m.sql = in.required_text("sql");
  m.target = read_threshold(in, "target");
  m.minimum_n = in.real("minimum_n");
  assign(m.needs, in.texts("needs"));
  assign(m.minimum_coverage, in.real("minimum_coverage"));
  if (m.minimum_coverage < 0 || m.minimum_coverage > 1)
    in.fail("minimum_coverage", "'minimum_coverage' in " + in.title() + " is a share, 0 to 1");
  in.finish();
  return m;
}

Rule read_rule(Reader& in) {
  Rule rule;
  rule.where = in.where();
  rule.metric = in.required_text("metric");
  rule.name = in.text("name").value_or(rule.metric);
  assign(rule.scope,
         in.choice<std::string>("scope", {{"program", "program"}, {"service", "service"}, {"team", "team"}}));
  assign(rule.dimension, in.choice("dimension", dimensions()));
  rule.yellow = read_threshold(in, "yellow");
  rule.red = read_threshold(in, "red");
  assign(rule.worse, in.choice<std::string>("worse", {{"yellow", "yellow"}, {"red", "red"}}));
  in.finish();
  if (!rule.yellow && !rule.red && rule.worse.empty())
    fail_at(rule.where, "[[rule]] needs 'yellow', 'red' or 'worse', or it never says anything");
  return rule;
}

Exemption read_exemption(Reader& in) {
  Exemption e;
  e.where = in.where();
  e.rule = in.required_text("rule");
  assign(e.program, in.text("program"));
  assign(e.service, in.text("service"));
  assign(e.team, in.text("team"));
  e.owner = in.required_text("owner");
  e.reason = in.required_text("reason");
  e.expires = in.date("expires");
  in.finish();
  if (!e.expires) fail_at(e.where, "[[exemption]] needs 'expires': an exemption without an end is a deleted rule");
  return e;
}

model::Entity read_entity(Reader& in, std::string name) {
  const auto is_name = [](std::string_view text) {
    return !text.empty() && text.size() <= 40 && text.front() >= 'a' && text.front() <= 'z' &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
  };
  if (!is_name(name) || model::find_built_in(name))
    fail_at(in.where(),
            fmt::format("'{}' cannot name an own entity: lower-case letters, digits and _, and not a built-in one",
                        visible(name)));
  if (model::is_reserved_entity(name))
    fail_at(in.where(), fmt::format("{}: the store needs this name itself; choose another one", in.title()));
  model::Entity entity;
  entity.name = std::move(name);
  entity.doc = in.text("doc").value_or("Own entity of this workspace");
  for (auto& [column, type] : in.pairs("columns")) {
    const auto known = model::parse_column_type(type);
    if (!known)
      in.fail("columns", fmt::format("column '{}' of {} has type '{}'; it takes text, integer, real, boolean, "
                                     "timestamp, date or json",
                                     column, in.title(), visible(type)));
    if (!is_name(column))
      in.fail("columns", fmt::format("'{}' cannot name a column of {}", visible(column), in.title()));
    if (std::ranges::find(model::k_reserved_columns, column) != model::k_reserved_columns.end())
      in.fail("columns", fmt::format("every entity has a column '{}' already; choose another name for that of {}",
                                     column, in.title()));
    entity.columns.push_back({column, *known, "", {}});
  }
  if (entity.columns.empty()) fail_at(in.where(), in.title() + " needs 'columns'");
  const auto column_of = [&](std::string_view knob, const std::string& wanted) -> model::Column& {
    const int index = entity.index_of(wanted);
    if (index < 0) in.fail(knob, fmt::format("'{}' is not a column of {}", visible(wanted), in.title()));
    return entity.columns[static_cast<std::size_t>(index)];
  };
  entity.key = in.texts("key").value_or(std::vector<std::string>{});
  for (const auto& column : entity.key) column_of("key", column);
  for (auto& [column, target] : in.pairs("links")) column_of("links", column).refers_to = target;
  in.finish();
  return entity;
}

void check_links(const std::vector<model::Entity>& own, const Reader& root) {
  for (const auto& entity : own) {
    for (const auto& column : entity.columns) {
      if (column.refers_to.empty() || model::find_built_in(column.refers_to)) continue;
      if (std::ranges::find(own, column.refers_to, &model::Entity::name) != own.end()) continue;
      std::vector<std::string_view> names;
      for (const auto& built_in : model::built_in_entities()) names.push_back(built_in.name);
      for (const auto& other : own) names.push_back(other.name);
      root.fail("entity", fmt::format("[entity.{}] links {} to '{}', which is not an entity{}", entity.name,
                                      column.name, visible(column.refers_to), did_you_mean(column.refers_to, names)));
    }
  }
}

std::vector<std::string> read_diff_exclude(Reader& in) {
  auto names = in.texts("exclude").value_or(std::vector<std::string>{});
  for (const auto& name : names)
    if (name.find('.') == std::string::npos || name.front() == '.' || name.back() == '.')
      in.fail("exclude", fmt::format("'{}' does not name a column; write ENTITY.COLUMN or *.extra.KEY", visible(name)));
  in.finish();
  return names;
}

std::vector<Metric> parse_metrics(std::string_view toml, std::string_view file) {
  const auto table = parse_toml(toml, std::string(file));
  Reader in(table, "", find_knob_table(""));
  std::vector<Metric> metrics;
  for (auto& [name, metric] : in.named_tables("metric")) metrics.push_back(read_metric(metric, name));
  in.finish();
  return metrics;
}

std::vector<Rule> parse_rules(std::string_view toml, std::string_view file) {
  const auto table = parse_toml(toml, std::string(file));
  Reader in(table, "", find_knob_table(""));
  std::vector<Rule> rules;
  for (auto& rule : in.tables("rule")) rules.push_back(read_rule(rule));
  in.finish();
  return rules;
}

}  // namespace sitrep::config
