#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "http/waiter.hpp"
#include "source_world.hpp"
#include "sources/inspect.hpp"
#include "sources/walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string name;
};

/// Passes requests on and keeps the last exchange.
class Watched final : public http::Transport {
 public:
  explicit Watched(http::Transport& inner) : inner_(inner) {}
  http::Response send(const http::Request& sent, const http::Limits& limits) override {
    request = sent;
    response = inner_.send(sent, limits);
    return *response;
  }

  std::optional<http::Request> request;
  std::optional<http::Response> response;

 private:
  http::Transport& inner_;
};

using Row = std::vector<cli::Table::Cell>;

void add_request(cli::Table& table, const http::Request& request) {
  table.rows.push_back(Row{"request", request.method, http::redact(request.url, request.secrets), {}, {}});
  for (const auto& [name, value] : request.headers) {
    const bool secret = equal_ignoring_case(name, "authorization");
    table.rows.push_back(Row{"header", name, secret ? "***" : http::redact(value, request.secrets), {}, {}});
  }
  if (!request.body.empty())
    table.rows.push_back(
        Row{"body", {}, truncate_display(visible(http::redact(request.body, request.secrets)), 200), {}, {}});
}

void add_inspection(cli::Table& table, const sources::Inspection& found, const config::Stream& stream) {
  if (!found.shape.empty()) table.rows.push_back(Row{"shape", stream.data_selector, visible(found.shape), {}, {}});
  const auto add = [&](std::string what, const sources::FieldUse& field) {
    table.rows.push_back(Row{std::move(what), field.column.empty() ? cli::Table::Cell{} : field.column,
                             visible(field.path), fmt::format("{}/{}", field.filled, found.records), field.sample});
  };
  for (const auto& field : found.mapped) add("column", field);
  for (const auto& field : found.unmapped) add("unmapped", field);
  for (const auto& suggestion : found.suggestions) {
    table.rows.push_back(Row{"suggestion", suggestion.knob, visible(suggestion.value), {}, suggestion.why});
  }
}

void note_findings(cli::Context& ctx, const sources::WalkedPage& page, const sources::Mapping& mapping) {
  const auto& read = page.extraction;
  ctx.note(fmt::format("{} on the first page, {}", count_of(read.records, "record"),
                       count_of(static_cast<std::int64_t>(read.rows.size()), "row")));
  for (std::size_t i = 0; i < read.children.size(); ++i) {
    ctx.note(fmt::format("{} of {}", count_of(static_cast<std::int64_t>(read.children[i].size()), "row"),
                         mapping.children[i]->entity->name));
  }
  for (const auto& [what, count] : read.odd) {
    ctx.note(fmt::format("{} in {}: {}", count_of(count, "odd value"), what.first, what.second));
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(read.rejects.size(), 5); ++i) {
    ctx.note(fmt::format("rejected: {}: {}: {}", read.rejects[i].where, read.rejects[i].reason,
                         truncate_display(visible(read.rejects[i].raw), 120)));
  }
  if (read.rejects.size() > 5) ctx.note(fmt::format("and {} more rejected", read.rejects.size() - 5));
}

int run(const Options& options, cli::Context& ctx) {
  const auto [source, stream] = find_stream(ctx, options.name);
  if (!source->unset_environment.empty()) {
    const auto& [name, where] = source->unset_environment.front();
    fail(ErrorKind::config, "{}: the environment variable {} is not set", where.text(), name);
  }
  const auto entities = [&ctx](std::string_view name) -> const model::Entity* {
    for (const auto& own : ctx.config().entities) {
      if (own.name == name) return &own;
    }
    return model::find_built_in(name);
  };
  const auto mapping = sources::make_mapping(*stream, entities);
  const auto real = transport_of(ctx, *source);
  Watched transport(*real);
  const FixedClock clock(ctx.now());
  http::SystemWaiter waiter;
  http::ClientOptions client_options;
  client_options.retries = 0;  // a test shows what is, at once
  client_options.limits.body_bytes = source->max_bytes;
  client_options.deadline = ctx.deadline();
  client_options.log = [&ctx](std::string_view line) { ctx.detail(line); };
  http::Client client(transport, clock, waiter, client_options);
  sources::Session session(*source, sources::read_credentials(*source, secret_context(ctx)), client, waiter);
  session.credentials();  // a token that is refused is told before anything else
  sources::PageState first;
  first.plan = sources::make_plan(*stream, {}, {}, ctx.now());
  first.slice = sources::first_slice(first.plan).value_or(sources::Bounds{});
  first.position = sources::first_position(stream->paginator);
  const auto show = [&] {
    cli::Table table;
    for (const auto* column : {"what", "name", "value", "filled", "sample"}) table.columns.push_back({column});
    if (transport.request) add_request(table, *transport.request);
    if (transport.response) add_inspection(table, sources::inspect(*stream, *transport.response), *stream);
    ctx.print(table, "source.test");
  };
  std::optional<sources::WalkedPage> page;
  try {
    page = sources::Walk(*source, *stream, mapping, session, client, clock).first_page(first);
  } catch (const Error&) {
    show();  // what came is what helps to see why it does not fit
    ctx.finish();
    throw;
  }
  show();
  note_findings(ctx, *page, mapping);
  return 0;
}

}  // namespace

void add_source_test(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("test", "Fetch one page of a stream and show how it maps; nothing is stored");
  command.positional("SOURCE[.STREAM]", options->name, "The stream; a source's first one when only the source is given")
      .completes("source");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.exits(9, "the source refused the credentials");
  command.description(
      "Shows the request with its secrets masked, the shape of the answer, how often each column is filled with the\n"
      "first value, the fields that no column takes, and what the page itself suggests: where its records are, how to\n"
      "go on to the next page, a time of change for incremental syncs.");
  command.example("sitrep source test pager.incidents", "Does the token work, and do the columns fill?");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
