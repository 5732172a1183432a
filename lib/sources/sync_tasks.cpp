#include "sources/sync_tasks.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace sitrep::sources {
namespace {

constexpr Seconds k_resume_within = std::chrono::hours{24};  // older page states are mostly expired cursors

void check_names(const config::Config& config, const std::vector<std::string>& only) {
  std::vector<std::string> known;
  for (const auto& source : config.sources) {
    known.push_back(source.name);
    for (const auto& stream : source.streams) known.push_back(source.name + "." + stream.name);
  }
  const std::vector<std::string_view> views(known.begin(), known.end());
  for (const std::string& name : only) {
    if (std::ranges::find(known, name) != known.end()) continue;
    fail(ErrorKind::usage, "no source or stream '{}' in {}{}", visible(name), config.file.filename().string(),
         did_you_mean(name, views));
  }
}

/// The streams that were asked for, and those whose records they hang on.
std::vector<bool> wanted_streams(const std::vector<std::string>& only, const config::Source& source) {
  std::vector<bool> wanted(source.streams.size());
  for (std::size_t i = source.streams.size(); i-- > 0;) {
    const auto& stream = source.streams[i];
    wanted[i] = wanted[i] || only.empty() || std::ranges::any_of(only, [&](const std::string& name) {
                  return name == source.name || name == source.name + "." + stream.name;
                });
    if (!wanted[i] || stream.parent.stream.empty()) continue;
    const auto parent = std::ranges::find(source.streams, stream.parent.stream, &config::Stream::name);
    wanted[static_cast<std::size_t>(parent - source.streams.begin())] = true;
  }
  return wanted;
}

class Preparation {
 public:
  Preparation(const config::Source& source, const SyncOptions& options, const SyncWorld& world)
      : source_(source), options_(options), world_(world) {}

  void add(const config::Stream& stream, std::size_t first, Prepared& out) {
    StreamTask task;
    task.source = &source_;
    task.stream = &stream;
    task.mapping = make_mapping(stream, [&](std::string_view name) { return world_.store.find_entity(name); });
    const auto state = store::read_stream_state(world_.store, source_.name, stream.name);
    task.bookmark = Bookmark::from_json(state.bookmark);
    task.observed_at = world_.clock.now();
    task.refused = other_ids(stream, task);
    if (!stream.parent.stream.empty()) {
      for (std::size_t i = first; i < out.tasks.size(); ++i)
        if (out.tasks[i].stream->name == stream.parent.stream) task.parent = i;
    }
    const bool has_children = collect_for_children(stream, task);
    // The records of the pages before a resume would be missing for the child streams.
    if (has_children || !resume(state, task)) start(task, has_children);
    if (task.parent && !out.tasks[*task.parent].start.plan.complete)
      task.start.plan.full = task.start.plan.complete = false;
    // Only a pass that ends the records of the old ids may bring those of the new ones.
    if (replaces_ids_ && task.start.plan.full) task.refused.clear();
    out.tasks.push_back(std::move(task));
    out.last_good_at.push_back(state.last_success_at);
  }

 private:
  /// Why the stream must not go on when its ids are made of something else than those in the store: each record would
  /// come as a second one. Empty: they are not.
  std::string other_ids(const config::Stream& stream, const StreamTask& task) {
    replaces_ids_ = options_.full && (options_.shrink == store::Shrink::allow || stream.allow_shrink);
    const auto recipe = id_recipe(stream);
    if (!task.bookmark || task.bookmark->key.empty() || task.bookmark->key == recipe ||
        task.mapping.entity->keeping != model::Keeping::versions)
      return {};
    return fmt::format(
        "{}: ids are made of '{}' now, and those in the store of '{}', so every record would come as a second one; put "
        "primary_key back, or replace the records by 'sitrep sync {}.{} --full --allow-shrink': those of the old ids "
        "end then, and stay in the history; a stream that never deletes needs another name",
        stream.where.text(), recipe, task.bookmark->key, source_.name, stream.name);
  }

  bool collect_for_children(const config::Stream& stream, StreamTask& task) const {
    std::set<std::string> keys;
    for (const auto& child : source_.streams) {
      if (child.parent.stream != stream.name) continue;
      for (auto& key : parent_fields(child)) keys.insert(std::move(key));
    }
    if (keys.contains("*")) keys = {"*"};
    task.collect.assign(keys.begin(), keys.end());
    return !task.collect.empty();
  }

  bool resume(const store::StreamState& state, StreamTask& task) const {
    const auto& interrupted = state.interrupted;
    if (!interrupted || options_.full || options_.since || options_.dry_run) return false;
    auto saved = PageState::from_json(interrupted->page_state);
    if (!saved || saved->fingerprint != fingerprint(source_, *task.stream)) return false;
    if (task.observed_at - interrupted->observed_at > k_resume_within) {
      // Its cursor has expired, but what came in the order of the records' times need not come again.
      const auto& incremental = task.stream->incremental;
      const bool ordered = incremental && incremental->order == config::Incremental::Order::asc;
      if (ordered && saved->newest && !saved->plan.complete) {
        if (!task.bookmark) task.bookmark.emplace();
        task.bookmark->cursor = std::max(*saved->newest, task.bookmark->cursor.value_or(*saved->newest));
      }
      return false;
    }
    task.start = std::move(*saved);
    task.start.plan.full = interrupted->pass == store::Pass::full;
    task.observed_at = interrupted->observed_at;
    task.resumed = true;
    return true;
  }

  void start(StreamTask& task, bool has_children) const {
    const config::Stream& stream = *task.stream;
    Wish wish{options_.full, options_.since};
    auto bookmark = task.bookmark;
    if (has_children) look_back_for_children(stream, bookmark, wish);
    task.start.fingerprint = fingerprint(source_, stream);
    task.start.plan = make_plan(stream, bookmark, wish, task.observed_at);
    task.start.slice = first_slice(task.start.plan).value_or(Bounds{});
    task.start.position = first_position(stream.paginator);
  }

  /// Children are asked for by what the parent's walk brings: all of it, or for only_changed at least what came since
  /// the last time that these children were all read.
  void look_back_for_children(const config::Stream& stream, std::optional<Bookmark>& bookmark, Wish& wish) const {
    for (const auto& child : source_.streams) {
      if (child.parent.stream != stream.name) continue;
      const auto state = store::read_stream_state(world_.store, source_.name, child.name);
      const auto covered = Bookmark::from_json(state.bookmark);
      if (!child.parent.only_changed || !covered || !covered->parent_cursor)
        wish.full = true;
      else if (bookmark && bookmark->cursor)
        bookmark->cursor = std::min(*bookmark->cursor, *covered->parent_cursor);
    }
  }

  const config::Source& source_;
  const SyncOptions& options_;
  const SyncWorld& world_;
  bool replaces_ids_ = false;  // of the stream in hand
};

}  // namespace

Prepared prepare_tasks(const config::Config& config, const SyncOptions& options, const SyncWorld& world) {
  check_names(config, options.only);
  Prepared out;
  for (const auto& source : config.sources) {
    const std::size_t first = out.tasks.size();
    const auto wanted = wanted_streams(options.only, source);
    Preparation preparation(source, options, world);
    for (std::size_t i = 0; i < source.streams.size(); ++i)
      if (wanted[i]) preparation.add(source.streams[i], first, out);
    if (out.tasks.size() > first) out.of_source.emplace_back(first, out.tasks.size());
  }
  return out;
}

}  // namespace sitrep::sources
