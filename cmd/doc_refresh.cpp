#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "chosen_documents.hpp"
#include "commands.hpp"
#include "docs/document.hpp"
#include "docs/refresh.hpp"
#include "report_inputs.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <ostream>
#include <span>

namespace sitrep::cmd {
namespace {

using What = docs::BlockChange::What;

struct Options {
  std::vector<std::string> files;
  bool check = false, discard = false;
};

struct Row {
  std::string file;
  docs::BlockChange change;
};

struct Outcome {
  std::vector<Row> rows;
  std::int64_t files = 0, changed = 0, conflicts = 0, failures = 0;
};

/// Refreshes documents, each by the redaction profile that its front matter names.
class Refreshers {
 public:
  explicit Refreshers(cli::Context& ctx) : ctx_(ctx) {}
  docs::Refresher& of(const docs::DocumentFile& file) {
    const auto profile = file.front.text(docs::k_redact_field);
    auto& made = made_[profile.value_or("")];
    if (!made) made = std::make_unique<Made>(ctx_, profile);
    return made->refresher;
  }

 private:
  struct Made {
    Made(cli::Context& ctx, const std::optional<std::string>& profile)
        : inputs(report_inputs(ctx, profile)), engine(inputs.inputs, inputs.catalog), refresher(engine) {}
    ReportInputs inputs;
    docs::Engine engine;
    docs::Refresher refresher;
  };
  cli::Context& ctx_;
  std::map<std::string, std::unique_ptr<Made>> made_;  // by profile
};

/// Refreshed documents on their way to the disk. They take the old ones' places together, at the end: a flush of the
/// disk for each would take longer than all the rest.
class Writes {
 public:
  explicit Writes(cli::Context& ctx) : ctx_(ctx) {}

  /// Borrows the document.
  void add(const docs::DocumentFile& file, std::string_view text) {
    staged_.emplace_back(file.path, text);
    files_.push_back(&file);
    if (staged_.size() - synced_ == k_most_open) sync();
  }

  /// Replaces each document that is still as it was read: where it is not, a person is at it, and it is left for the
  /// next run. What stops one stops no other; the first error.
  std::optional<Error> finish() {
    sync();
    std::optional<Error> first;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      try {
        put_in_place(*files_[i], staged_[i]);
      } catch (const Error& error) {
        ctx_.err() << "sitrep: " << error.what() << '\n';
        if (!first) first = error;
      }
    }
    return first;
  }

 private:
  static constexpr std::size_t k_most_open = 256;  // files at a time; a process may have 1,024

  void sync() {
    sync_files(std::span(staged_).subspan(synced_));
    synced_ = staged_.size();
  }

  void put_in_place(const docs::DocumentFile& file, StagedFile& staged) {
    if (read_file(file.path) == file.text)
      staged.put_in_place();
    else
      ctx_.note(fmt::format("{} was changed meanwhile and is left alone; run this again", display(file.name)));
  }

  cli::Context& ctx_;
  std::vector<const docs::DocumentFile*> files_;
  std::vector<StagedFile> staged_;
  std::size_t synced_ = 0;
};

void refresh_one(const docs::DocumentFile& file, Refreshers& refreshers, const Options& options, Writes& writes,
                 Outcome& outcome) {
  auto refreshed =
      refreshers.of(file).refresh(file.text, file.name, options.discard ? docs::Edited::discard : docs::Edited::keep);
  if (refreshed.blocks.empty()) return;
  ++outcome.files;
  const bool changed = refreshed.text != file.text;
  outcome.changed += changed ? 1 : 0;
  for (auto& block : refreshed.blocks) {
    outcome.conflicts += block.what == What::conflict ? 1 : 0;
    outcome.failures += block.what == What::failed ? 1 : 0;
    outcome.rows.push_back({file.name, std::move(block)});
  }
  if (changed && !options.check) writes.add(file, refreshed.text);
}

/// A difference for people: each line made safe and indented.
std::string shown(const std::string& difference) {
  std::string text;
  for (const auto line : split_views(difference, '\n'))
    if (!line.empty()) text += "    " + visible(line) + "\n";
  return text;
}

void print_text(const Outcome& outcome, const Options& options, cli::Context& ctx) {
  for (const auto& [file, change] : outcome.rows) {
    const auto place = fmt::format("{}:{}", display(file), change.line);
    if (change.what == What::rewritten)
      ctx.out() << fmt::format("{}: {} {}\n", place, change.name, options.check ? "is out of date" : "rewritten");
    if (change.what == What::conflict)
      ctx.out() << fmt::format(
                       "{}: {} was edited by hand and is left as it is; move the words out of the block, or give "
                       "--discard-edits\n",
                       place, change.name)
                << shown(change.difference);
    if (change.what == What::failed)
      ctx.out() << fmt::format("{}: {} can't be generated: {}\n", place, change.name, visible(change.difference));
  }
  ctx.note(fmt::format("{} with generated blocks: {} {}, {}", count_of(outcome.files, "document"), outcome.changed,
                       options.check ? "out of date" : "rewritten", count_of(outcome.conflicts, "conflict")));
}

cli::Table to_table(const Outcome& outcome) {
  cli::Table table;
  table.columns = {{"file"}, {"line"}, {"block"}, {"outcome"}, {"difference"}};
  for (const auto& [file, change] : outcome.rows)
    table.rows.push_back({file, static_cast<std::int64_t>(change.line), change.name,
                          std::string(docs::name(change.what)), change.difference});
  return table;
}

int run(const Options& options, cli::Context& ctx) {
  ctx.check_fields(to_table({}));
  Refreshers refreshers(ctx);
  const auto files = chosen_documents(ctx, options.files);
  Outcome outcome;
  Writes writes(ctx);
  std::optional<Error> failed;
  for (const auto& file : files) {
    try {
      refresh_one(file, refreshers, options, writes, outcome);
    } catch (const Error& error) {
      ctx.err() << "sitrep: " << error.what() << '\n';
      if (!failed) failed = error;
    }
  }
  const auto unwritten = writes.finish();
  if (!failed) failed = unwritten;
  if (!ctx.wants_rows())
    print_text(outcome, options, ctx);
  else
    ctx.print(to_table(outcome), "doc.refresh");
  if (failed) fail(failed->kind(), "not every document could be refreshed; the others were");
  const bool no = outcome.conflicts + outcome.failures > 0 || (options.check && outcome.changed > 0);
  return no ? 1 : 0;
}

}  // namespace

void add_doc_refresh(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("refresh", "Fill the generated blocks of documents again");
  command.positional("FILE", options->files, "Documents; all of docs/ and launches/ when omitted").completes("file");
  command.option("--check", options->check, "Write nothing; exit 1 when a block is out of date or edited");
  command.option("--discard-edits", options->discard, "Replace blocks that a person edited, too");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "A generated block stands between two comments that carry its call and a hash of its content. What stands around "
      "it\n"
      "is kept to the byte. A block that a person edited is a conflict: it is shown with its difference and left as it "
      "is.\n"
      "To add a block by hand, write the comments without a hash and nothing between them:\n"
      "\n"
      "  <!-- sitrep:begin incident_facts {\"id\":\"INC-1902\"} -->\n"
      "  <!-- sitrep:end -->");
  command.exits(1, "a block was edited by hand or can't be generated; with --check also one that is out of date");
  command.example("sitrep doc refresh", "Bring every document up to date");
  command.example("sitrep doc refresh --check", "In CI: are they?");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
