#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "docs/doc_tree.hpp"
#include "report_inputs.hpp"

#include <memory>

namespace sitrep::cmd {
namespace {

struct Options {
  std::optional<std::string> type, status, owner;
  bool late = false;
};

bool is_wanted(const docs::DocumentFile& file, const Options& options) {
  const auto is = [&](const std::optional<std::string>& asked, std::string_view field) {
    return !asked || equal_ignoring_case(file.front.text(field).value_or(""), *asked);
  };
  return is(options.type, "type") && is(options.status, "status") && is(options.owner, "owner");
}

int run(const Options& options, cli::Context& ctx) {
  cli::Table table;
  table.columns = {{"type"}, {"status"}, {"owner"}, {"due_date", "due"}, {"late"}, {"title"}, {"file"}};
  const auto catalog = template_catalog(ctx);
  const docs::DocumentTypes types(catalog);
  const auto today = ctx.calendar().zone.date_of(ctx.now());
  for (const auto& file : docs::document_files(ctx.workspace_folder())) {
    if (!file.error.empty()) ctx.note("left out: " + file.error);
    const auto* type = file.type().empty() ? nullptr : types.find(file.type());
    const bool late = docs::is_late(file, type, today);
    if (file.type().empty() || !is_wanted(file, options) || (options.late && !late)) continue;
    const auto cell = [&](std::string_view name) {
      const auto text = file.front.text(name);
      return text ? cli::Table::Cell(*text) : cli::Table::Cell();
    };
    const auto due = docs::due_date(file, type);
    table.rows.push_back({file.type(), cell("status"), cell("owner"),
                          due ? cli::Table::Cell(format_date(*due)) : cli::Table::Cell(), late, cell("title"),
                          file.name});
  }
  ctx.print(table, "doc.list");
  return 0;
}

}  // namespace

void add_doc_list(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("list", "List the documents of the workspace");
  command.option("--type", options->type, "TYPE", "Only of this type");
  command.option("--status", options->status, "STATUS", "Only in this status");
  command.option("--owner", options->owner, "NAME", "Only of this owner");
  command.option("--late", options->late, "Only those whose due or target date is over and that are not finished");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep doc list --late", "What is overdue");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
