#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "docs/catalog.hpp"
#include "model/entity.hpp"
#include "numbers.hpp"
#include "report_inputs.hpp"
#include "sources/presets.hpp"
#include "store/listing.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string kind;
};

using Names = std::vector<std::string>;
using Kind = config::TemplateHeader::Kind;

Names entities(cli::Context& ctx) {
  Names names;
  for (const auto& entity : model::built_in_entities()) names.push_back(entity.name);
  if (!ctx.has_workspace()) return names;
  for (const auto& entity : ctx.config().entities) names.push_back(entity.name);
  return names;
}

Names presets(cli::Context&) {
  const auto names = sources::preset_names();
  return {names.begin(), names.end()};
}

Names streams(cli::Context& ctx) {
  Names names;
  if (!ctx.has_workspace()) return names;
  for (const auto& source : ctx.config().sources) {
    names.push_back(source.name);
    for (const auto& stream : source.streams) names.push_back(source.name + "." + stream.name);
  }
  return names;
}

bool has_store(cli::Context& ctx) {
  std::error_code none;
  return ctx.has_workspace() && std::filesystem::exists(ctx.store_file(), none);
}

Names metrics(cli::Context& ctx) {
  Names names;
  if (!has_store(ctx)) return names;
  const auto evaluator = make_evaluator(ctx);
  for (const auto& metric : evaluator.metrics()) names.push_back(metric.name);
  return names;
}

Names templates(cli::Context& ctx, bool reports_only) {
  Names names;
  const auto catalog = template_catalog(ctx);
  for (const auto& name : catalog.names()) {
    const auto file = catalog.file(name);
    if (!file || (reports_only && file->source.header.kind != Kind::report)) continue;
    names.push_back(reports_only ? docs::short_name(name) : name);
  }
  return names;
}

Names publish_targets(cli::Context& ctx) {
  Names names;
  if (!ctx.has_workspace()) return names;
  for (const auto& target : document_config(ctx).publish) names.push_back(target.name);
  return names;
}

/// Values of a column of the stored records; none where there is no store yet.
Names stored(cli::Context& ctx, const char* entity, const char* column) {
  Names names;
  if (!has_store(ctx)) return names;
  store::Listing listing;
  listing.entity = entity;
  listing.sort = column;
  const auto listed = store::list(ctx.store(), listing);
  const auto index = static_cast<std::size_t>(listed.index_of(column));
  for (const auto& row : listed.rows)
    if (const auto* text = std::get_if<std::string>(&row[index])) names.push_back(*text);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// What completes a word: one row per kind that a command names with completes().
struct Kinds {
  std::string_view name;
  Names (*names)(cli::Context&);
};
constexpr Kinds k_kinds[] = {
    {"entity", entities},
    {"launch_review", [](cli::Context& ctx) { return stored(ctx, "launch_review", "id"); }},
    {"metric", metrics},
    {"preset", presets},
    {"program", [](cli::Context& ctx) { return stored(ctx, "program", "name"); }},
    {"publish", publish_targets},
    {"report", [](cli::Context& ctx) { return templates(ctx, true); }},
    {"service", [](cli::Context& ctx) { return stored(ctx, "service", "name"); }},
    {"source", streams},
    {"team", [](cli::Context& ctx) { return stored(ctx, "service", "team"); }},
    {"template", [](cli::Context& ctx) { return templates(ctx, false); }},
};

/// Names for completion scripts, one per line.
int run(const Options& options, cli::Context& ctx) {
  const auto* kind = std::ranges::find(k_kinds, options.kind, &Kinds::name);
  if (kind == std::end(k_kinds)) fail(ErrorKind::usage, "there is no kind '{}'", visible(options.kind));
  for (const auto& name : kind->names(ctx)) ctx.out() << name << '\n';
  return 0;
}

}  // namespace

void add_complete(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("complete", "Names for completion scripts").hidden();
  command.positional(
      "KIND", options->kind,
      "entity, launch_review, metric, preset, program, publish, report, service, source, team, template");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
