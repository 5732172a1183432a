// Times sitrep against bench_limit in one run, interleaved, so that a noisy machine is noisy for both: first sync,
// re-sync, a re-sync of pages that are all 304, and the weekly report of the same records; the syncs again in pages of
// 100; and a list 50 ms away, asked for one page at a time and eight. Prints medians, their ratio and the peak of
// memory; only the ratio travels to another machine.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace {

namespace fs = std::filesystem;

struct Options {
  std::string sitrep, programs;
  int records = 100'000, page = 1000, runs = 5;
};

class Process {
 public:
  Process(const std::vector<std::string>& args, const fs::path& log, int in = -1, int out = -1) {
    std::vector<char*> argv;
    for (const auto& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (in >= 0)
      posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    else
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (out >= 0)
      posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    else
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out < 0) posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    const int code = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (code != 0) throw std::runtime_error("cannot start " + args[0]);
  }
  int wait() {
    int status = 0;
    rusage used{};
    ::wait4(pid_, &status, 0, &used);
    peak_mb_ = static_cast<double>(used.ru_maxrss) / 1024;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  }
  /// Of memory, once it has been waited for.
  double peak_mb() const { return peak_mb_; }

 private:
  pid_t pid_ = 0;
  double peak_mb_ = 0;
};

/// bench_serve, for as long as this lives.
class Server {
 public:
  Server(const Options& options, int page) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
    process_ = std::make_unique<Process>(
        std::vector<std::string>{options.programs + "/bench_serve", "--records", std::to_string(options.records),
                                 "--page", std::to_string(page)},
        "/dev/null", in[0], out[1]);
    ::close(in[0]);
    ::close(out[1]);
    hold_ = in[1];
    for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) url_ += c;
    ::close(out[0]);
    if (url_.empty()) throw std::runtime_error("bench_serve did not start");
  }
  ~Server() {
    ::close(hold_);  // its stdin ends
    process_->wait();
  }
  const std::string& url() const { return url_; }

 private:
  std::unique_ptr<Process> process_;
  int hold_ = -1;
  std::string url_;
};

struct Run {
  double seconds = 0, peak_mb = 0;
};

/// A failure ends the bench and shows what the program said.
Run timed(const std::vector<std::string>& args, const fs::path& log) {
  const auto start = std::chrono::steady_clock::now();
  Process process(args, log);
  const int code = process.wait();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  if (code != 0) {
    std::ifstream text(log);
    throw std::runtime_error(fmt::format("{} {} ended with {}:\n{}", args[0], args.size() > 1 ? args[1] : "", code,
                                         std::string(std::istreambuf_iterator<char>(text), {})));
  }
  return {elapsed.count(), process.peak_mb()};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// `path`: which list of bench_serve; `source`, `paginator`: further knobs.
std::string workspace_toml(const std::string& url, const std::string& path, const std::string& source = "",
                           const std::string& paginator = "") {
  return fmt::format(R"([workspace]
name = "bench"

[source.bench]
base_url = "{}"
{}

[[source.bench.stream]]
name = "records"
entity = "incident"
path = "{}"
data_selector = "data"
paginator = {{ type = "page_number", end_statuses = [404]{} }}
columns = {{ title = "title", service = "service.name", team = "team.name", severity = "severity", status = "status", kind = "kind", started_at = "started_at", detected_at = "detected_at", mitigated_at = "mitigated_at", resolved_at = "resolved_at", cause = "cause" }}
)",
                     url, source, path, paginator);
}

constexpr auto k_reference_streams = R"(
[[source.bench.stream]]
name = "services"
entity = "service"
path = "services"
data_selector = "data"
columns = { name = "name", program = "program", tier = "tier" }

[[source.bench.stream]]
name = "programs"
entity = "program"
path = "programs"
data_selector = "data"
columns = { name = "name", status = "status" }
)";

class Bench {
 public:
  Bench(Options options, fs::path folder) : options_(std::move(options)), folder_(std::move(folder)) {}

  void run() {
    in_pages_of(options_.page, "");
    if (options_.page != 100) in_pages_of(100, ", pages of 100");
    far_away();
    print();
  }

 private:
  void in_pages_of(int page, const std::string& suffix) {
    const Server server(options_, page);
    const bool all = suffix.empty();
    for (int round = 0; round < options_.runs; ++round) {
      fs::remove_all(folder_ / "limit");
      fs::create_directories(folder_ / "limit");
      fresh("sitrep", workspace_toml(server.url(), "records") + k_reference_streams);
      measure("first sync" + suffix, limit({"sync", server.url(), db()}), sitrep("sitrep", {"sync", "-q"}));
      measure("re-sync, unchanged" + suffix, limit({"sync", server.url(), db()}),
              sitrep("sitrep", {"sync", "-q", "--full"}));
      if (all) {
        measure("weekly report", limit({"report", db()}),
                sitrep("sitrep", {"report", "weekly-health", "-o", (folder_ / "weekly.md").string()}));
        fresh("tagged", workspace_toml(server.url(), "tagged"));
        timed(sitrep("tagged", {"sync", "-q"}), folder_ / "log");
        measure("re-sync, every page 304", limit({"unmodified", server.url()}), sitrep("tagged", {"sync", "-q"}));
      }
      std::fprintf(stderr, "pages of %d: round %d of %d done\n", page, round + 1, options_.runs);
    }
  }

  /// The same program twice: a page at a time, and eight.
  void far_away() {
    const Server server(options_, 100);
    for (int round = 0; round < std::min(options_.runs, 3); ++round) {  // it waits, and that does not vary
      for (const int in_flight : {1, 8}) {
        fresh("far", workspace_toml(server.url(), "slow", fmt::format("rate_limit.max_in_flight = {}", in_flight),
                                    ", total_header = \"X-Total-Count\""));
        far_[in_flight].push_back(timed(sitrep("far", {"sync", "-q"}), folder_ / "log").seconds);
      }
    }
  }

  void fresh(const std::string& name, const std::string& toml) const {
    fs::remove_all(folder_ / name);
    fs::create_directories(folder_ / name);
    std::ofstream(folder_ / name / "sitrep.toml") << toml;
  }
  std::string db() const { return (folder_ / "limit/limit.db").string(); }
  std::vector<std::string> limit(std::vector<std::string> args) const {
    args.insert(args.begin(), options_.programs + "/bench_limit");
    return args;
  }
  std::vector<std::string> sitrep(const std::string& workspace, std::vector<std::string> args) const {
    // The records end in November 2026: the report is about a week that has some.
    const std::vector<std::string> lead = {options_.sitrep, "-C", (folder_ / workspace).string(), "--now",
                                           "2026-11-16T12:00:00Z"};
    args.insert(args.begin(), lead.begin(), lead.end());
    return args;
  }
  void measure(const std::string& what, const std::vector<std::string>& limit_args,
               const std::vector<std::string>& sitrep_args) {
    if (!steps_.contains(what)) order_.push_back(what);
    Step& step = steps_[what];
    step.limit.push_back(timed(limit_args, folder_ / "log").seconds);
    const auto run = timed(sitrep_args, folder_ / "log");
    step.sitrep.push_back(run.seconds);
    step.peak_mb = std::max(step.peak_mb, run.peak_mb);
  }
  void print() const {
    fmt::print("{} records, pages of {}, medians of {} runs\n\n", options_.records, options_.page, options_.runs);
    fmt::print("| step | limit | sitrep | ratio | sitrep, records/s | sitrep, peak MB |\n");
    fmt::print("| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for (const auto& what : order_) {
      const Step& step = steps_.at(what);
      const double limit_time = median(step.limit), sitrep_time = median(step.sitrep);
      fmt::print("| {} | {:.3f} s | {:.3f} s | {:.2f} | {:.0f} | {:.0f} |\n", what, limit_time, sitrep_time,
                 sitrep_time / limit_time, options_.records / sitrep_time, step.peak_mb);
    }
    const double serial = median(far_.at(1)), eight = median(far_.at(8));
    fmt::print("\n{} pages 50 ms away: {:.2f} s one at a time, {:.2f} s with 8 in flight: {:.1f} times as fast\n",
               std::min(300, (options_.records + 99) / 100), serial, eight, serial / eight);
  }

  struct Step {
    std::vector<double> limit, sitrep;  // seconds
    double peak_mb = 0;
  };
  Options options_;
  fs::path folder_;
  std::vector<std::string> order_;
  std::map<std::string, Step> steps_;
  std::map<int, std::vector<double>> far_;  // by requests in flight
};

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (i + 1 == argc) throw std::runtime_error(name + " needs a value");
    const std::string value = argv[i + 1];
    if (name == "--sitrep")
      options.sitrep = fs::absolute(value);
    else if (name == "--programs")
      options.programs = fs::absolute(value);
    else if (name == "--records")
      options.records = std::max(1, std::stoi(value));
    else if (name == "--page")
      options.page = std::max(1, std::stoi(value));
    else if (name == "--runs")
      options.runs = std::max(1, std::stoi(value));
    else
      throw std::runtime_error("unknown option " + name +
                               "; there are --records, --page, --runs, --sitrep, --programs");
  }
  if (options.sitrep.empty() || options.programs.empty())
    throw std::runtime_error("--sitrep and --programs are needed");
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto options = read_options(argc, argv);
    std::string folder = (fs::temp_directory_path() / "sitrep-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr)
      throw std::runtime_error("cannot make a folder in " + fs::temp_directory_path().string());
    try {
      Bench(options, folder).run();
    } catch (...) {
      fs::remove_all(folder);
      throw;
    }
    fs::remove_all(folder);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_run: %s\n", e.what());
    return 1;
  }
}
