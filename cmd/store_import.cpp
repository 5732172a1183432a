#include <istream>
#include <iterator>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "input_file.hpp"
#include "store/export.hpp"

namespace sitrep::cmd {
namespace {

int run(const std::string& name, cli::Context& ctx) {
  std::string text;
  if (name == "-")
    text.assign(std::istreambuf_iterator<char>(*ctx.world().in), {});
  else
    text = read_input(
        std::filesystem::path(name).is_absolute() ? std::filesystem::path(name) : ctx.world().working_folder / name,
        std::size_t{16} << 30);
  auto store = ctx.open_for_writing();
  const auto loaded = store::load_export(store, text, name == "-" ? "standard input" : display(name));
  ctx.note(fmt::format("{}, {}, {}", count_of(loaded.streams, "stream"), count_of(loaded.versions, "version"),
                       count_of(loaded.samples, "sample")));
  return 0;
}

}  // namespace

void add_store_import(cli::Command& store) {
  auto file = std::make_shared<std::string>();
  auto& command = store.add("import", "Make the store from an export");
  command.positional("FILE", *file, "What 'sitrep store export' wrote; - is standard input").completes("file");
  command.description(
      "Only into a store that has no records yet, in one transaction: all of it or nothing. For records from\n"
      "other places see 'sitrep import'.");
  command.exits(5, "the store has records already");
  command.exits(6, "the file is no whole export");
  command.example("sitrep store import store.ndjson --store copy.db", "After a checkout, or from the cache of a CI");
  command.run([file](cli::Context& ctx) { return run(*file, ctx); });
}

}  // namespace sitrep::cmd
