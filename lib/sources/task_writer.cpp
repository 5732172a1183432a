#include "sources/task_writer.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "json/writer.hpp"

namespace sitrep::sources {
namespace {

constexpr Seconds k_clock_tolerance = std::chrono::minutes{5};  // two machines' clocks differ by less

std::string notes_json(const StreamResult& result) {
  json::Writer writer;
  writer.begin_object();
  if (result.duplicate_keys > 0) writer.member("duplicate_keys", static_cast<std::int64_t>(result.duplicate_keys));
  if (result.lone_surrogates > 0) writer.member("lone_surrogates", static_cast<std::int64_t>(result.lone_surrogates));
  if (!result.odd.empty()) {
    writer.key("odd").begin_array();
    for (const auto& [what, count] : result.odd) {
      writer.begin_object()
          .member("column", what.first)
          .member("reason", what.second)
          .member("count", count)
          .end_object();
    }
    writer.end_array();
  }
  if (!result.warnings.empty()) {
    writer.key("warnings").begin_array();
    for (const std::string& warning : result.warnings) writer.value(warning);
    writer.end_array();
  }
  writer.end_object();
  return writer.text() == "{}" ? "" : writer.take();
}

}  // namespace

TaskWriter::TaskWriter(store::Store& store, const StreamTask& task, const SyncOptions& options, const Clock& clock,
                       std::optional<UnixTime> last_good_at)
    : task_(task), options_(options), clock_(clock), started_at_(clock.now()) {
  const auto add = [&](const Mapping& mapping, bool child) {
    const store::Pass pass = task.start.plan.full ? store::Pass::full : store::Pass::partial;
    writers_.emplace_back(store, task.source->name, mapping.stream, *mapping.entity, pass, task.observed_at);
    StreamResult result;
    result.source = task.source->name;
    result.stream = mapping.stream;
    result.entity = mapping.entity->name;
    result.child = child;
    result.pass = pass;
    result.resumed = task.resumed;
    result.last_good_at = last_good_at;
    results_.push_back(std::move(result));
  };
  add(task.mapping, false);
  for (const auto& child : task.mapping.children) add(*child, true);
}

void TaskWriter::add(PageRead&& read, http::SteadyTime now) {
  StreamResult& result = results_.front();
  WalkedPage& page = read.page;
  result.pages = page.next.pages;
  result.records += page.extraction.records;
  result.requests = read.spent.requests;
  result.not_modified = read.spent.not_modified;
  result.bytes = read.spent.wire_bytes;
  result.waited = read.spent.waited;
  result.expected = page.total;
  result.duplicate_keys += page.notes.duplicate_keys;
  result.lone_surrogates += page.notes.lone_surrogates;
  for (const auto& [what, count] : page.extraction.odd) result.odd[what] += count;
  for (std::string& warning : page.warnings) {
    if (std::ranges::find(result.warnings, warning) == result.warnings.end())
      result.warnings.push_back(std::move(warning));
  }
  if (pending_.empty()) pending_since_ = now;
  pending_rows_ += page.extraction.rows.size();
  for (const auto& rows : page.extraction.children) pending_rows_ += rows.size();
  pending_.push_back(std::move(page));
}

bool TaskWriter::due(http::SteadyTime now) const {
  return !pending_.empty() && (pending_rows_ >= options_.batch_rows || now - pending_since_ >= options_.batch_time);
}

void TaskWriter::flush() {
  if (pending_.empty()) return;
  for (const WalkedPage& page : pending_) {
    const Extraction& read = page.extraction;
    writers_[0].put(read.rows);
    for (std::size_t i = 0; i < read.children.size(); ++i) writers_[i + 1].put(read.children[i]);
    for (const Reject& reject : read.rejects) {
      writers_[reject.child ? *reject.child + 1 : 0].reject(reject.reason, reject.raw,
                                                            fmt::format("page {}, {}", page.next.pages, reject.where));
    }
  }
  if (!options_.dry_run) {
    const std::string state = pending_.back().next.to_json();
    for (std::size_t i = writers_.size(); i-- > 0;) writers_[i].commit(state);
  }
  pending_.clear();
  pending_rows_ = 0;
  update_counts();
}

void TaskWriter::update_counts() {
  for (std::size_t i = 0; i < writers_.size(); ++i) results_[i].counts = writers_[i].counts();
}

void TaskWriter::end(std::chrono::milliseconds elapsed, const http::ClientStats& spent) {
  StreamResult& result = results_.front();
  result.elapsed = elapsed;
  result.requests = spent.requests;
  result.not_modified = spent.not_modified;
  result.bytes = spent.wire_bytes;
  result.waited = spent.waited;
}

void TaskWriter::note_facts() {
  const StreamResult& result = results_.front();
  store::RunFacts facts;
  facts.started_at = started_at_;
  facts.finished_at = clock_.now();
  facts.requests = static_cast<std::int64_t>(result.requests);
  facts.not_modified = static_cast<std::int64_t>(result.not_modified);
  facts.bytes = static_cast<std::int64_t>(result.bytes);
  facts.odd_values = 0;
  for (const auto& [what, count] : result.odd) *facts.odd_values += count;
  facts.notes = notes_json(result);
  writers_[0].set_facts(facts);
  store::RunFacts of_child;
  of_child.started_at = started_at_;
  of_child.finished_at = facts.finished_at;
  for (std::size_t i = 1; i < writers_.size(); ++i) writers_[i].set_facts(of_child);
}

void TaskWriter::finish(const StreamEnded& ended) {
  end(ended.elapsed, ended.spent);
  StreamResult& result = results_.front();
  const UnixTime now = clock_.now();
  if (ended.last.newest && *ended.last.newest > now + k_clock_tolerance) {
    result.warnings.push_back(fmt::format("the newest change is dated {}, in the future; the next sync starts from now",
                                          format_utc(*ended.last.newest)));
  }
  if (result.expected && !task_.resumed && !ended.last.plan.slice && *result.expected != result.records) {
    result.warnings.push_back(fmt::format("the API speaks of {} and gave {}", count_of(*result.expected, "record"),
                                          group_thousands(result.records)));
  }
  flush();
  if (options_.dry_run) return;
  note_facts();
  const std::string bookmark =
      next_bookmark(*task_.stream, ended.last.plan, task_.bookmark, ended.last.newest, task_.observed_at, now)
          .to_json();
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    try {
      writers_[i].finish(bookmark, options_.shrink);
    } catch (const Error& e) {
      // A pass that would delete too much has kept its rows and said so; the store itself is well.
      if (e.kind() != ErrorKind::data) throw;
      if (!result.failure) record_failure(e.kind(), e.what());
    }
  }
  update_counts();
}

void TaskWriter::record_failure(ErrorKind kind, const std::string& error) {
  StreamResult& result = results_.front();
  result.failure = kind;
  result.error = error.starts_with(full_name()) ? error : fmt::format("{}: {}", full_name(), error);
}

void TaskWriter::fail(const StreamFailed& failed) {
  end(failed.elapsed, failed.spent);
  pending_.clear();  // a walk that failed adds nothing beyond its last batch: the next run reads these pages again
  record_failure(failed.kind, failed.error);
  if (options_.dry_run) return;
  note_facts();
  for (store::StreamWriter& writer : writers_) writer.fail(results_.front().error);
  update_counts();
}

}  // namespace sitrep::sources
