#include "cli/help.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/man.hpp"
#include "cli/man_reference.hpp"
#include "commands.hpp"
#include "docs/template_check.hpp"
#include "sources/presets.hpp"
#include "templating/language.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace sitrep::cmd {

namespace {

struct Options {
  std::vector<std::string> words;
  std::optional<std::string> man_folder;
  bool examples = false;
};

const cli::Command& find(const cli::Command& root, const std::vector<std::string>& words) {
  const auto* command = &root;
  for (const auto& word : words) {
    const auto* child = command->find(word);
    if (!child) {
      std::vector<std::string_view> names;
      for (const auto& candidate : command->children()) names.push_back(candidate->name());
      fail(ErrorKind::usage, "there is no command '{} {}'{}", command->path(), visible(word),
           did_you_mean(word, names));
    }
    command = child;
  }
  return *command;
}

/// Every example with its command, tab-separated: what the tests run.
void print_examples(const cli::Command& root, std::ostream& out) {
  for (const auto& [line, what] : root.examples()) out << "sitrep\t" << line << '\n';
  for (const auto* command : cli::runnable(root)) {
    if (command->examples().empty()) out << command->path() << '\n';
    for (const auto& [line, what] : command->examples()) out << command->path() << '\t' << line << '\n';
  }
}

cli::TemplateReference template_reference() {
  cli::TemplateReference reference;
  const docs::Catalog catalog(std::nullopt);
  for (const auto& feature : templating::language_features())
    reference.features.push_back(
        {std::string(feature.part), std::string(feature.example), std::string(feature.output), feature.supported});
  for (const auto& each : docs::callables(catalog))
    reference.callables.push_back({each.kind, each.name, each.parameters, each.doc});
  for (const auto& name : catalog.names()) {
    const auto file = catalog.file(name);
    if (!file || file->source.header.kind != config::TemplateHeader::Kind::report) continue;
    cli::TemplateReport report{docs::short_name(name), file->source.header.description, {}};
    for (const auto& parameter : file->source.header.parameters)
      report.parameters.emplace_back(parameter.name,
                                     parameter.doc + (parameter.fallback ? "; default: " + *parameter.fallback : ""));
    reference.reports.push_back(std::move(report));
  }
  return reference;
}

int run(const Options& options, cli::Context& ctx) {
  const cli::Command& root = *ctx.command().parent();
  cli::Globals unused;
  const auto globals = cli::global_options(unused);
  if (options.man_folder) {
    std::filesystem::create_directories(*options.man_folder);
    auto pages = cli::man_pages(root, globals, ctx.world().version);
    pages.push_back(cli::configuration_page(ctx.world().version));
    pages.push_back(cli::presets_page(sources::preset_descriptions(), ctx.world().version));
    pages.push_back(cli::entities_page(ctx.world().version));
    pages.push_back(cli::templates_page(template_reference(), ctx.world().version));
    for (const auto& page : pages) write_file(std::filesystem::path(*options.man_folder) / page.file, page.text);
  } else if (options.examples) {
    print_examples(root, ctx.out());
  } else {
    const auto width = static_cast<std::size_t>(std::clamp(ctx.width(), 40, 120));
    ctx.out() << cli::help_text(find(root, options.words), globals, width);
  }
  return 0;
}

}  // namespace

void add_help(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("help", "Show help for a command");
  command.positional("COMMAND", options->words, "The command, such as 'source list'; the overview when omitted");
  command.option("--man", options->man_folder, "DIR", "Write the man pages into DIR").completes("folder");
  command.option("--examples", options->examples, "Print the example of every command, one per line");
  command.pages();
  command.example("sitrep help", "Every command in one screen");
  command.example("sitrep help completion", "What a command takes");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
