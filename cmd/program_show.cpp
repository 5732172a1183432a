#include "commands.hpp"
#include "records.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::string name;
};

int run(const Options& options, cli::Context& ctx) {
  return show_record(ctx, "program", "program.show", options.name,
                     {{.entity = "milestone",
                       .column = "program_id",
                       .key = Related::Key::id_or_name,
                       .title = "milestones",
                       .shown = {"title", "status", "due_date", "completed_date", "owner"},
                       .sort = "due_date"},
                      {.entity = "risk",
                       .column = "program_id",
                       .key = Related::Key::id_or_name,
                       .title = "risks",
                       .shown = {"title", "likelihood", "impact", "status", "owner", "due_date"},
                       .sort = "due_date"}});
}

}  // namespace

void add_program_show(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("show", "Show a program with its milestones and risks");
  command.positional("PROGRAM", options->name, "The program's name or id").completes("program");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep program show 'Ledger migration'", "One program");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
