#include "sources/source_worker.hpp"

#include <random>

#include "base/text.hpp"

namespace sitrep::sources {
namespace {

http::ClientOptions client_options(const config::Source& source, const SyncOptions& options,
                                   std::function<void(std::string_view)> log) {
  http::ClientOptions out;
  out.limits.connect = source.timeouts.connect;
  out.limits.first_byte = source.timeouts.first_byte;
  out.limits.idle = source.timeouts.idle;
  out.limits.total = source.timeouts.total;
  out.limits.body_bytes = source.max_bytes;
  out.retries = source.retries;
  out.retry_statuses = source.retry_statuses;
  out.backoff = source.backoff;
  out.max_backoff = source.max_backoff;
  out.max_wait = source.rate_limit.max_wait;
  out.deadline = options.deadline;
  out.jitter = [random = std::make_shared<std::minstd_rand>(std::random_device{}())] {
    return std::uniform_real_distribution<double>(0, 1)(*random);
  };
  out.log = std::move(log);
  return out;
}

http::ClientStats difference(const http::ClientStats& after, const http::ClientStats& before) {
  return {after.requests - before.requests, after.retries - before.retries, after.not_modified - before.not_modified,
          after.wire_bytes - before.wire_bytes, after.waited - before.waited};
}

void check_environment(const config::Source& source) {
  if (source.unset_environment.empty()) return;
  const auto& [name, where] = source.unset_environment.front();
  fail(ErrorKind::config, "{}: the environment variable {} is not set", where.text(), name);
}

// What the streams of one source share.
class SourceRun {
 public:
  SourceRun(const config::Source& source, const SyncOptions& options, const SyncWorld& world, http::Waiter& waiter,
            EventQueue<SyncEvent>& events)
      : source_(source),
        events_(events),
        waiter_(waiter),
        rate_limit_(static_cast<std::size_t>(source.rate_limit.requests.value_or(0)), source.rate_limit.per, waiter) {
    check_environment(source);
    credentials_ = read_credentials(source, world.secrets);
    transport_ = world.transport(source);
    const auto log = [this](std::string_view line) { events_.push(Detail{source_.name, std::string(line)}); };
    client_.emplace(*transport_, world.clock, waiter, client_options(source, options, log), &rate_limit_);
  }

  void stream(const StreamTask& task, std::size_t number) {
    const http::ClientStats before = client_->stats();
    const auto start = waiter_.now();
    const auto spent = [&] { return difference(client_->stats(), before); };
    const auto elapsed = [&] { return std::chrono::duration_cast<std::chrono::milliseconds>(waiter_.now() - start); };
    try {
      Walk walk(source_, *task.stream, task.mapping, credentials_, *client_);
      bool wanted = true;
      const PageState last = walk.run(task.start, task.resumed, [&](WalkedPage&& page) {
        wanted = events_.push(PageRead{number, std::move(page), spent()});
        return wanted;
      });
      if (wanted) events_.push(StreamEnded{number, last, spent(), elapsed()});
    } catch (const Error& e) {
      events_.push(StreamFailed{number, e.kind(), e.what(), spent(), elapsed()});
    }
  }

 private:
  const config::Source& source_;
  EventQueue<SyncEvent>& events_;
  http::Waiter& waiter_;
  http::RateLimit rate_limit_;
  Credentials credentials_;
  std::unique_ptr<http::Transport> transport_;
  std::optional<http::Client> client_;
};

}  // namespace

void run_source(const std::vector<StreamTask>& tasks, std::size_t first, std::size_t last, const SyncOptions& options,
                const SyncWorld& world, http::Waiter& waiter, EventQueue<SyncEvent>& events) {
  try {
    std::optional<SourceRun> run;
    std::optional<Error> broken;
    for (std::size_t number = first; number < last; ++number) {
      if (!events.push(StreamStarted{number})) break;
      try {
        if (!run && !broken) run.emplace(*tasks[number].source, options, world, waiter, events);
      } catch (const Error& e) {
        broken = e;
      }
      // What the source itself lacks (a token, a variable) is missing for each of its streams.
      if (broken)
        events.push(StreamFailed{number, broken->kind(), broken->what(), {}, {}});
      else
        run->stream(tasks[number], number);
    }
  } catch (...) {
    events.push(WorkerBroke{std::current_exception()});
  }
  events.push(SourceDone{});
}

}  // namespace sitrep::sources
