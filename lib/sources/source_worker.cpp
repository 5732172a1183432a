#include "sources/source_worker.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

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
  out.jitter_share = source.jitter;
  out.max_wait = source.rate_limit.max_wait;
  out.deadline = options.deadline;
  out.jitter = [random = std::make_shared<std::minstd_rand>(std::random_device{}())] {
    return std::uniform_real_distribution<double>(0, 1)(*random);
  };
  out.log = std::move(log);
  return out;
}

void check_environment(const config::Source& source) {
  if (source.unset_environment.empty()) return;
  const auto& [name, where] = source.unset_environment.front();
  fail(ErrorKind::config, "{}: the environment variable {} is not set", where.text(), name);
}

/// Of a page in the queue: its rows, and of few rows what the page itself takes.
std::size_t weight_of(const WalkedPage& page) {
  constexpr std::size_t k_least = 100;
  std::size_t rows = page.extraction.rows.size();
  for (const auto& child : page.extraction.children) rows += child.size();
  return std::max(rows, k_least);
}

// What the streams of one source share. stream() may be called from several threads where concurrent() says so.
class SourceRun {
 public:
  SourceRun(const config::Source& source, const SyncOptions& options, const SyncWorld& world, http::Waiter& waiter,
            EventQueue<SyncEvent>& events)
      : source_(source),
        options_(options),
        clock_(world.clock),
        events_(events),
        waiter_(waiter),
        rate_limit_(static_cast<std::size_t>(source.rate_limit.requests.value_or(0)), source.rate_limit.per, waiter,
                    source.rate_limit.max_in_flight) {
    check_environment(source);
    auto fixed = read_credentials(source, world.secrets);
    transport_ = world.transport(source);
    const auto log = [this](std::string_view line) { events_.push(Detail{source_.name, std::string(line)}); };
    client_.emplace(*transport_, world.clock, waiter, client_options(source, options, log), &rate_limit_);
    session_.emplace(source, std::move(fixed), *client_, waiter);
    session_->credentials();  // what is refused is refused for every stream
  }

  std::size_t at_once() const { return transport_->concurrent() ? source_.rate_limit.max_in_flight : 1; }

  void stream(const StreamTask& task, std::size_t number) {
    const auto start = waiter_.now();
    const auto elapsed = [&] { return std::chrono::duration_cast<std::chrono::milliseconds>(waiter_.now() - start); };
    Walk walk(source_, *task.stream, task.mapping, *session_, *client_, clock_);
    try {
      if (!task.refused.empty()) fail(ErrorKind::config, "{}", task.refused);
      bool wanted = true;
      const auto sink = [&](WalkedPage&& page) {
        const auto weight = weight_of(page);
        wanted = events_.push_lazily(PageRead{number, std::move(page), walk.spent()}, weight);
        return wanted;
      };
      const auto taken = [&] {
        PassEnded ended{number, {}};
        auto answer = ended.answer.get_future();
        return events_.push(std::move(ended)) ? answer.get() : PassTaken{};
      };
      WalkResult result = walk.run(input_of(task), sink, taken);
      if (!wanted) return;
      StreamEnded ended{number, std::move(result), walk.spent(), elapsed(), {}};
      if (task.parent) ended.parent_cursor = parents_of(*task.parent).cursor;
      keep_parents(task, number, ended.result);
      events_.push(std::move(ended));
    } catch (const Error& e) {
      events_.push(StreamFailed{number, e.kind(), e.what(), walk.spent(), elapsed()});
    }
  }

 private:
  struct Parents {
    std::vector<std::string> records;
    std::optional<UnixTime> cursor;
  };

  WalkInput input_of(const StreamTask& task) {
    WalkInput input;
    input.start = task.start;
    input.resumed = task.resumed;
    input.groups =
        task.parent ? parent_groups(*task.stream, parents_of(*task.parent).records) : partition_groups(*task.stream);
    input.collect = task.collect;
    input.bookmark = task.bookmark;
    input.unconditional = options_.full;
    input.observed_at = task.observed_at;
    input.max_in_flight = at_once();
    return input;
  }

  const Parents& parents_of(std::size_t parent) {
    const std::scoped_lock lock(mutex_);
    const auto found = parents_.find(parent);
    if (found == parents_.end()) fail(ErrorKind::network, "its parent stream failed, so there is nothing to ask for");
    return found->second;
  }

  void keep_parents(const StreamTask& task, std::size_t number, WalkResult& result) {
    if (task.collect.empty()) return;
    const auto after = next_bookmark(*task.stream, result.last.plan, task.bookmark, result.last.newest,
                                     task.observed_at, clock_.now());
    const std::scoped_lock lock(mutex_);
    parents_[number] = {std::move(result.parents), after.cursor};
  }

  const config::Source& source_;
  const SyncOptions& options_;
  const Clock& clock_;
  EventQueue<SyncEvent>& events_;
  http::Waiter& waiter_;
  http::RateLimit rate_limit_;
  std::unique_ptr<http::Transport> transport_;
  std::optional<http::Client> client_;
  std::optional<Session> session_;
  std::mutex mutex_;
  std::map<std::size_t, Parents> parents_;  // by task
};

/// The tasks in stages: child streams in the stage after their parent's.
std::vector<std::vector<std::size_t>> stages_of(const std::vector<StreamTask>& tasks, std::size_t first,
                                                std::size_t last) {
  std::map<std::size_t, std::size_t> depth;
  std::vector<std::vector<std::size_t>> stages;
  for (std::size_t number = first; number < last; ++number) {
    const std::size_t own = tasks[number].parent ? depth[*tasks[number].parent] + 1 : 0;
    depth[number] = own;
    stages.resize(std::max(stages.size(), own + 1));
    stages[own].push_back(number);
  }
  return stages;
}

/// Calls work for each of the numbers, up to `at_once` of them at the same time.
template <class Work>
void side_by_side(const std::vector<std::size_t>& numbers, std::size_t at_once, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (std::size_t at; (at = next++) < numbers.size();) work(numbers[at]);
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < std::min(at_once, numbers.size()); ++i) threads.emplace_back(take);
  take();
}

}  // namespace

void run_source(const std::vector<StreamTask>& tasks, std::size_t first, std::size_t last, const SyncOptions& options,
                const SyncWorld& world, http::Waiter& waiter, EventQueue<SyncEvent>& events) {
  const auto guarded = [&events](const auto& work) {
    try {
      work();
    } catch (...) {
      events.push(WorkerBroke{std::current_exception()});
    }
  };
  guarded([&] {
    std::optional<SourceRun> run;
    std::optional<Error> broken;
    try {
      run.emplace(*tasks[first].source, options, world, waiter, events);
    } catch (const Error& e) {
      broken = e;
    }
    for (const auto& stage : stages_of(tasks, first, last)) {
      side_by_side(stage, run ? run->at_once() : 1, [&](std::size_t number) {
        guarded([&] {
          if (!events.push(StreamStarted{number})) return;
          // What the source itself lacks (a token, a variable) is missing for each of its streams.
          if (broken)
            events.push(StreamFailed{number, broken->kind(), broken->what(), {}, {}});
          else
            run->stream(tasks[number], number);
        });
      });
    }
  });
  events.push(SourceDone{});
}

}  // namespace sitrep::sources
