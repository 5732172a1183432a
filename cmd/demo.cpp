#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "demo/api.hpp"
#include "demo/workspace.hpp"
#include "docs/document.hpp"
#include "docs/report.hpp"
#include "policy/health.hpp"
#include "report_inputs.hpp"
#include "source_world.hpp"
#include "sources/sync.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <ostream>
#include <set>

namespace sitrep::cmd {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::optional<std::string> folder;
  bool serve = false;
};

/// SIGINT and SIGTERM held back in this thread and those it starts meanwhile: --serve waits for them by sigwait, and no
/// thread of the API may take them instead.
class HeldSignals {
 public:
  HeldSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  void wait() const {
    int signal = 0;
    sigwait(&set_, &signal);
  }

 private:
  sigset_t set_{};
  sigset_t before_{};
};

/// A line for each stream of the first sync, as it ends.
class FirstSync final : public sources::SyncProgress {
 public:
  explicit FirstSync(cli::Context& ctx) : ctx_(ctx) {}
  void finished(const sources::StreamResult& r) override {
    if (r.child) return;
    std::string line =
        fmt::format("sync  {:<24} {:>12}  {:>9}  {:6.2f} s", r.source + "." + r.stream, count_of(r.counts.added, "row"),
                    count_of(r.pages, "page"), static_cast<double>(r.elapsed.count()) / 1000.0);
    if (r.waited.count() >= 500) {
      line += fmt::format("   waited {:.0f} s (429, Retry-After)", static_cast<double>(r.waited.count()) / 1000.0);
    }
    ctx_.note(line);
    if (r.counts.rejected > 0) {
      ctx_.note(fmt::format("      {} rejected: sitrep query 'select reason, count(*) from reject group by 1'",
                            count_of(r.counts.rejected, "record")));
    }
  }

 private:
  cli::Context& ctx_;
};

/// The context of a command that runs in the demo's folder at a moment.
cli::Context inside(cli::Context& ctx, const fs::path& folder, UnixTime now) {
  cli::Globals globals;
  globals.now = format_utc(now);
  globals.quiet = ctx.globals().quiet;
  auto world = ctx.world();
  world.working_folder = folder;
  return cli::Context(std::move(world), std::move(globals), ctx.command());
}

void sync_state(cli::Context& ctx, UnixTime moment, sources::SyncProgress* progress) {
  auto store = ctx.open_for_writing();
  const FixedClock clock(moment);  // the states are observed at their own moments, not all today
  const auto transport = [&](const config::Source& source) { return transport_of(ctx, source); };
  const auto report =
      sources::sync(ctx.config(), {}, {store, clock, secret_context(ctx), transport, nullptr, progress});
  for (const auto& stream : report.streams) {
    if (stream.failure) throw Error(*stream.failure, stream.error);
  }
}

/// The API and what of it the workspace knows by now.
class Replay {
 public:
  Replay(cli::Context& ctx, const demo::Organisation& org, demo::Api& api, fs::path folder)
      : ctx_(ctx), org_(org), api_(api), folder_(std::move(folder)) {}

  void run() {
    FirstSync first(ctx_);
    for (int week = 0; week < demo::k_weeks; ++week) {
      api_.show(org_.week(week));
      auto inner = inside(ctx_, folder_, org_.week(week));
      sync_state(inner, org_.week(week), week == 0 ? &first : nullptr);
    }
    ctx_.note(fmt::format("Replayed {} weeks of history.", demo::k_weeks));
  }

 private:
  cli::Context& ctx_;
  const demo::Organisation& org_;
  demo::Api& api_;
  fs::path folder_;
};

/// The last incident that deserves a postmortem and can have a good one: serious, real, over, and understood.
const demo::Incident& told_incident(const demo::Organisation& org) {
  const auto found = std::find_if(org.incidents.rbegin(), org.incidents.rend(), [&](const demo::Incident& i) {
    return i.kind == "incident" && i.postmortem_due && i.mitigated && !i.cause.empty() && i.closed &&
           *i.closed <= org.now;
  });
  if (found == org.incidents.rend()) fail(ErrorKind::bug, "demo: no incident for a postmortem");
  return *found;
}

/// Writes a document where its template wants it; the path from the demo's folder.
std::string write_document(docs::Engine& engine, const fs::path& folder, const char* type,
                           const std::map<std::string, std::string>& parameters) {
  const auto document = docs::make_document(engine, type, parameters);
  const auto file = folder / document.file_name;
  fs::create_directories(file.parent_path());
  write_file(file, document.text);  // a rerun begins anew, as its store does
  return document.file_name;
}

std::vector<std::string> write_documents(docs::Engine& engine, const fs::path& folder, const demo::Organisation& org,
                                         const Calendar& calendar) {
  const auto page =
      docs::make_report(engine, {"weekly-health", docs::last_complete(PeriodLength::week, org.now, calendar), {}, {}});
  write_file(folder / "reports/weekly-health.html", render::to_html(page));
  write_file(folder / "reports/weekly-health.md", render::to_markdown(page));
  const auto launch_day = format_date(demo::add_working_days(demo::day_of(org.now), 18));
  return {
      write_document(engine, folder, "postmortem", {{"incident", told_incident(org).id}, {"owner", "kim"}}),
      write_document(
          engine, folder, "launch-review",
          {{"title", "Wallets for partners"}, {"owner", "lena"}, {"service", "wallets"}, {"target_date", launch_day}})};
}

std::string painted(policy::Color color, bool colored) {
  std::string text(policy::name(color));
  std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  text = fmt::format("{:<6}", text);
  if (!colored) return text;
  const int code = color == policy::Color::red      ? 31
                   : color == policy::Color::yellow ? 33
                   : color == policy::Color::green  ? 32
                                                    : 2;
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

/// "schedule: … · capacity: …": for each dimension as bad as the program, its worst reason.
std::string why(const policy::Health& health) {
  std::string text;
  if (health.color == policy::Color::green) return text;
  for (const auto& dimension : health.dimensions) {
    if (dimension.color != health.color || dimension.findings.empty()) continue;
    if (!text.empty()) text += " · ";
    text += dimension.name + ": " + dimension.findings.front().reason;
  }
  return health.watermelon ? "declared " + health.declared + ", but " + text : text;
}

void print_summary(std::ostream& out, const std::vector<policy::Health>& programs, bool colored) {
  std::size_t width = 0;
  for (const auto& program : programs) width = std::max(width, display_width(program.program));
  out << '\n';
  for (const auto& program : programs) {
    out << fmt::format("  {}{}  {}  {}\n", visible(program.program),
                       std::string(width - display_width(program.program), ' '), painted(program.color, colored),
                       visible(why(program)));
  }
}

void print_next(std::ostream& out, const std::string& folder, const std::vector<std::string>& written,
                const std::string& worst, bool serving) {
  out << fmt::format("\nWrote {}/reports/weekly-health.html (and .md), {}\n", folder, fmt::join(written, ", "));
  const auto row = [&](const char* lead, const std::string& command, const char* what) {
    out << fmt::format("{:<7}{:<54} {}\n", lead, command, what);
  };
  row("Next:", fmt::format("cd {}", folder), "");
  row("", fmt::format("sitrep health '{}'", worst), "why it is as it is");
  row("", "sitrep diff --since -7d", "what changed this week");
  row("", "sitrep query \"select * from incident limit 5\"", "look around in SQL");
  row("", fmt::format("sitrep launch check {}", written.back()), "what the review still lacks");
  if (!serving) row("", "sitrep demo . --serve", "keep the API up, to try sync and launch file");
}

int run(const Options& options, cli::Context& ctx) {
  const std::string shown = options.folder.value_or("sitrep-demo");
  const auto folder = (ctx.world().working_folder / shown).lexically_normal();
  demo::check_folder(folder);
  const auto before = demo::read_mark(folder);
  const auto org = demo::make_organisation(demo::k_default_seed, ctx.now());
  std::optional<demo::Api> api;
  {
    const HeldSignals held;
    // The port of the last demo, when it is free: what points at it goes on working.
    api.emplace(org, *ctx.world().clock, demo::new_token(), before ? before->port : 0);
  }
  demo::write_workspace(folder, {org.seed, org.now, api->port()}, api->token());
  ctx.note(fmt::format("Serving a sample organisation on {} ({} programs, {} services) …", api->url(),
                       org.programs.size(), org.services.size()));
  Replay(ctx, org, *api, folder).run();

  auto inner = inside(ctx, folder, org.now);
  auto inputs = report_inputs(inner);
  docs::Engine engine(inputs.inputs, inputs.catalog);
  const auto written = write_documents(engine, folder, org, inputs.inputs.calendar);
  const auto programs = policy::health(engine.evaluator(), inner.store(), &inner.config());
  auto& out = ctx.out();
  print_summary(out, programs, ctx.color());
  print_next(out, shown, written, programs.empty() ? "" : programs.front().program, options.serve);
  if (options.serve) {
    const HeldSignals held;
    out << fmt::format("\nServing on {} until you press Ctrl-C.\n", api->url());
    out.flush();
    held.wait();
    ctx.note("Stopped.");
  }
  return 0;
}

}  // namespace

void add_demo(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("demo", "Try sitrep on a sample organisation");
  command.positional("DIR", options->folder, "Folder of the demo workspace; default: sitrep-demo").completes("folder");
  command.option("--serve", options->serve,
                 "Keep the sample API up until interrupted, so that every command can be tried");
  command.description(
      "Starts an HTTP API inside this process that serves a made-up organisation: programs, services, 18 months of "
      "incidents,\n"
      "launch reviews, capacity, SLOs and support tickets, with the habits of real APIs. Writes a workspace whose "
      "sitrep.toml\n"
      "explains itself, syncs eight weekly states over HTTP so that there is history, makes the weekly health report, "
      "a\n"
      "postmortem and a launch review, and says what to try next.\n"
      "\n"
      "A folder that holds anything but an earlier demo is refused. Over an earlier demo it begins anew; a sitrep.toml "
      "that was\n"
      "edited is kept as sitrep.toml.old. With --now the same demo is made whenever it runs.");
  command.example("sitrep demo", "A demo in ./sitrep-demo");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
