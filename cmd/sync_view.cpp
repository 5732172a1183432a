#include "sync_view.hpp"

#include "base/numbers.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace sitrep::cmd {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds k_redraw{100};         // often enough to look alive
constexpr milliseconds k_plain_line{10'000};  // a log of CI wants a sign of life, not a film
constexpr std::size_t k_bar = 20;

std::string seconds_text(milliseconds span) {
  const double seconds = static_cast<double>(span.count()) / 1000;
  return format_fixed(seconds, seconds < 1 ? 2 : 1) + " s";
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t have = display_width(text);
  return std::string(text) + std::string(width > have ? width - have : 0, ' ');
}

/// "2 new, 5 changed, 1,207 unchanged"; what is zero is left out.
std::string counts_text(const store::Counts& counts) {
  std::string text;
  const auto add = [&text](std::int64_t n, std::string_view what) {
    if (n == 0) return;
    if (!text.empty()) text += ", ";
    text += group_thousands(n) + " " + std::string(what);
  };
  add(counts.added, "new");
  add(counts.changed, "changed");
  add(counts.removed, "removed");
  add(counts.unchanged, "unchanged");
  add(counts.rejected, "rejected");
  return text.empty() ? "no records" : text;
}

std::string traffic_text(const sources::StreamResult& result) {
  std::string text = count_of(static_cast<std::int64_t>(result.requests), "request");
  if (result.not_modified > 0) text += fmt::format(" ({} not modified)", result.not_modified);
  return text;
}

std::int64_t odd_values(const sources::StreamResult& result) {
  std::int64_t sum = 0;
  for (const auto& [what, count] : result.odd) sum += count;
  return sum;
}

/// What a person should know about a stream beyond its counts, each on a line of its own.
std::vector<std::string> remarks(const sources::StreamResult& result) {
  std::vector<std::string> lines;
  for (const auto& [what, count] : result.odd) {
    lines.push_back(fmt::format("{} in {}: {}", count_of(count, "odd value"), what.first, what.second));
  }
  if (result.counts.duplicates > 0) {
    lines.push_back(
        fmt::format("{} came more than once; the newest won", count_of(result.counts.duplicates, "record")));
  }
  if (result.skipped > 0) lines.push_back(fmt::format("{} left out (skip_when)", count_of(result.skipped, "record")));
  if (result.duplicate_keys > 0) {
    lines.push_back(fmt::format("{} within records; the last one stands",
                                count_of(static_cast<std::int64_t>(result.duplicate_keys), "repeated key")));
  }
  for (const auto& change : result.field_changes) lines.push_back(change.text());
  for (const auto& warning : result.warnings) lines.push_back(warning);
  return lines;
}

}  // namespace

SyncView::SyncView(cli::Context& ctx) : ctx_(ctx), bars_(ctx.world().err_is_terminal && !ctx.globals().quiet) {}

SyncView::~SyncView() { clear(); }

void SyncView::started(const sources::StreamResult& result) {
  const auto now = steady_clock::now();
  running_[{result.source, result.stream}] = {0, 0, {}, now, now};
  if (bars_) draw();
}

void SyncView::advanced(const sources::StreamResult& result) {
  auto& running = running_[{result.source, result.stream}];
  running.records = result.records;
  running.pages = result.pages;
  running.expected = result.expected;
  const auto now = steady_clock::now();
  if (bars_) {
    if (now - drawn_ >= k_redraw) draw();
  } else if (now - running.said >= k_plain_line) {
    running.said = now;
    ctx_.note(fmt::format("{}.{}: {}, {} so far", result.source, result.stream, count_of(result.records, "record"),
                          count_of(result.pages, "page")));
  }
}

void SyncView::finished(const sources::StreamResult& result) {
  running_.erase({result.source, result.stream});
  if (bars_) draw();
}

void SyncView::detail(std::string_view source, std::string_view text) {
  if (!ctx_.globals().verbose) return;
  clear();
  ctx_.detail(fmt::format("{}: {}", source, visible(text)));
}

void SyncView::clear() {
  if (lines_ == 0) return;
  ctx_.err() << "\x1b[" << lines_ << "A\x1b[J";
  ctx_.err().flush();
  lines_ = 0;
}

void SyncView::draw() {
  std::string text;
  if (lines_ > 0) text = fmt::format("\x1b[{}A\x1b[J", lines_);
  const auto width = static_cast<std::size_t>(std::max(ctx_.world().width, 20));
  for (const auto& [name, running] : running_) text += truncate_display(bar(name, running), width - 1) + "\n";
  lines_ = running_.size();
  drawn_ = steady_clock::now();
  ctx_.err() << text;
  ctx_.err().flush();
}

std::string SyncView::bar(const Name& name, const Running& running) const {
  // Filled from the left as far as it is; without a total a short block moves with each page: it lives, no more.
  constexpr std::size_t k_block = 3;
  std::size_t from = static_cast<std::size_t>(running.pages) % (k_bar - k_block + 1);
  std::size_t to = from + k_block;
  if (running.expected && *running.expected > 0) {
    const double share = static_cast<double>(running.records) / static_cast<double>(*running.expected);
    from = 0;
    to = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * k_bar);
  }
  std::string bar;
  for (std::size_t i = 0; i < k_bar; ++i) bar += i >= from && i < to ? "█" : "░";
  return fmt::format("{} {} {} {}   {}   {}", padded(visible(name.first), 12), padded(visible(name.second), 12), bar,
                     count_of(running.records, "record"), count_of(running.pages, "page"),
                     seconds_text(std::chrono::duration_cast<milliseconds>(steady_clock::now() - running.since)));
}

cli::Table sync_table(const sources::SyncReport& report) {
  cli::Table table;
  for (const auto* name : {"source",       "stream",  "entity",   "pass",           "resumed",    "added", "changed",
                           "unchanged",    "removed", "rejected", "duplicates",     "odd_values", "pages", "requests",
                           "not_modified", "bytes",   "seconds",  "waited_seconds", "error",      "kind"}) {
    table.columns.push_back({name});
  }
  for (const auto& r : report.streams) {
    const auto number = [](auto n) { return cli::Table::Cell(static_cast<std::int64_t>(n)); };
    const auto seconds = [](milliseconds span) { return cli::Table::Cell(static_cast<double>(span.count()) / 1000); };
    cli::Table::Cell error, kind;
    if (r.failure) error = r.error, kind = std::string(name(*r.failure));
    table.rows.push_back({r.source,
                          r.stream,
                          r.entity,
                          std::string(store::name(r.pass)),
                          r.resumed,
                          number(r.counts.added),
                          number(r.counts.changed),
                          number(r.counts.unchanged),
                          number(r.counts.removed),
                          number(r.counts.rejected),
                          number(r.counts.duplicates),
                          number(odd_values(r)),
                          number(r.pages),
                          number(r.requests),
                          number(r.not_modified),
                          number(r.bytes),
                          seconds(r.elapsed),
                          seconds(r.waited),
                          error,
                          kind});
  }
  return table;
}

std::string sync_text(const sources::SyncReport& report, UnixTime now) {
  std::size_t source_width = 0, stream_width = 0, counts_width = 0;
  for (const auto& r : report.streams) {
    source_width = std::max(source_width, display_width(visible(r.source)));
    stream_width = std::max(stream_width, display_width(visible(r.stream)));
    if (!r.failure) counts_width = std::max(counts_width, display_width(counts_text(r.counts)));
  }
  std::string text;
  for (const auto& r : report.streams) {
    text += padded(visible(r.source), source_width) + "  " + padded(visible(r.stream), stream_width) + "  ";
    if (r.failure) {
      const std::string prefix = r.source + "." + r.stream + ": ";
      const std::string error = r.error.starts_with(prefix) ? r.error.substr(prefix.size()) : r.error;
      text += "failed: " + visible(error);
      if (r.last_good_at)
        text += "; last good data is " + format_duration(std::max(now - *r.last_good_at, Seconds(0))) + " old";
      text += "\n";
      continue;
    }
    const auto counts = r.unchanged_since ? "unchanged since " + format_utc(*r.unchanged_since) : counts_text(r.counts);
    text += r.child ? counts : padded(counts, counts_width);
    if (!r.child) {
      text += "   " + traffic_text(r) + "   " + seconds_text(r.elapsed);
      if (r.waited >= milliseconds{1000}) text += "   waited " + seconds_text(r.waited);
      if (r.resumed) text += "   resumed";
    }
    text += "\n";
    for (const auto& line : remarks(r)) text += std::string(source_width + 2, ' ') + "! " + line + "\n";
  }
  return text;
}

}  // namespace sitrep::cmd
