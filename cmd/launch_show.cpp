#include "base/error.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "json/writer.hpp"
#include "launches.hpp"
#include "notes.hpp"
#include "review_file.hpp"
#include "store/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>

namespace sitrep::cmd {
namespace {

using policy::LaunchState;
using As = cli::Table::Column::As;

cli::Table facts_of(const LaunchState& s) {
  cli::Table table;
  table.layout = cli::Table::Layout::record;
  table.columns = {{"id"},
                   {"title"},
                   {"status"},
                   {"turn"},
                   {"waits_for", "waits for"},
                   {"service"},
                   {"team"},
                   {"program"},
                   {"owner"},
                   {"tier"},
                   {"phase"},
                   {"target_date", "target"},
                   {"predicted_date", "predicted"},
                   {.name = "days_short", .header = "days short"},
                   {"freeze"},
                   {.name = "submitted_at", .header = "submitted", .as = As::time},
                   {.name = "decided_at", .header = "decided", .as = As::time},
                   {.name = "launched_at", .header = "launched", .as = As::time},
                   {.name = "age_business_days", .header = "business days"},
                   {"blocked"},
                   {"overdue"},
                   {"why"},
                   {"exceptions"},
                   {"url"},
                   {"source"}};
  const auto time = [](std::optional<UnixTime> at) {
    return at ? cli::Table::Cell(unix_seconds(*at)) : cli::Table::Cell();
  };
  const auto number = [](std::optional<std::int64_t> n) { return n ? cli::Table::Cell(*n) : cli::Table::Cell(); };
  std::string exceptions;
  for (const auto* e : s.exceptions)
    exceptions += fmt::format("{}{} until {}: {} ({})", exceptions.empty() ? "" : "; ", e->code,
                              format_date(*e->expires), e->reason, e->owner);
  table.rows.push_back({s.id,
                        text_cell(s.title),
                        text_cell(s.status),
                        text_cell(s.turn),
                        text_cell(join(s.waits_for, ", ")),
                        text_cell(s.service),
                        text_cell(s.team),
                        text_cell(s.program),
                        text_cell(s.owner),
                        number(s.tier),
                        text_cell(s.phase),
                        date_cell(s.target),
                        date_cell(s.predicted),
                        number(s.days_short()),
                        text_cell(s.freeze),
                        time(s.submitted_at),
                        time(s.decided_at),
                        time(s.launched_at),
                        s.submitted_at ? cli::Table::Cell(s.age) : cli::Table::Cell(),
                        s.blocked,
                        s.overdue,
                        text_cell(join(s.reasons(), "; ")),
                        text_cell(exceptions),
                        text_cell(s.url),
                        s.source});
  return table;
}

cli::Table gates_of(const LaunchState& s) {
  cli::Table table;
  table.columns = {{"area"},
                   {"status"},
                   {"turn"},
                   {"approver"},
                   {.name = "requested_at", .header = "asked", .as = As::time},
                   {.name = "decided_at", .header = "decided", .as = As::time},
                   {.name = "waits_business_days", .header = "waits"},
                   {.name = "promised_business_days", .header = "promised"},
                   {.name = "usual_business_days", .header = "usual"},
                   {.name = "usual_n", .shown = cli::Table::Shown::structured},
                   {"expected_date", "expected"},
                   {"late"}};
  for (const auto& g : s.gates) {
    const auto time = [](std::optional<UnixTime> at) {
      return at ? cli::Table::Cell(unix_seconds(*at)) : cli::Table::Cell();
    };
    table.rows.push_back({g.area, text_cell(g.status), text_cell(g.turn), text_cell(g.approver), time(g.requested_at),
                          time(g.decided_at), g.turn.empty() ? cli::Table::Cell() : cli::Table::Cell(g.waits),
                          g.promised ? cli::Table::Cell(*g.promised) : cli::Table::Cell(),
                          g.usual ? cli::Table::Cell(g.usual->days) : cli::Table::Cell(),
                          g.usual ? cli::Table::Cell(g.usual->n) : cli::Table::Cell(), date_cell(g.expected),
                          g.late()});
  }
  return table;
}

std::string text_of(const store::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

/// What its stored versions say: filed, decided, slipped, launched.
cli::Table history_of(const LaunchState& s, store::Store& store) {
  cli::Table table;
  table.columns = {{.name = "at", .as = As::time}, {"status"}, {"target_date", "target"}};
  const auto& entity = *store.find_entity("launch_review");
  const auto column = [&](std::string_view name) {
    const auto found = std::ranges::find(entity.columns, name, &model::Column::name);
    return static_cast<std::size_t>(found - entity.columns.begin());
  };
  const auto status = column("status"), target = column("target_date");
  std::pair<std::string, std::string> last;
  for (const auto& version : store::history(store, entity, s.id, s.source)) {
    std::pair now{text_of(version.values[status]), text_of(version.values[target])};
    if (now == last) continue;
    last = now;
    table.rows.push_back({unix_seconds(version.observed_at), text_cell(now.first), text_cell(now.second)});
  }
  return table;
}

const LaunchState& find_launch(const std::vector<LaunchState>& all, const std::string& asked) {
  std::vector<std::string_view> known;
  for (const auto& s : all) {
    if (s.id == asked || equal_ignoring_case(s.title, asked)) return s;
    known.push_back(s.id);
  }
  fail(ErrorKind::usage, "the store has no launch review '{}'{}; see 'sitrep launch list'", visible(asked),
       did_you_mean(asked, known));
}

int run(const std::string& asked, cli::Context& ctx) {
  const auto policy = launch_policy(ctx);
  const auto all = policy::launch_pipeline(ctx.store(), policy, ctx.calendar(), ctx.now());
  const auto& launch = find_launch(all, asked);
  const auto facts = facts_of(launch), gates = gates_of(launch), history = history_of(launch, ctx.store());
  const auto notes = notes_on(ctx, {launch.id, launch.title});
  if (ctx.format() == "json") {
    const auto rows = cli::to_json_rows(facts);
    ctx.print_json_object("launch.show",
                          fmt::format("\"rows\":{},\"gates\":{},\"history\":{},\"notes\":{}", rows,
                                      cli::to_json_rows(gates), cli::to_json_rows(history), notes_json(notes)));
    return 0;
  }
  const auto options = ctx.text_options();
  ctx.out() << cli::to_text(facts, options);
  print_notes(ctx, notes, "note  ");
  if (!gates.rows.empty()) ctx.out() << "\ngates\n" << cli::to_text(gates, options);
  if (!history.rows.empty()) ctx.out() << "\nhistory\n" << cli::to_text(history, options);
  return 0;
}

}  // namespace

void add_launch_show(cli::Command& noun) {
  auto id = std::make_shared<std::string>();
  auto& command = noun.add("show", "A launch review with its gates, its predicted approval and its history");
  command.positional("ID", *id, "Id or title of the review").completes("launch_review");
  command.formats({"text", "json"});
  command.example("sitrep launch show LR-1", "Whose turn it is, and whether its date will hold");
  command.run([id](cli::Context& ctx) { return run(*id, ctx); });
}

}  // namespace sitrep::cmd
