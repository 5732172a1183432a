#include "outbox/publish.hpp"

#include "action_client.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "docs/redaction.hpp"
#include "docs/report.hpp"
#include "json/writer.hpp"
#include "outbox/request_body.hpp"
#include "process/process.hpp"
#include "report_inputs.hpp"
#include "source_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>

namespace sitrep::cmd {
namespace {

namespace fs = std::filesystem;
using config::PublishTarget;
using outbox::Publication;
using Type = PublishTarget::Type;

constexpr std::size_t k_slack_bytes = 2900;  // a section of Slack holds 3000 characters

struct Options {
  std::string name;
  bool dry_run = false, resend = false;
};

/// What is sent, before it is dressed for its target.
struct Content {
  std::string title, text;  ///< Markdown
  std::string rendered;     ///< as the target's format
};

PublishTarget find_target(cli::Context& ctx, const std::string& name) {
  const auto all = document_config(ctx).publish;
  const auto found = std::ranges::find(all, name, &PublishTarget::name);
  if (found != all.end()) return *found;
  std::vector<std::string_view> names;
  for (const auto& target : all) names.push_back(target.name);
  fail(ErrorKind::usage, "there is no [publish.{}] in sitrep.toml{}", visible(name), did_you_mean(name, names));
}

std::string rendered(const render::Page& page, const std::string& format) {
  return format == "html"   ? render::to_html(page)
         : format == "json" ? render::to_json(page)
         : format == "csv"  ? render::to_csv(page)
         : format == "text" ? render::to_text(page, 100)
                            : render::to_markdown(page);
}

render::Page page_of_file(cli::Context& ctx, const PublishTarget& target) {
  render::Page page;
  page.markdown = read_file(ctx.workspace_folder() / target.file, std::size_t{8} << 20);
  page.title = target.file;
  page.data_json = "{}";
  return page;
}

Content content_of(cli::Context& ctx, const PublishTarget& target) {
  render::Page page;
  if (!target.file.empty()) {
    page = page_of_file(ctx, target);
    if (!target.redact.empty()) make_redactor(ctx, target.redact)->redact(page);
  } else {
    const auto profile = target.redact.empty() ? std::nullopt : std::optional(target.redact);
    auto inputs = report_inputs(ctx, profile);
    docs::Engine engine(inputs.inputs, inputs.catalog);
    const auto length = parse_period_length(target.period).value_or(PeriodLength::week);
    docs::ReportRequest request{target.report, docs::last_complete(length, ctx.now(), inputs.inputs.calendar), {}, {}};
    if (!target.program.empty()) request.program = target.program;
    page = docs::make_report(engine, request);
    if (inputs.redactor) inputs.redactor->redact(page);
  }
  return {page.title, render::to_markdown(page), rendered(page, target.format)};
}

/// The body of a webhook: the target's template, or title and text.
std::string webhook_body(const PublishTarget& target, const Content& content) {
  if (!target.json.empty()) {
    outbox::Subject subject;
    subject.fields = {{"title", content.title},
                      {"text", content.rendered},
                      {"link", target.link},
                      {"period", target.period},
                      {"program", target.program}};
    config::Action action;
    action.verb = "publish";
    action.json = target.json;
    action.where = target.where;
    return outbox::prepare(target.connection, action, subject).body(action, {});
  }
  json::Writer w;
  w.begin_object().member("title", content.title).member("text", content.rendered);
  if (!target.link.empty()) w.member("link", target.link);
  return w.end_object().take();
}

Publication publication_of(const PublishTarget& target, const Content& content) {
  if (target.type == Type::slack) {
    auto text = outbox::slack_text(content.text, k_slack_bytes);
    if (!target.link.empty()) text += fmt::format("<{}|The whole report>\n", target.link);
    json::Writer w;
    w.begin_object().member("text", text).end_object();
    return {w.take(), "application/json"};
  }
  if (target.type == Type::webhook) return {webhook_body(target, content), "application/json"};
  const auto& format = target.format;
  return {content.rendered, format == "html"   ? "text/html; charset=utf-8"
                            : format == "json" ? "application/json"
                            : format == "csv"  ? "text/csv; charset=utf-8"
                            : format == "md"   ? "text/markdown; charset=utf-8"
                                               : "text/plain; charset=utf-8"};
}

process::Outcome git(cli::Context& ctx, const fs::path& folder, std::vector<std::string> arguments) {
  process::Command command;
  // A repository that came with the workspace must not run anything of its own.
  command.argv = {"git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "commit.gpgSign=false"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  constexpr std::string_view k_seen[] = {"PATH",
                                         "HOME",
                                         "LANG",
                                         "LC_ALL",
                                         "GIT_AUTHOR_NAME",
                                         "GIT_AUTHOR_EMAIL",
                                         "GIT_COMMITTER_NAME",
                                         "GIT_COMMITTER_EMAIL",
                                         "XDG_CONFIG_HOME"};
  command.environment = process::allowed(ctx.world().environment, k_seen);
  command.folder = folder;
  auto outcome = process::run(command);
  if (!outcome.succeeded())
    fail(ErrorKind::store, "publish: git in {} {}: {}", display(folder), outcome.text(command),
         visible(trim_view(outcome.error.empty() ? outcome.output : outcome.error)));
  return outcome;
}

/// Writes and commits; true when there was something to commit.
bool commit(cli::Context& ctx, const PublishTarget& target, const Content& content) {
  const auto folder = (ctx.workspace_folder() / target.folder).lexically_normal();
  git(ctx, folder, {"rev-parse", "--is-inside-work-tree"});
  const auto file = folder / target.path;
  fs::create_directories(file.parent_path());
  std::error_code none;
  if (!fs::exists(file, none) || read_file(file) != content.rendered) write_file(file, content.rendered);
  if (git(ctx, folder, {"status", "--porcelain", "--", target.path}).output.empty()) return false;
  git(ctx, folder, {"add", "--", target.path});
  const auto message = target.message.empty() ? content.title : target.message;
  git(ctx, folder, {"commit", "--quiet", "--no-verify", "-m", message, "--", target.path});
  return true;
}

outbox::Published send(cli::Context& ctx, const PublishTarget& target, const Publication& publication,
                       const Options& options) {
  auto connection = target.connection;
  const bool secret_url = target.url.from != config::Secret::From::none;
  std::string url = connection.base_url;
  if (secret_url) {
    url = sources::read_secret(target.url, fmt::format("url of [publish.{}]", target.name), secret_context(ctx));
    connection.base_url = url;
  }
  ActionClient sender(ctx, connection, secret_url ? url : std::string());
  auto store = ctx.open_for_writing();
  outbox::PublishWorld world{store, target, url, sender.credentials(), sender.transport(), sender.client(), ctx.now()};
  return outbox::publish(world, publication, options.resend ? outbox::Resend::yes : outbox::Resend::no);
}

cli::Table outcome_table() { return {{{"target"}, {"outcome"}, {"bytes"}}}; }

void tell(cli::Context& ctx, const PublishTarget& target, const char* outcome, std::size_t bytes) {
  const auto n = static_cast<std::int64_t>(bytes);
  auto table = outcome_table();
  table.rows.push_back({target.name, std::string(outcome), n});
  if (ctx.format() == "text")
    ctx.out() << fmt::format("{}: {}, {}\n", target.name, outcome, count_of(n, "byte"));
  else
    ctx.print(table, "publish");
}

int run(const Options& options, cli::Context& ctx) {
  ctx.config();  // outside a workspace this says so
  ctx.check_fields(outcome_table());
  const auto target = find_target(ctx, options.name);
  const auto content = content_of(ctx, target);
  if (target.type == Type::git) {
    if (options.dry_run) {
      ctx.out() << content.rendered;
      return 0;
    }
    const bool committed = commit(ctx, target, content);
    tell(ctx, target, committed ? "committed" : "unchanged", content.rendered.size());
    return 0;
  }
  const auto publication = publication_of(target, content);
  if (options.dry_run) {
    const bool same = outbox::is_published(ctx.store(), target, publication);
    ctx.note(same ? "it is what was sent last: nothing would be sent" : "this would be sent:");
    ctx.out() << publication.body << (publication.body.ends_with('\n') ? "" : "\n");
    return 0;
  }
  const auto outcome = send(ctx, target, publication, options);
  tell(ctx, target, outcome == outbox::Published::sent ? "sent" : "unchanged since it was sent last",
       publication.body.size());
  return 0;
}

}  // namespace

void add_publish(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command =
      root.add("publish", "Send a report to a target of sitrep.toml: Slack, a webhook, a page, a git folder");
  command.positional("NAME", options->name, "Target: [publish.NAME]").completes("publish");
  command.option("--dry-run", options->dry_run, "Print what would be sent; send nothing");
  command.option("--resend", options->resend, "Send again although it is not known whether an earlier try arrived");
  command.formats({"text", "json"});
  command.description(
      "The same content is sent once: what a target accepted last is kept in the outbox, and what is equal to it is "
      "not "
      "sent\n"
      "again. The request is on disk before its first byte leaves; 'sitrep launch outbox' shows what is not settled. A "
      "PUT\n"
      "whose answer was lost is repeated, a message is not: then the exit code is 8.\n"
      "\n"
      "A git target writes the file and commits it; it runs no hooks and pushes nothing.");
  command.example("sitrep publish weekly --dry-run", "See what would be sent");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
