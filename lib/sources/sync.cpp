#include "sources/sync.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/text.hpp"
#include "http/curl_transport.hpp"
#include "sources/sync_tasks.hpp"
#include "sources/task_writer.hpp"

namespace sitrep::sources {
namespace {

constexpr std::size_t k_threads = 16;  // sources at once; each waits for the network nearly all the time
// Ahead of the store, while it writes a batch; bounds memory when the network is the faster side.
constexpr std::size_t k_queued_rows = 12'000;
constexpr std::chrono::milliseconds k_patience{200};  // how often batches are looked at when nothing comes

// Waits that end when the sync does.
class StoppableWaiter final : public http::Waiter {
 public:
  http::SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  void wait(std::chrono::milliseconds duration) override {
    std::unique_lock lock(mutex_);
    if (stopped_.wait_for(lock, duration, [this] { return stop_; })) fail(ErrorKind::network, "stopped");
  }
  void stop() {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
    stopped_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
};

// The calling thread's side: takes events until every source is done.
class Collector {
 public:
  Collector(const Prepared& prepared, const SyncOptions& options, const SyncWorld& world, http::Waiter& waiter)
      : prepared_(prepared), options_(options), world_(world), waiter_(waiter), writers_(prepared.tasks.size()) {}

  void collect(EventQueue<SyncEvent>& events) {
    for (std::size_t done = 0; done < prepared_.of_source.size();) {
      if (auto event = events.pop(k_patience)) {
        if (std::holds_alternative<SourceDone>(*event)) ++done;
        std::visit([this](auto& what) { this->take(what); }, *event);
      }
      const auto now = waiter_.now();
      for (auto& writer : writers_) {
        if (!writer || !writer->due(now)) continue;
        writer->flush();
        tell(&SyncProgress::advanced, writer->result());
      }
    }
  }

  SyncReport report() const {
    SyncReport report;
    report.sources = prepared_.of_source.size();
    for (const auto& [first, last] : prepared_.of_source) {
      bool failed = false;
      for (std::size_t task = first; task < last; ++task) {
        const auto& results = writers_[task]->results();
        report.streams.insert(report.streams.end(), results.begin(), results.end());
        if (!results.front().failure) continue;
        failed = true;
        if (!report.first_failure) report.first_failure = results.front().failure;
      }
      if (failed) ++report.failed_sources;
    }
    return report;
  }

 private:
  void tell(void (SyncProgress::*what)(const StreamResult&), const StreamResult& result) {
    if (world_.progress) (world_.progress->*what)(result);
  }

  void take(StreamStarted& event) {
    auto& writer = writers_[event.task];
    writer = std::make_unique<TaskWriter>(world_.store, prepared_.tasks[event.task], options_, world_.clock,
                                          prepared_.last_good_at[event.task]);
    tell(&SyncProgress::started, writer->result());
  }
  void take(PageRead& event) {
    auto& writer = writers_[event.task];
    writer->add(std::move(event), waiter_.now());
    tell(&SyncProgress::advanced, writer->result());
  }
  void take(PassEnded& event) { event.answer.set_value(writers_[event.task]->pass_ended()); }
  void take(StreamEnded& event) {
    writers_[event.task]->finish(event);
    tell(&SyncProgress::finished, writers_[event.task]->result());
  }
  void take(StreamFailed& event) {
    writers_[event.task]->fail(event);
    tell(&SyncProgress::finished, writers_[event.task]->result());
  }
  void take(Detail& event) {
    if (world_.progress) world_.progress->detail(event.source, event.text);
  }
  [[noreturn]] static void take(WorkerBroke& event) { std::rethrow_exception(event.what); }
  static void take(SourceDone&) {}

  const Prepared& prepared_;
  const SyncOptions& options_;
  const SyncWorld& world_;
  http::Waiter& waiter_;
  std::vector<std::unique_ptr<TaskWriter>> writers_;  // by task
};

}  // namespace

SyncReport sync(const config::Config& config, const SyncOptions& options, const SyncWorld& world) {
  const Prepared prepared = prepare_tasks(config, options, world);
  StoppableWaiter real_waiter;
  http::Waiter& waiter = world.waiter ? *world.waiter : real_waiter;
  EventQueue<SyncEvent> events(k_queued_rows);
  Collector collector(prepared, options, world, waiter);
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  const auto stop = [&] {
    events.close();
    real_waiter.stop();
    threads.clear();  // joins
  };
  try {
    for (std::size_t i = 0; i < std::min(k_threads, prepared.of_source.size()); ++i) {
      threads.emplace_back([&] {
        for (std::size_t source; (source = next++) < prepared.of_source.size();) {
          const auto& [first, last] = prepared.of_source[source];
          run_source(prepared.tasks, first, last, options, world, waiter, events);
        }
      });
    }
    collector.collect(events);
  } catch (...) {
    stop();
    throw;
  }
  stop();
  return collector.report();
}

std::unique_ptr<http::Transport> curl_transport(const config::Source& source, const std::filesystem::path& folder,
                                                const std::string& user_agent) {
  const auto file = [&](const std::string& name) { return name.empty() ? std::filesystem::path{} : folder / name; };
  http::CurlOptions options;
  options.ca_file = file(source.ca_file);
  options.client_cert = file(source.client_cert);
  options.client_key = file(source.client_key);
  options.proxy = source.proxy;
  options.unix_socket = file(source.unix_socket);
  options.allow_http = source.allow_http;
  options.user_agent = user_agent;
  return std::make_unique<http::CurlTransport>(std::move(options));
}

}  // namespace sitrep::sources
