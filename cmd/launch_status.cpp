#include "base/line_diff.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "json/value.hpp"
#include "outbox/request_body.hpp"
#include "review_file.hpp"
#include "store/listing.hpp"
#include "store/outbox_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <set>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string file;
};

struct Status {
  std::string filing = "not filed";  ///< not filed, filed, changed since, pending, refused
  std::string note;
  std::string id, url;
};

Status status_of(const ReviewFile& review, const config::Source& source, store::Store* store) {
  const auto subject = to_subject(review);
  const auto hash = outbox::content_hash(source, subject);
  Status status;
  status.id = subject.remote_id;
  status.url = review.front.text("url").value_or("");
  if (!subject.filed_hash.empty()) status.filing = subject.filed_hash == hash ? "filed" : "changed since";
  if (store == nullptr) return status;
  const auto entries = store::OutboxTable(*store).of_subject(source.name, subject.file);
  if (entries.empty() || entries.front().state == store::OutboxEntry::State::done) return status;
  status.filing = store::name(entries.front().state);
  status.note = entries.front().error;
  return status;
}

/// A member of the filed body and of the one that would be sent now.
struct Difference {
  std::string field, filed, now;
};

std::string plain(const std::optional<json::Value>& value) { return value ? value->to_text() : std::string(); }

/// What an edit changed since the review was accepted, member by member of the request's body.
std::vector<Difference> differences(const ReviewFile& review, const config::Source& source, store::Store& store) {
  const auto subject = to_subject(review);
  const auto entries = store::OutboxTable(store).of_subject(source.name, subject.file);
  const auto done = std::ranges::find(entries, store::OutboxEntry::State::done, &store::OutboxEntry::state);
  if (done == entries.end()) return {};
  const auto action = source.actions.find(done->verb);
  if (action == source.actions.end()) return {};
  std::vector<Difference> all;
  json::Document filed_document, now_document;
  const auto now_text = outbox::prepare(source, action->second, subject).body(action->second, done->idempotency_key);
  const auto filed = filed_document.parse(done->body), now = now_document.parse(now_text);
  std::set<std::string> names;
  for (const auto& side : {filed, now})
    for (const json::Member member : side.members()) names.emplace(member.key);
  for (const auto& name : names) {
    const auto before = plain(filed.get(name)), after = plain(now.get(name));
    if (before != after) all.push_back({name, before, after});
  }
  return all;
}

cli::Table to_table(const std::vector<Difference>& all) {
  cli::Table table;
  table.columns = {{"field"}, {"filed"}, {"now"}};
  for (const auto& d : all) table.rows.push_back({d.field, d.filed, d.now});
  return table;
}

void print_differences(const std::vector<Difference>& all, std::ostream& out) {
  if (all.empty()) return;
  out << "\ndiffers from what was filed (- filed, + the file)\n";
  for (const auto& d : all) {
    out << d.field << '\n';
    const auto shown = show_difference(d.filed, d.now);
    for (const auto line : split_views(shown, '\n'))
      if (!line.empty()) out << "  " << visible(line) << '\n';
  }
}

/// What the API said of the review at the last sync.
std::string synced_state(store::Store& store, const std::string& source, const std::string& id) {
  store::Listing listing;
  listing.entity = "launch_review";
  listing.filters = {{"id", {id}}, {"source", {source}}};
  const auto listed = store::list(store, listing);
  const auto column = listed.index_of("status");
  if (listed.rows.empty() || column < 0) return {};
  const auto* text = std::get_if<std::string>(&listed.rows.front()[static_cast<std::size_t>(column)]);
  return text == nullptr ? std::string() : *text;
}

int run(const Options& options, cli::Context& ctx) {
  const auto review = read_review(ctx, options.file);
  const auto& source = filing_source(ctx);
  std::error_code none;
  const bool has_store = std::filesystem::exists(ctx.store_file(), none);
  const auto status = status_of(review, source, has_store ? &ctx.store() : nullptr);
  const auto state =
      has_store && !status.id.empty() ? synced_state(ctx.store(), source.name, status.id) : std::string();
  const auto cell = [](const std::string& text) { return text.empty() ? cli::Table::Cell() : cli::Table::Cell(text); };
  cli::Table table;
  table.layout = cli::Table::Layout::record;
  table.columns = {{"file"}, {"filing"}, {"id"}, {"url"}, {"status", "status at the last sync"}, {"note"}};
  table.rows.push_back({review.key, status.filing, cell(status.id), cell(status.url), cell(state), cell(status.note)});
  const auto changed = has_store ? differences(review, source, ctx.store()) : std::vector<Difference>{};
  if (ctx.format() == "json") {
    ctx.print_json_object("launch.status", fmt::format("\"rows\":{},\"differences\":{}", cli::to_json_rows(table),
                                                       cli::to_json_rows(to_table(changed))));
    return 0;
  }
  ctx.print(table, "launch.status");
  if (!ctx.wants_rows()) print_differences(changed, ctx.out());
  return 0;
}

}  // namespace

void add_launch_status(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("status", "Whether a launch review is filed, and what has changed since");
  command.positional("FILE", options->file, "Launch review").completes("file");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep launch status launches/checkout-wallets.md", "Filed, changed since, pending or refused");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
