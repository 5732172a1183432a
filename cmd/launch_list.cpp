#include "base/error.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "known_names.hpp"
#include "launches.hpp"
#include "review_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace sitrep::cmd {
namespace {

using policy::LaunchState;
using As = cli::Table::Column::As;
constexpr auto k_structured = cli::Table::Shown::structured;

struct Options {
  std::vector<std::string> services, teams, programs, statuses;
  std::optional<std::string> since, until, sort;
  bool blocked = false, overdue = false, mine = false;
  std::optional<std::int64_t> limit;
};

bool is_one_of(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(),
                                       [&](const std::string& one) { return equal_ignoring_case(one, value); });
}

/// Owns it, or is named at a gate whose turn it is.
bool is_mine(const LaunchState& s, const std::string& me) {
  if (is_person(s.owner, me)) return true;
  return std::any_of(s.gates.begin(), s.gates.end(),
                     [&](const auto& gate) { return gate.turn == "reviewer" && is_person(gate.approver, me); });
}

class Filter {
 public:
  Filter(const Options& options, cli::Context& ctx) : options_(options) {
    const auto& zone = ctx.calendar().zone;
    if (const auto at = ctx.time_if_given("--since", options.since)) since_ = zone.date_of(*at);
    if (const auto at = ctx.time_if_given("--until", options.until)) until_ = zone.date_of(*at);
    if (options.mine) me_ = this_person(ctx);
  }

  bool passes(const LaunchState& s) const {
    if (!is_one_of(options_.services, s.service) || !is_one_of(options_.teams, s.team) ||
        !is_one_of(options_.programs, s.program) || !is_one_of(options_.statuses, s.status))
      return false;
    if (since_ && (!s.target || *s.target < *since_)) return false;
    if (until_ && (!s.target || *s.target >= *until_)) return false;
    if (options_.mine && !is_mine(s, me_)) return false;
    if (!options_.blocked && !options_.overdue) return true;
    return (options_.blocked && s.blocked) || (options_.overdue && s.overdue);
  }

 private:
  const Options& options_;
  std::optional<Date> since_, until_;
  std::string me_;
};

cli::Table to_table(const std::vector<const LaunchState*>& launches) {
  cli::Table table;
  table.columns = {{"id"},
                   {"status"},
                   {.name = "tier", .shown = k_structured},
                   {.name = "phase", .shown = k_structured},
                   {"target_date", "target"},
                   {.name = "turn", .shown = k_structured},
                   {"waits_for", "waits for"},
                   {.name = "age_business_days", .header = "age", .align = cli::Table::Column::Align::right},
                   {.name = "predicted_date", .shown = k_structured},
                   {.name = "blocked", .shown = k_structured},
                   {.name = "overdue", .shown = k_structured},
                   {.name = "freeze", .shown = k_structured},
                   {"owner", {}, {}, {}, k_structured},
                   {"service", {}, {}, {}, k_structured},
                   {"team", {}, {}, {}, k_structured},
                   {"program", {}, {}, {}, k_structured},
                   {"title"},
                   {"why"},
                   {"source", {}, {}, {}, k_structured},
                   {"url", {}, {}, {}, k_structured}};
  for (const auto* s : launches)
    table.rows.push_back({text_cell(s->id),
                          text_cell(s->status),
                          s->tier ? cli::Table::Cell(*s->tier) : cli::Table::Cell(),
                          text_cell(s->phase),
                          date_cell(s->target),
                          text_cell(s->turn),
                          text_cell(join(s->waits_for, ", ")),
                          s->submitted_at ? cli::Table::Cell(s->age) : cli::Table::Cell(),
                          date_cell(s->predicted),
                          s->blocked,
                          s->overdue,
                          text_cell(s->freeze),
                          text_cell(s->owner),
                          text_cell(s->service),
                          text_cell(s->team),
                          text_cell(s->program),
                          text_cell(s->title),
                          text_cell(join(s->reasons(), "; ")),
                          s->source,
                          text_cell(s->url)});
  return table;
}

/// "age", "-age": by that column, turned round by the dash; what has no value comes last. The default order is the
/// pipeline's own, by target date.
void sort_by(std::vector<const LaunchState*>& launches, std::string_view sort) {
  const bool descending = sort.starts_with('-');
  if (descending) sort.remove_prefix(1);
  const auto by = [&](const auto& key) {
    std::ranges::stable_sort(launches, [&](const auto* a, const auto* b) {
      const auto x = key(*a), y = key(*b);
      if (!x || !y) return x.has_value() && !y;
      return descending ? *y < *x : *x < *y;
    });
  };
  if (sort == "target_date") by([](const LaunchState& s) { return s.target; });
  if (sort == "predicted_date") by([](const LaunchState& s) { return s.predicted; });
  if (sort == "age") by([](const LaunchState& s) { return s.submitted_at ? std::optional(s.age) : std::nullopt; });
  if (sort == "status") by([](const LaunchState& s) { return std::optional(s.status); });
  if (sort == "id") by([](const LaunchState& s) { return std::optional(s.id); });
}

int run(const Options& options, cli::Context& ctx) {
  if (options.limit.value_or(0) < 0) fail(ErrorKind::usage, "--limit: {} is negative", *options.limit);
  const auto policy = launch_policy(ctx);
  const auto all = policy::launch_pipeline(ctx.store(), policy, ctx.calendar(), ctx.now());
  refuse_unknown_names(ctx, "service", options.services);
  refuse_unknown_names(ctx, "program", options.programs);
  const Filter filter(options, ctx);
  std::vector<const LaunchState*> chosen;
  for (const auto& s : all)
    if (filter.passes(s)) chosen.push_back(&s);
  if (options.sort) sort_by(chosen, *options.sort);
  const auto total = chosen.size();
  const auto limit = static_cast<std::size_t>(options.limit.value_or(0));
  if (limit > 0 && limit < total) chosen.resize(limit);
  ctx.print(to_table(chosen), "launch.list");
  if (chosen.size() < total && ctx.format() == "text")
    ctx.note(fmt::format("{} of {}; --limit shows more", chosen.size(), total));
  return 0;
}

}  // namespace

void add_launch_list(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("list", "List launch reviews by target date, with whose turn it is");
  command.option("--service", options->services, "NAME", "Only of this service").completes("service");
  command.option("--team", options->teams, "NAME", "Only of this team").completes("team");
  command.option("--program", options->programs, "NAME", "Only of this program").completes("program");
  command.option("--status", options->statuses, "STATUS", "Only in this status; may repeat");
  command.option("--since", options->since, "TIME", "Only with a target date from then on");
  command.option("--until", options->until, "TIME", "Only with a target date before then");
  command.option("--sort", options->sort, "COLUMN", "Order; -COLUMN turns it round (default: target_date)")
      .choices({"target_date", "-target_date", "predicted_date", "-predicted_date", "age", "-age", "status", "id"});
  command.option("--blocked", options->blocked, "Only those in which a gate asks for changes");
  command.option("--overdue", options->overdue, "Only those past their date or whose gates wait longer than promised");
  command.option("--mine", options->mine, "Only those that you own or have to review ($SITREP_USER, else $USER)");
  command.option("--limit", options->limit, "N", "At most N rows, 0 for all (the default)");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "Ages and waits are business days without the holidays of the calendar. The predicted date is when the last gate "
      "is\n"
      "expected to approve, by the medians of the past 12 months, or by the promised time where there are few "
      "reviews.");
  command.example("sitrep launch list --status 'in review'", "What is under review");
  command.example("sitrep launch list --blocked --overdue", "What needs somebody to act");
  command.example("sitrep launch list --since today --until 2027-01-01 --json", "What shall launch this year, as JSON");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
