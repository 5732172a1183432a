#include "docs/doc_check.hpp"
#include "chosen_documents.hpp"
#include "commands.hpp"
#include "file_findings.hpp"
#include "report_inputs.hpp"

#include <filesystem>
#include <memory>

namespace sitrep::cmd {
namespace {

struct Options {
  std::vector<std::string> files;
};

int run(const Options& options, cli::Context& ctx) {
  const auto catalog = template_catalog(ctx);
  docs::DocumentCheck::Inputs inputs;
  inputs.workspace = ctx.has_workspace() ? ctx.workspace_folder() : ctx.world().working_folder;
  inputs.today = ctx.calendar().zone.date_of(ctx.now());
  std::error_code none;
  if (ctx.has_workspace() && std::filesystem::exists(ctx.store_file(), none)) inputs.store = &ctx.store();
  docs::DocumentCheck check(catalog, inputs);
  const auto files = chosen_documents(ctx, options.files);
  std::vector<FoundInFile> all;
  for (const auto& file : files) {
    if (options.files.empty() && file.error.empty() && file.type().empty()) continue;  // a page that is no document
    for (auto& finding : check.check(file)) all.push_back({file.name, std::move(finding)});
  }
  if (options.files.empty())
    for (auto& [file, findings] : check.check_together(files))
      for (auto& finding : findings) all.push_back({file, std::move(finding)});
  return print_findings(ctx, all, "doc.check", "");
}

}  // namespace

void add_doc_check(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("check", "Look for what is missing, broken or overdue in documents");
  command.positional("FILE", options->files, "Documents to check; all of docs/ and launches/ when omitted")
      .completes("file");
  command.formats(finding_formats());
  command.description(
      "Checks front matter against the document's type, sections, placeholders, owner, due and review dates, links to "
      "files and headings, and generated blocks. With a store also the ids of records, and incidents whose postmortem "
      "is\n"
      "due. In a draft, what is not written yet is a warning.");
  command.exits(1, "a document has an error");
  command.example("sitrep doc check", "All documents of the workspace");
  command.example("sitrep doc check --format sarif -o docs.sarif", "The same for code scanning");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
