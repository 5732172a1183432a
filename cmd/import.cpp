#include "sources/import.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "entity_argument.hpp"
#include "input_file.hpp"
#include "source_world.hpp"

#include <algorithm>
#include <istream>
#include <iterator>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string entity;
  std::vector<std::string> files;
  std::optional<std::string> source, stream, observed_at, select, input;
  bool snapshot = false, by_name = false, allow_shrink = false;
};

sources::FileFormat format_of(const Options& options, const std::string& name, std::string_view text) {
  if (!options.input) return sources::guess_format(name, text);
  if (*options.input == "csv") return sources::FileFormat::csv;
  return *options.input == "ndjson" ? sources::FileFormat::ndjson : sources::FileFormat::json;
}

std::vector<sources::ImportFile> read_files(const Options& options, cli::Context& ctx) {
  std::vector<sources::ImportFile> files;
  for (const auto& name : options.files) {
    sources::ImportFile file;
    if (name == "-") {
      file.name = "standard input";
      file.text.assign(std::istreambuf_iterator<char>(*ctx.world().in), {});
    } else {
      const std::filesystem::path path = name;
      file.name = display(path);
      file.text = read_input(path.is_absolute() ? path : ctx.world().working_folder / path);
    }
    file.format = format_of(options, name, file.text);
    files.push_back(std::move(file));
  }
  return files;
}

/// The stream whose mapping reads the files; null: their keys are the names of columns.
const config::Stream* mapping_of(const Options& options, const config::Source& source, const std::string& entity) {
  std::vector<const config::Stream*> feeding;
  std::vector<std::string> names;
  for (const auto& stream : source.streams) {
    if (options.stream ? stream.name != *options.stream : stream.entity != entity) continue;
    feeding.push_back(&stream);
    names.push_back(stream.name);
  }
  if (options.stream && feeding.empty() && !options.by_name)
    fail(ErrorKind::usage, "source '{}' has no stream '{}'; --by-name reads columns by their names",
         visible(source.name), visible(*options.stream));
  if (feeding.size() > 1)
    fail(ErrorKind::usage, "{} feed {}; say which with --stream: {}", count_of(std::ssize(feeding), "stream"), entity,
         join(names, ", "));
  if (feeding.empty()) return nullptr;
  if (feeding[0]->entity != entity)
    fail(ErrorKind::usage, "{}.{} feeds {}, not {}", source.name, feeding[0]->name, feeding[0]->entity, entity);
  return feeding[0];
}

sources::ImportOptions options_of(const Options& options, cli::Context& ctx, const std::string& entity) {
  sources::ImportOptions wanted;
  wanted.source = options.source.value_or("import");
  wanted.stream = options.stream.value_or(entity);
  if (options.source && ctx.has_workspace()) {
    const auto& sources = ctx.config().sources;
    const auto found = std::ranges::find(sources, *options.source, &config::Source::name);
    if (found != sources.end()) {
      if (const auto* stream = mapping_of(options, *found, entity)) {
        wanted.stream = stream->name;
        if (!options.by_name) wanted.mapping = stream;
      }
    } else if (options.stream && !options.by_name) {
      find_source(ctx, *options.source);  // says that there is none of this name
    }
  } else if (options.stream && !options.by_name) {
    fail(ErrorKind::usage, "--stream names a stream of a source; name that with --source");
  }
  wanted.select = options.select;
  if (ctx.has_workspace()) wanted.timezone = ctx.config().timezone;
  wanted.observed_at = options.observed_at ? ctx.time("--observed-at", *options.observed_at) : ctx.now();
  if (wanted.observed_at > ctx.now())
    fail(ErrorKind::usage, "--observed-at {} is in the future", format_utc(wanted.observed_at));
  wanted.snapshot = options.snapshot;
  wanted.shrink = options.allow_shrink ? store::Shrink::allow : store::Shrink::refuse;
  return wanted;
}

cli::Table to_table(const std::vector<sources::Imported>& imported, const sources::ImportOptions& wanted) {
  using Column = cli::Table::Column;
  constexpr auto k_structured = cli::Table::Shown::structured;
  cli::Table table;
  table.columns = {{.name = "source"},
                   {.name = "stream"},
                   {.name = "entity", .shown = k_structured},
                   {.name = "observed_at", .header = "as of", .as = Column::As::time},
                   {.name = "added", .header = "new", .align = Column::Align::right},
                   {.name = "changed", .align = Column::Align::right},
                   {.name = "unchanged", .align = Column::Align::right},
                   {.name = "removed", .align = Column::Align::right},
                   {.name = "rejected", .align = Column::Align::right},
                   {.name = "duplicates", .shown = k_structured},
                   {.name = "odd_values", .shown = k_structured}};
  for (const auto& part : imported) {
    std::int64_t odd = 0;
    for (const auto& [what, count] : part.odd) odd += count;
    const auto& c = part.counts;
    table.rows.push_back({wanted.source, part.stream, part.entity, unix_seconds(wanted.observed_at), c.added, c.changed,
                          c.unchanged, c.removed, c.rejected, c.duplicates, odd});
  }
  return table;
}

int run(const Options& options, cli::Context& ctx) {
  if (ctx.as_of()) fail(ErrorKind::usage, "--as-of looks at the past; --observed-at says when a state was seen");
  ctx.check_fields(to_table({}, {}));
  const auto files = read_files(options, ctx);
  auto store = ctx.open_for_writing();
  const auto& entity = entity_argument(store, options.entity);
  const auto wanted = options_of(options, ctx, entity.name);
  const auto imported = sources::import_files(store, entity, files, wanted);
  ctx.print(to_table(imported, wanted), "import");
  std::int64_t rejected = 0, odd = 0;
  for (const auto& part : imported) {
    rejected += part.counts.rejected;
    for (const auto& [what, count] : part.odd) odd += count;
  }
  if (rejected > 0)
    ctx.note(fmt::format("{} rejected: sitrep query 'select place, reason from reject'", count_of(rejected, "record")));
  if (odd > 0) ctx.note(fmt::format("{} did not fit and went to extra.\"$odd\"", count_of(odd, "value")));
  return 0;
}

}  // namespace

void add_import(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("import", "Take records from files into the store, as if synced");
  command.positional("ENTITY", options->entity, "What they are: incident, launch_review, …").completes("entity");
  command.positional("FILE", options->files, "JSON, NDJSON or CSV; - is standard input").completes("file").required();
  command.option("--source", options->source, "NAME", "The source that the rows belong to; default: import")
      .completes("source");
  command.option("--stream", options->stream, "NAME", "The source's stream, whose mapping reads the files");
  command.option("--observed-at", options->observed_at, "TIME", "When this was the state; default: now");
  command.option("--snapshot", options->snapshot, "The files are the whole state: what is not in them is gone");
  command.option("--by-name", options->by_name, "Keys are names of columns, although the source has a mapping");
  command.option("--select", options->select, "PATH", "Where a JSON file keeps its records, such as data.items");
  command.option("--input", options->input, "KIND", "What the files are; default: by extension or content")
      .choices({"json", "ndjson", "csv"});
  command.option("--allow-shrink", options->allow_shrink,
                 "Believe a snapshot that lacks more than a tenth of the records");
  command.formats({"text", "json", "ndjson", "csv", "markdown"});
  command.description(
      "Records are read by the mapping of the source's stream for this entity. Without one, keys (of a CSV file: the\n"
      "header) are names of columns and what has no column goes into `extra`; `id` is the id where the entity "
      "declares\n"
      "no key, a series needs its key and `at`. Files are added to or change what is there; with --snapshot they are\n"
      "the whole state.\n"
      "\n"
      "--observed-at gives old dumps their place in time. Any order does: a state imported late holds from its moment\n"
      "to the next one at which the record was seen. A second import for the same moment corrects the first. Only "
      "where\n"
      "two streams of a source list the same records, theirs are to be given in order. All files are written in one\n"
      "transaction, or nothing is.");
  command.exits(6, "a file is not what it should be, or a snapshot would delete too much");
  command.example("sitrep import incident incidents.csv", "A spreadsheet whose header names the columns");
  command.example("sitrep import launch_review dump.json --source launches --observed-at 2026-09-01 --snapshot",
                  "The whole state of a day in September, through the mapping of sitrep.toml");
  command.example("sitrep incident list --json | sitrep import incident - --source copy", "From a pipe");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
