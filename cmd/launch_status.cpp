#include "base/text.hpp"
#include "commands.hpp"
#include "review_file.hpp"
#include "store/listing.hpp"
#include "store/outbox_table.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

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
  ctx.print(table, "launch.status");
  return 0;
}

}  // namespace

void add_launch_status(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("status", "Whether a launch review is filed, and whether it has changed since");
  command.positional("FILE", options->file, "Launch review").completes("file");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep launch status launches/checkout-wallets.md", "Filed, changed since, pending or refused");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
