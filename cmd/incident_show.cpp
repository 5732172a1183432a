#include "commands.hpp"
#include "records.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::string id;
};

int run(const Options& options, cli::Context& ctx) {
  return show_record(ctx, "incident", "incident.show", options.id,
                     {{.entity = "incident_update",
                       .column = "incident_id",
                       .title = "updates",
                       .shown = {"at", "status", "author", "body"},
                       .sort = "at"},
                      {.entity = "action_item",
                       .column = "incident_id",
                       .title = "action_items",
                       .shown = {"id", "status", "owner", "due_date", "title"},
                       .sort = "due_date"}});
}

}  // namespace

void add_incident_show(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("show", "Show an incident with its updates and action items");
  command.positional("ID", options->id, "The incident's id");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep incident show \"$(sitrep incident list --limit 1 --fields id --format csv | tail -1)\"",
                  "The newest incident");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
