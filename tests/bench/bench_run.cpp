// Times sitrep against bench_limit in one run, interleaved, so that a noisy machine is noisy for both: first sync,
// re-sync and weekly report of the same records. Prints medians and their ratio; only the ratio travels to another
// machine.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
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
    ::waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  }

 private:
  pid_t pid_ = 0;
};

/// bench_serve, for as long as this lives.
class Server {
 public:
  explicit Server(const Options& options) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
    process_ = std::make_unique<Process>(
        std::vector<std::string>{options.programs + "/bench_serve", "--records", std::to_string(options.records),
                                 "--page", std::to_string(options.page)},
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

/// Seconds of wall time; a failure ends the bench and shows what the program said.
double timed(const std::vector<std::string>& args, const fs::path& log) {
  const auto start = std::chrono::steady_clock::now();
  const int code = Process(args, log).wait();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  if (code != 0) {
    std::ifstream text(log);
    throw std::runtime_error(fmt::format("{} {} ended with {}:\n{}", args[0], args.size() > 1 ? args[1] : "", code,
                                         std::string(std::istreambuf_iterator<char>(text), {})));
  }
  return elapsed.count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string workspace_toml(const std::string& url) {
  return fmt::format(R"([workspace]
name = "bench"

[source.bench]
base_url = "{}"

[[source.bench.stream]]
name = "records"
entity = "incident"
path = "records"
data_selector = "data"
paginator = {{ type = "page_number", end_statuses = [404] }}
columns = {{ title = "title", service = "service.name", team = "team.name", severity = "severity", status = "status", kind = "kind", started_at = "started_at", detected_at = "detected_at", mitigated_at = "mitigated_at", resolved_at = "resolved_at", cause = "cause" }}

[[source.bench.stream]]
name = "services"
entity = "service"
path = "services"
data_selector = "data"
columns = {{ name = "name", program = "program", tier = "tier" }}

[[source.bench.stream]]
name = "programs"
entity = "program"
path = "programs"
data_selector = "data"
columns = {{ name = "name", status = "status" }}
)",
                     url);
}

class Bench {
 public:
  Bench(Options options, fs::path folder)
      : options_(std::move(options)), folder_(std::move(folder)), server_(options_) {}

  void run() {
    for (int round = 0; round < options_.runs; ++round) {
      fs::remove_all(folder_ / "limit");
      fs::remove_all(folder_ / "sitrep");
      fs::create_directories(folder_ / "limit");
      fs::create_directories(folder_ / "sitrep");
      std::ofstream(folder_ / "sitrep/sitrep.toml") << workspace_toml(server_.url());
      measure("first sync", limit({"sync", server_.url(), db()}), sitrep({"sync", "-q"}));
      measure("re-sync, unchanged", limit({"sync", server_.url(), db()}), sitrep({"sync", "-q", "--full"}));
      measure("weekly report", limit({"report", db()}),
              sitrep({"report", "weekly-health", "-o", (folder_ / "weekly.md").string()}));
      std::fprintf(stderr, "round %d of %d done\n", round + 1, options_.runs);
    }
    print();
  }

 private:
  std::string db() const { return (folder_ / "limit/limit.db").string(); }
  std::vector<std::string> limit(std::vector<std::string> args) const {
    args.insert(args.begin(), options_.programs + "/bench_limit");
    return args;
  }
  std::vector<std::string> sitrep(std::vector<std::string> args) const {
    // The records end in November 2026: the report is about a week that has some.
    const std::vector<std::string> lead = {options_.sitrep, "-C", (folder_ / "sitrep").string(), "--now",
                                           "2026-11-16T12:00:00Z"};
    args.insert(args.begin(), lead.begin(), lead.end());
    return args;
  }
  void measure(const std::string& what, const std::vector<std::string>& limit_args,
               const std::vector<std::string>& sitrep_args) {
    if (!times_.contains(what)) order_.push_back(what);
    times_[what].first.push_back(timed(limit_args, folder_ / "log"));
    times_[what].second.push_back(timed(sitrep_args, folder_ / "log"));
  }
  void print() const {
    fmt::print("{} records, pages of {}, medians of {} runs\n\n", options_.records, options_.page, options_.runs);
    fmt::print("| step | limit | sitrep | ratio | sitrep, records/s |\n| --- | ---: | ---: | ---: | ---: |\n");
    for (const auto& what : order_) {
      const auto& [limit_times, sitrep_times] = times_.at(what);
      const double limit_time = median(limit_times), sitrep_time = median(sitrep_times);
      fmt::print("| {} | {:.3f} s | {:.3f} s | {:.2f} | {:.0f} |\n", what, limit_time, sitrep_time,
                 sitrep_time / limit_time, options_.records / sitrep_time);
    }
  }

  Options options_;
  fs::path folder_;
  Server server_;
  std::vector<std::string> order_;
  std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> times_;
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
