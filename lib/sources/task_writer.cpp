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
  if (result.skipped > 0) writer.member("skipped", result.skipped);
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
  if (!result.field_changes.empty()) {
    writer.key("fields").begin_array();
    for (const FieldChange& change : result.field_changes) {
      constexpr const char* k_what[] = {"new", "gone", "retyped"};
      writer.begin_object().member("field", change.field).member("change", k_what[static_cast<int>(change.what)]);
      if (!change.was.empty()) writer.member("was", change.was);
      if (!change.is.empty()) writer.member("is", change.is);
      writer.end_object();
    }
    writer.end_array();
  }
  writer.end_object();
  return writer.text() == "{}" ? "" : writer.take();
}

}  // namespace

TaskWriter::TaskWriter(store::Store& store, const StreamTask& task, const SyncOptions& options, const Clock& clock,
                       std::optional<UnixTime> last_good_at)
    : store_(store), task_(task), options_(options), clock_(clock), started_at_(clock.now()) {
  const auto add = [&](const Mapping& mapping, bool child) {
    StreamResult result;
    result.source = task.source->name;
    result.stream = mapping.stream;
    result.entity = mapping.entity->name;
    result.child = child;
    result.pass = task.start.plan.full ? store::Pass::full : store::Pass::partial;
    result.resumed = task.resumed;
    result.last_good_at = last_good_at;
    results_.push_back(std::move(result));
  };
  add(task.mapping, false);
  for (const auto& child : task.mapping.children) add(*child, true);
}

void TaskWriter::open(store::Pass pass) {
  if (!writers_.empty()) return;
  const auto add = [&](const Mapping& mapping) {
    writers_.emplace_back(store_, task_.source->name, mapping.stream, *mapping.entity, pass, task_.observed_at);
  };
  add(task_.mapping);
  for (const auto& child : task_.mapping.children) add(*child);
  for (StreamResult& result : results_) result.pass = pass;
}

void TaskWriter::add(PageRead&& read, http::SteadyTime now) {
  StreamResult& result = results_.front();
  WalkedPage& page = read.page;
  result.pages = page.next.pages;
  result.records += page.extraction.records;
  result.skipped += page.extraction.skipped;
  result.requests = read.spent.requests;
  result.not_modified = read.spent.not_modified;
  result.bytes = read.spent.wire_bytes;
  result.waited = read.spent.waited;
  if (page.total) result.expected = page.total;
  modified_ |= !page.not_modified;
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
  if (!modified_) {
    pending_.clear();
    return;
  }
  open(results_.front().pass);
  for (const WalkedPage& page : pending_) {
    const Extraction& read = page.extraction;
    writers_[0].put(read.rows);
    for (std::size_t i = 0; i < read.children.size(); ++i) writers_[i + 1].put(read.children[i]);
    for (const std::string& id : read.removed) writers_[0].remove(id);
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
  facts.finished_at = std::max(clock_.now(), started_at_);
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

PassTaken TaskWriter::pass_ended() {
  flush();
  open(results_.front().pass);
  PassTaken taken;
  for (store::StreamWriter& writer : writers_) {
    taken.unseen += options_.dry_run ? 0 : writer.unseen();
    writer.confirm();
  }
  taken.duplicates = writers_[0].counts().duplicates;
  return taken;
}

void TaskWriter::warn_about(const WalkResult& walk, UnixTime now) {
  StreamResult& result = results_.front();
  if (walk.last.newest && *walk.last.newest > now + k_clock_tolerance) {
    result.warnings.push_back(fmt::format("the newest change is dated {}, in the future; the next sync starts from now",
                                          format_utc(*walk.last.newest)));
  }
  if (walk.total_gap != 0) {
    result.warnings.push_back(fmt::format("the API speaks of {} and gave {}",
                                          count_of(walk.last.records - walk.total_gap, "record"),
                                          group_thousands(walk.last.records)));
  }
  for (const std::string& warning : walk.warnings) result.warnings.push_back(warning);
  result.field_changes = walk.field_changes;
}

Bookmark TaskWriter::bookmark_after(const StreamEnded& ended, UnixTime now) const {
  const WalkResult& walk = ended.result;
  Bookmark after = task_.bookmark.value_or(Bookmark{});
  if (!walk.partial) {
    Plan plan = walk.last.plan;
    plan.complete = plan.complete && walk.agreed;  // the next run reads the whole list again
    after = next_bookmark(*task_.stream, plan, task_.bookmark, walk.last.newest, task_.observed_at, now);
    if (!walk.state.empty()) after.state = walk.state;
    if (ended.parent_cursor) after.parent_cursor = ended.parent_cursor;
  }
  after.total_gap = walk.total_gap;
  after.fields = walk.fields;
  after.pages = walk.agreed ? walk.pages : "";
  after.key = id_recipe(*task_.stream);
  if (!walk.unchanged || !after.changed) after.changed = task_.observed_at;
  return after;
}

void TaskWriter::finish(const StreamEnded& ended) {
  end(ended.elapsed, ended.spent);
  StreamResult& result = results_.front();
  const UnixTime now = clock_.now();
  warn_about(ended.result, now);
  flush();
  if (ended.result.unchanged && task_.bookmark) result.unchanged_since = task_.bookmark->changed;
  open(ended.result.unchanged ? store::Pass::partial : result.pass);
  if (options_.dry_run) return;
  note_facts();
  const std::string bookmark = bookmark_after(ended, now).to_json();
  const auto shrink = task_.stream->allow_shrink ? store::Shrink::allow : options_.shrink;
  const auto unseen = ended.result.agreed ? store::Unseen::remove : store::Unseen::keep;
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    try {
      writers_[i].finish(bookmark, shrink, unseen);
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
  open(results_.front().pass);
  note_facts();
  for (store::StreamWriter& writer : writers_) writer.fail(results_.front().error);
  update_counts();
}

}  // namespace sitrep::sources
