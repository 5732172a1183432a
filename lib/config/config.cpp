#include "config/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "base/file.hpp"
#include "config/evaluation_config.hpp"
#include "config/merge.hpp"
#include "config/reader.hpp"
#include "config/stream_config.hpp"

namespace sitrep::config {
namespace {

void read_workspace(Reader in, Config& config) {
  assign(config.name, in.text("name"));
  if (const auto zone = in.text("timezone")) {
    config.timezone = *zone;
    try {
      config.calendar.zone = Zone::load(*zone);
    } catch (const Error& e) {
      in.fail("timezone", e.what());
    }
  }
  assign(config.calendar.week_starts,
         in.choice<std::chrono::weekday>(
             "week_starts",
             {{"monday", std::chrono::Monday}, {"sunday", std::chrono::Sunday}, {"saturday", std::chrono::Saturday}}));
  in.finish();
}

/// The preset that a source names becomes the base of its table.
void merge_preset(toml::table& source, const std::string& name, const PresetLookup& presets) {
  const auto* preset = source.get("preset");
  if (!preset) return;
  if (!preset->is_string())
    fail_at(location_of(*preset), fmt::format("'preset' in [source.{}] must be a string", name));
  const auto& wanted = preset->as_string()->get();
  const auto text = presets ? presets(wanted) : std::nullopt;
  if (!text)
    fail_at(
        location_of(*preset),
        fmt::format("[source.{}]: there is no preset '{}'; 'sitrep source presets' lists them", name, visible(wanted)));
  auto base = parse_toml(*text, "preset " + wanted);
  base.erase("about");  // words about the preset: see read_preset_about()
  lay_over(base, std::move(source));
  source = std::move(base);
}

void read_sources(toml::table& root, Reader& in, Config& config, const PresetLookup& presets,
                  const Environment& environment) {
  for (const auto& [name, unmerged] : in.named_tables("source")) {
    auto& table = *root["source"][name].as_table();
    const Location where = location_of(table);
    std::vector<std::pair<std::string, Location>> unset;
    merge_preset(table, name, presets);
    expand_environment(table, environment, unset);
    Reader reader(table, fmt::format("[source.{}]", name), find_knob_table("source"));
    config.sources.push_back(read_source(reader, name, config.entities));
    config.sources.back().unset_environment = std::move(unset);
    config.sources.back().where = where;
  }
}

template <class T>
void refuse_duplicates(const std::vector<T>& items, std::string_view what) {
  for (std::size_t i = 0; i < items.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (items[i].name == items[j].name)
        fail_at(items[i].where, fmt::format("there are two {}s named '{}'", what, items[i].name));
}

/// What others than `launch check` need of [launch].
LaunchPolicy policy_of(const DocumentConfig& documents) {
  const auto& rules = documents.launch;
  LaunchPolicy policy;
  policy.required_sections = rules.all.required_sections;
  for (const auto& [tier, demands] : rules.by_tier) policy.required_sections_by_tier[tier] = demands.required_sections;
  policy.approvers = rules.all.approvers;
  policy.review_days = rules.review_days;
  policy.source = rules.source;
  policy.where = rules.where;
  return policy;
}

}  // namespace

Config parse(std::string_view toml, const std::filesystem::path& file, const PresetLookup& presets,
             const Environment& environment) {
  auto root = parse_toml(toml, display(file.filename()));
  Config config;
  config.file = file;
  config.folder = file.parent_path();
  Reader in(root, "", find_knob_table(""));
  if (const auto workspace = in.table("workspace")) read_workspace(*workspace, config);
  if (config.name.empty()) config.name = display(std::filesystem::absolute(file).parent_path().filename());
  for (auto& [name, entity] : in.named_tables("entity")) config.entities.push_back(read_entity(entity, name));
  read_sources(root, in, config, presets, environment);
  for (auto& [name, metric] : in.named_tables("metric")) config.metrics.push_back(read_metric(metric, name));
  for (auto& rule : in.tables("rule")) config.rules.push_back(read_rule(rule));
  for (auto& exemption : in.tables("exemption")) config.exemptions.push_back(read_exemption(exemption));
  for (auto& [name, sql] : in.pairs("queries")) config.queries.emplace(name, sql);
  for (const auto& [what, age] : in.pairs("retention")) {
    const auto length = parse_duration(age);
    if (!length) in.fail("retention", fmt::format("'{}' in [retention] must be an age such as \"400d\"", what));
    config.retention.emplace(what, *length);
  }
  config.launch = policy_of(read_document_config(in));
  if (auto diff = in.table("diff")) config.diff_exclude = read_diff_exclude(*diff);
  in.finish();
  check_links(config.entities, in);
  refuse_duplicates(config.rules, "rule");
  return config;
}

std::string effective_source(std::string_view toml, const std::filesystem::path& file, const std::string& name,
                             const PresetLookup& presets) {
  auto root = parse_toml(toml, display(file.filename()));
  auto* source = root["source"][name].as_table();
  if (!source) sitrep::fail(ErrorKind::config, "{} has no [source.{}]", display(file.filename()), visible(name));
  merge_preset(*source, name, presets);
  const toml::table whole{{"source", toml::table{{name, *source}}}};
  std::ostringstream out;
  out << toml::toml_formatter(whole, toml::toml_formatter::default_flags & ~toml::format_flags::indentation) << '\n';
  return out.str();
}

Config load(const std::filesystem::path& file, const PresetLookup& presets, const Environment& environment) {
  std::string text;
  try {
    text = read_file(file, std::size_t{2} << 20);
  } catch (const Error& e) {
    throw Error(ErrorKind::config, e.what());
  }
  return parse(text, file, presets, environment);
}

}  // namespace sitrep::config
