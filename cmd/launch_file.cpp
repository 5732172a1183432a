#include "action_client.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "file_findings.hpp"
#include "review_file.hpp"

#include <fmt/format.h>

#include <memory>
#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string file;
  bool resend = false;
  bool unchecked = false;
  bool dry_run = false;
};

/// Errors of the policy, on stderr; true when there is none.
bool passes_policy(const ReviewFile& review, cli::Context& ctx) {
  std::int64_t errors = 0;
  auto facts = launch_facts(ctx);
  for (const auto& finding : check_review(review, launch_policy(ctx), facts)) {
    if (finding.level != policy::FileFinding::Level::error) continue;
    ctx.err() << finding_line(review.name, finding) << '\n';
    ++errors;
  }
  if (errors > 0) ctx.note(fmt::format("not filed: {}; --unchecked files it all the same", count_of(errors, "error")));
  return errors == 0;
}

/// Writes what the filing told into the front matter of the file as it stands now: an edit made meanwhile stays, and is
/// a difference to what was filed.
void record(const ReviewFile& review, const outbox::Outcome& outcome) {
  auto text = read_file(review.path);
  const auto before = text;
  const auto set = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text = docs::set_field(text, name, value, display(review.name));
  };
  set("id", outcome.id);
  set("url", outcome.url);
  set("filed_hash", outcome.body_hash);
  set("etag", outcome.etag);
  if (text != before) write_file(review.path, text);
}

std::string told(const outbox::Outcome& outcome, const std::string& file) {
  using How = outbox::Outcome::How;
  const auto id = visible(outcome.id.empty() ? "(the answer told no id)" : outcome.id);
  const auto url = outcome.url.empty() ? std::string() : " " + visible(outcome.url);
  switch (outcome.how) {
    case How::unchanged:
      return fmt::format("{} is filed as {}{}; nothing has changed since", display(file), id, url);
    case How::settled:
      return fmt::format("filed as {}{}: an earlier try had arrived (written to the file)", id, url);
    case How::sent:
      return fmt::format("{} {}{} (written to the file)", outcome.verb == "update" ? "updated" : "filed as", id, url);
  }
  return {};
}

const char* name(outbox::Outcome::How how) {
  using How = outbox::Outcome::How;
  return how == How::sent ? "sent" : how == How::settled ? "settled" : "unchanged";
}

cli::Table trial_table() {
  using As = cli::Table::Column::As;
  return {{{"file"}, {"outcome"}, {"action"}, {"method"}, {"url"}, {.name = "body", .as = As::json}, {"status"}}};
}

cli::Table outcome_table() { return {{{"file"}, {"outcome"}, {"action"}, {"id"}, {"url"}, {"filed_hash"}}}; }

int show_trial(const outbox::Trial& trial, const ReviewFile& review, const config::Source& source, cli::Context& ctx) {
  if (ctx.format() == "json") {
    auto table = trial_table();
    const auto* outcome = trial.url.empty() ? "unchanged" : trial.status ? "tried" : "shown";
    table.rows.push_back({review.key, std::string(outcome), trial.verb, trial.method, trial.url,
                          trial.body.empty() ? cli::Table::Cell() : cli::Table::Cell(trial.body),
                          trial.status ? cli::Table::Cell(std::int64_t{*trial.status}) : cli::Table::Cell()});
    ctx.print(table, "launch.file");
    return 0;
  }
  if (trial.url.empty()) {
    ctx.out() << fmt::format("{} has not changed since it was filed; nothing would be sent\n", display(review.name));
    return 0;
  }
  ctx.out() << fmt::format("{} {}\n{}\n", trial.method, trial.url, trial.body);
  ctx.note(trial.status ? fmt::format("{} would accept it ({}); nothing was kept", source.name, *trial.status)
                        : fmt::format("nothing was sent: the action '{}' has no dry_run_param", trial.verb));
  return 0;
}

int run(const Options& options, cli::Context& ctx) {
  ctx.check_fields(options.dry_run ? trial_table() : outcome_table());
  const auto review = read_review(ctx, options.file);
  const auto& source = filing_source(ctx);
  if (!options.unchecked && !passes_policy(review, ctx)) return 1;

  ActionClient sender(ctx, source);
  auto store = ctx.open_for_writing();
  outbox::World world{store,           source,   sender.credentials(), sender.transport(), sender.client(),
                      sender.waiter(), ctx.now()};
  if (options.dry_run) return show_trial(outbox::try_subject(world, to_subject(review)), review, source, ctx);
  const auto outcome =
      outbox::file_subject(world, to_subject(review), options.resend ? outbox::Resend::yes : outbox::Resend::no);
  record(review, outcome);

  if (ctx.format() == "json") {
    auto table = outcome_table();
    table.rows.push_back(
        {review.key, std::string(name(outcome.how)), outcome.verb, outcome.id, outcome.url, outcome.body_hash});
    ctx.print(table, "launch.file");
  } else {
    ctx.out() << told(outcome, review.name) << '\n';
  }
  return 0;
}

}  // namespace

void add_launch_file(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("file", "File a launch review with the launch API, once");
  command.positional("FILE", options->file, "Launch review to file").completes("file");
  command.option("--resend", options->resend, "Send again although the outcome of an earlier try is unknown");
  command.option("--dry-run", options->dry_run, "Show the request; ask the API whether it would take it, where it can");
  command.option("--unchecked", options->unchecked, "File it although 'launch check' finds errors");
  command.formats({"text", "json"});
  command.description(
      "Sends the review as [source.NAME.action.file] of sitrep.toml says and writes its id and URL into the front "
      "matter.\n"
      "A review that was filed before and has changed is updated by the action 'update'.\n"
      "\n"
      "The request is on disk before the first byte leaves. When an answer is lost, run the command again: it finds "
      "out\n"
      "whether the review arrived and never files it twice. Where an API offers no way to tell, it says so (exit 8).\n"
      "\n"
      "--dry-run keeps nothing: the request is shown, and sent with the action's dry_run_param where there is one.");
  command.exits(1, "'launch check' finds errors; nothing was sent");
  command.example("sitrep launch file launches/checkout-wallets.md", "File it, or update it after an edit");
  command.example("sitrep launch file launches/checkout-wallets.md --dry-run", "See what would be sent");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
