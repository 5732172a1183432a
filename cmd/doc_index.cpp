#include "base/error.hpp"
#include "base/file.hpp"
#include "commands.hpp"
#include "docs/document.hpp"
#include "docs/refresh.hpp"
#include "report_inputs.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <ostream>

namespace sitrep::cmd {
namespace {

namespace fs = std::filesystem;

constexpr const char* k_index = "docs/index.md";

/// The page as it should be: the one that is there with its block refilled, or a new one.
std::string fresh_page(const fs::path& file, docs::Engine& engine) {
  std::error_code none;
  if (!fs::exists(file, none)) return docs::make_document(engine, "index", {}).text;
  const auto old = read_file(file, std::size_t{8} << 20);
  docs::Refresher refresher(engine);
  const auto refreshed = refresher.refresh(old, k_index);
  bool found = false;
  for (const auto& block : refreshed.blocks) {
    found = found || block.name == "document_index";
    if (block.what == docs::BlockChange::What::failed) fail(ErrorKind::user_code, "{}", block.difference);
    if (block.what == docs::BlockChange::What::conflict)
      fail(ErrorKind::data, "{}:{}: somebody edited the list of documents by hand; 'sitrep doc refresh {}' shows how",
           k_index, block.line, k_index);
  }
  if (!found)
    fail(ErrorKind::data,
         "{} is a page of yours: to have the list in it, add the lines '<!-- sitrep:begin document_index {{}} -->' and "
         "'<!-- sitrep:end -->' where it belongs",
         k_index);
  return refreshed.text;
}

int run(bool check, cli::Context& ctx) {
  auto inputs = report_inputs(ctx);
  docs::Engine engine(inputs.inputs, inputs.catalog);
  const auto file = ctx.workspace_folder() / k_index;
  const auto page = fresh_page(file, engine);
  std::error_code none;
  const bool same = fs::exists(file, none) && read_file(file) == page;
  if (check) {
    if (!same) ctx.note(fmt::format("{} is out of date: run 'sitrep doc index'", k_index));
    return same ? 0 : 1;
  }
  if (!same) {
    fs::create_directories(file.parent_path());
    write_file(file, page);
  }
  ctx.note(fmt::format("{} {}", k_index, same ? "is up to date" : "written"));
  return 0;
}

}  // namespace

void add_doc_index(cli::Command& noun) {
  auto check = std::make_shared<bool>(false);
  auto& command = noun.add("index", "Write docs/index.md: every document by type, with owner and status");
  command.option("--check", *check, "Write nothing; exit 1 when the page is out of date");
  command.description(
      "The list is a generated block: words around it stay, and 'sitrep doc refresh' keeps it up to date, too. Links "
      "are\n"
      "relative, so that they work on GitHub and in a wiki.");
  command.exits(1, "with --check: the page is out of date");
  command.example("sitrep doc index", "The page where every document is found");
  command.run([check](cli::Context& ctx) { return run(*check, ctx); });
}

}  // namespace sitrep::cmd
