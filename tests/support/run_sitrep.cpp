#include "support/run_sitrep.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <utility>

namespace sitrep::test {
namespace {

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
    read = ends[0];
    write = ends[1];
  }
  ~Pipe() {
    close(read);
    close(write);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

std::vector<std::string> environment_of(const RunOptions& options) {
  std::map<std::string, std::string> variables{{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                               {"HOME", options.folder.string()},
                                               {"LC_ALL", "C.UTF-8"},
                                               {"TZ", "UTC"},
                                               {"SITREP_NOW", k_test_now}};
  for (const auto* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) variables[name] = value;
  }
  for (const auto& [name, value] : options.environment) variables[name] = value;
  std::vector<std::string> lines;
  for (const auto& [name, value] : variables) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (auto& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

/// Moves bytes both ways until the child closed its ends.
void pump(Pipe& in, Pipe& out, Pipe& err, std::string_view input, RunResult& result,
          std::chrono::steady_clock::time_point end) {
  std::array<char, 65536> buffer;
  if (input.empty()) Pipe::close(in.write);
  while (out.read >= 0 || err.read >= 0) {
    std::array<pollfd, 3> ends{{{in.write, POLLOUT, 0}, {out.read, POLLIN, 0}, {err.read, POLLIN, 0}}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) throw std::runtime_error("the program outlived its timeout; it said: " + result.err);
    if (::poll(ends.data(), ends.size(), static_cast<int>(left.count())) < 0 && errno != EINTR) {
      throw std::runtime_error("poll failed");
    }
    if (ends[0].revents != 0) {
      const auto n = ::write(in.write, input.data(), input.size());
      if (n > 0) input.remove_prefix(static_cast<std::size_t>(n));
      if (n < 0 || input.empty()) Pipe::close(in.write);
    }
    const auto take = [&](int& from, std::string& into, short events) {
      if (events == 0) return;
      const auto n = ::read(from, buffer.data(), buffer.size());
      if (n > 0)
        into.append(buffer.data(), static_cast<std::size_t>(n));
      else
        Pipe::close(from);
    };
    take(out.read, result.out, ends[1].revents);
    take(err.read, result.err, ends[2].revents);
  }
}

}  // namespace

std::filesystem::path sitrep_binary() { return SITREP_BINARY; }

RunResult run_program(const std::filesystem::path& program, const std::vector<std::string>& args,
                      const RunOptions& options) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), args.begin(), args.end());
  auto variables = environment_of(options);
  const auto argv = pointers(words);
  const auto envp = pointers(variables);
  Pipe in, out, err;
  ::signal(SIGPIPE, SIG_IGN);
  const auto child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    ::signal(SIGPIPE, SIG_DFL);
    const bool ready = ::dup2(in.read, 0) == 0 && ::dup2(out.write, 1) == 1 && ::dup2(err.write, 2) == 2 &&
                       ::chdir(options.folder.c_str()) == 0;
    if (ready) ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  Pipe::close(in.read);
  Pipe::close(out.write);
  Pipe::close(err.write);
  RunResult result;
  try {
    pump(in, out, err, options.input, result, std::chrono::steady_clock::now() + options.timeout);
  } catch (...) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    throw;
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result;
}

RunResult run_sitrep(const std::vector<std::string>& args, const RunOptions& options) {
  return run_program(sitrep_binary(), args, options);
}

int become_sitrep(const std::filesystem::path& folder, const std::vector<std::string>& args) {
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (::chdir(folder.c_str()) != 0 || nowhere < 0) return 126;
  for (const int stream : {0, 1, 2}) ::dup2(nowhere, stream);
  ::setenv("HOME", folder.c_str(), 1);
  ::setenv("SITREP_NOW", k_test_now, 1);
  ::setenv("LSAN_OPTIONS", "detect_leaks=0", 1);  // it cannot look for leaks in a traced process
  std::vector<std::string> words{"sitrep"};
  words.insert(words.end(), args.begin(), args.end());
  auto argv = pointers(words);
  ::execv(sitrep_binary().c_str(), argv.data());
  return 127;
}

BackgroundSitrep::BackgroundSitrep(const std::vector<std::string>& args, const RunOptions& options) {
  std::vector<std::string> words{sitrep_binary().string()};
  words.insert(words.end(), args.begin(), args.end());
  auto variables = environment_of(options);
  const auto argv = pointers(words);
  const auto envp = pointers(variables);
  child_ = ::fork();
  if (child_ < 0) throw std::runtime_error("fork failed");
  if (child_ != 0) return;
  const int nothing = ::open("/dev/null", O_RDWR);
  const bool ready = ::dup2(nothing, 0) == 0 && ::dup2(nothing, 1) == 1 && ::dup2(nothing, 2) == 2 &&
                     ::chdir(options.folder.c_str()) == 0;
  if (ready) ::execve(argv[0], argv.data(), envp.data());
  ::_exit(127);
}

BackgroundSitrep::~BackgroundSitrep() { kill(); }

bool BackgroundSitrep::kill() {
  if (child_ < 0) return false;
  ::kill(child_, SIGKILL);
  int status = 0;
  ::waitpid(std::exchange(child_, -1), &status, 0);
  return WIFSIGNALED(status);
}

std::vector<std::string> split_words(const std::string& line) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
      continue;
    }
    if (!word) word.emplace();
    if (c == quote)
      quote = 0;
    else if (quote == 0 && (c == '\'' || c == '"'))
      quote = c;
    else if (c == '\\' && quote != '\'' && i + 1 < line.size())
      *word += line[++i];
    else
      *word += c;
  }
  if (quote != 0) throw std::runtime_error("unbalanced quote in: " + line);
  if (word) words.push_back(*word);
  return words;
}

}  // namespace sitrep::test
