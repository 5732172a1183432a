#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/named_values.hpp"
#include "commands.hpp"
#include "new_document.hpp"

#include <map>
#include <memory>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string type;
  std::optional<std::string> title, owner, incident, service, program, redact;
  std::vector<std::string> parameters;
};

int run(const Options& options, cli::Context& ctx) {
  auto parameters = cli::named_values("--param", options.parameters);
  const auto give = [&](const char* name, const std::optional<std::string>& value) {
    if (value) parameters[name] = *value;
  };
  give("title", options.title);
  give("owner", options.owner);
  give("incident", options.incident);
  give("service", options.service);
  give("program", options.program);
  return write_new_document(ctx, "doc.new", options.type, parameters, options.redact);
}

}  // namespace

void add_doc_new(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("new", "Write a document of a type, filled from the store");
  command.positional("TYPE", options->type, "Document type: 'sitrep template list' has them all");
  command.option("--title", options->title, "TEXT", "Title");
  command.option("--owner", options->owner, "NAME", "Who answers for it");
  command.option("--incident", options->incident, "ID", "Incident it is about");
  command.option("--service", options->service, "NAME", "Service it is about").completes("service");
  command.option("--program", options->program, "NAME", "Program it is about").completes("program");
  command.option("--param", options->parameters, "NAME=VALUE", "Another parameter of the type; may repeat");
  command.option("--redact", options->redact, "PROFILE",
                 "Without people, customers or free text, as [redact.PROFILE] says; its refreshes, too");
  command.formats({"text", "json"}).writes_outputs();
  command.description(
      "The type's template says which parameters there are, what of them the store knows, and where the file goes; -o "
      "names\n"
      "another place. What is still missing is asked for on a terminal. An existing file is never replaced: where it "
      "is "
      "about\n"
      "another record, say an incident of the same day and title, the new one's name ends in its own id.\n"
      "\n"
      "Types: postmortem, launch-review, production-readiness, capacity-plan, capacity-request, program-charter, "
      "status-update,\n"
      "ops-review, decision-record, runbook, migration-plan, roadmap, risk-register, oncall-handoff, "
      "communication-plan,\n"
      "retrospective, and each file of templates/documents.");
  command.example("sitrep doc new postmortem --incident INC-1902 --owner dana", "A postmortem with facts and timeline");
  command.example("sitrep doc new decision-record --title 'One queue per region'",
                  "The next number is taken by itself");
  command.example("sitrep doc new status-update --program 'Ledger migration'",
                  "Health, milestones and risks filled in");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
