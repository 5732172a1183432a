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
  std::optional<std::string> title, owner, incident;
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
  return write_new_document(ctx, "doc.new", options.type, parameters);
}

}  // namespace

void add_doc_new(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("new", "Write a document of a type, filled from the store");
  command.positional("TYPE", options->type, "Document type: postmortem, launch-review, or one of templates/documents");
  command.option("--title", options->title, "TEXT", "Title");
  command.option("--owner", options->owner, "NAME", "Who answers for it");
  command.option("--incident", options->incident, "ID", "Incident it is about");
  command.option("--param", options->parameters, "NAME=VALUE", "Another parameter of the type; may repeat");
  command.formats({"text", "json"}).writes_outputs();
  command.description(
      "The type's template says which parameters there are and where the file goes; -o names another place. An "
      "existing file\n"
      "is never replaced.");
  command.example("sitrep doc new postmortem --incident INC-1902 --owner dana", "A postmortem with facts and timeline");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
