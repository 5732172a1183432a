#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "docs/front_matter.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>

namespace sitrep::cmd {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::optional<std::string> type, status;
  bool late = false;
};

/// Markdown files below docs/ and launches/, sorted.
std::vector<fs::path> document_files(const fs::path& workspace) {
  std::vector<fs::path> files;
  for (const char* folder : {"docs", "launches"}) {
    std::error_code none;
    for (const auto& entry : fs::recursive_directory_iterator(workspace / folder, none)) {
      if (entry.is_regular_file() && entry.path().extension() == ".md") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Due and still a draft, or a target that is over and not launched.
bool is_late(const docs::FrontMatter& front, const std::string& today) {
  constexpr std::array<std::string_view, 5> k_ended = {"done", "published", "final", "launched", "withdrawn"};
  const auto status = front.text("status").value_or("");
  if (std::find(k_ended.begin(), k_ended.end(), status) != k_ended.end()) return false;
  const auto due = front.text("due_date").value_or(front.text("target_date").value_or(""));
  return parse_date(due) && due < today;
}

int run(const Options& options, cli::Context& ctx) {
  cli::Table table;
  table.columns = {{"type"}, {"status"}, {"owner"}, {"due_date", "due"}, {"title"}, {"file"}};
  const auto workspace = ctx.workspace_folder();
  const auto today =
      cli::cell_text(cli::Table::Cell(unix_seconds(ctx.now())), cli::Table::Column::As::time, ctx.calendar().zone)
          .substr(0, 10);
  for (const auto& path : document_files(workspace)) {
    const auto name = path.lexically_relative(workspace).generic_string();
    docs::FrontMatter front;
    try {
      front = docs::parse_front_matter(read_file(path), name);
    } catch (const Error& error) {
      ctx.note(std::string("left out: ") + error.what());
      continue;
    }
    const auto type = front.text("type");
    if (!type || (options.type && *type != *options.type)) continue;
    const auto status = front.text("status");
    if (options.status && status.value_or("") != *options.status) continue;
    if (options.late && !is_late(front, today)) continue;
    const auto cell = [&](std::optional<std::string> text) {
      return text ? cli::Table::Cell(*std::move(text)) : cli::Table::Cell();
    };
    auto due = front.text("due_date");
    if (!due) due = front.text("target_date");
    table.rows.push_back({*type, cell(status), cell(front.text("owner")), cell(due), cell(front.text("title")), name});
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
  command.option("--late", options->late, "Only those whose due or target date is over and that are not finished");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep doc list --late", "What is overdue");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
