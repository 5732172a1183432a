#include "replay.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "http/recorded_transport.hpp"

#include <atomic>

namespace sitrep::cmd {
namespace {

namespace fs = std::filesystem;

constexpr auto k_moment_file = "recorded-at";

class Recorder final : public http::Transport {
 public:
  Recorder(std::unique_ptr<http::Transport> inner, fs::path folder)
      : inner_(std::move(inner)), recording_(*inner_, std::move(folder)) {}
  http::Response send(const http::Request& request, const http::Limits& limits) override {
    return recording_.send(request, limits);
  }

 private:
  std::unique_ptr<http::Transport> inner_;
  http::RecordingTransport recording_;
};

class HastyWaiter final : public http::Waiter {
 public:
  http::SteadyTime now() const override {
    return std::chrono::steady_clock::now() + std::chrono::milliseconds{skipped_.load()};
  }
  void wait(std::chrono::milliseconds duration) override { skipped_ += duration.count(); }

 private:
  std::atomic<std::chrono::milliseconds::rep> skipped_{0};
};

}  // namespace

std::optional<UnixTime> recorded_at(const fs::path& folder) {
  const auto file = folder / k_moment_file;
  if (!fs::exists(file)) return std::nullopt;
  const auto text = read_file(file, 100);
  const auto written = parse_time(trim_view(text));
  if (!written || !written->offset) fail(ErrorKind::data, "{} holds no time", display(file));
  return UnixTime{written->local.time_since_epoch()} - *written->offset;
}

void write_recorded_at(const fs::path& folder, UnixTime moment) {
  make_private_folder(folder);
  write_file(folder / k_moment_file, format_utc(moment) + "\n", Overwrite::yes, Privacy::owner_only);
}

config::Config replayable(config::Config config) {
  for (auto& source : config.sources) {
    for (auto* secret : {&source.auth.token, &source.auth.username, &source.auth.password}) {
      if (secret->from == config::Secret::From::none) continue;
      *secret = {};
      secret->from = config::Secret::From::literal;
      secret->text = "replayed";
    }
    source.rate_limit.requests.reset();
  }
  return config;
}

std::vector<std::string> recorded_sources(const config::Config& config, const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& source : config.sources) {
    if (fs::is_directory(folder / source.name)) names.push_back(source.name);
  }
  if (names.empty()) {
    fail(ErrorKind::usage, "{} holds no recording of a source of {}; 'sitrep source record' makes them",
         display(folder), display(config.file.filename()));
  }
  return names;
}

std::unique_ptr<http::Transport> replay_of(const fs::path& folder, const config::Source& source) {
  return std::make_unique<http::RecordedTransport>(folder / source.name);
}

std::unique_ptr<http::Transport> recording_of(const fs::path& folder, const config::Source& source,
                                              std::unique_ptr<http::Transport> inner) {
  return std::make_unique<Recorder>(std::move(inner), folder / source.name);
}

std::unique_ptr<http::Waiter> hasty_waiter() { return std::make_unique<HastyWaiter>(); }

}  // namespace sitrep::cmd
