#include "peers/peer.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace sitrep::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::string file_text(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

std::optional<std::filesystem::path> installed(const std::string& program, const std::string& package) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path != nullptr ? path : "") + ":/usr/bin:/usr/sbin:/usr/local/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const auto file = std::filesystem::path(folder) / program;
    if (!folder.empty() && ::access(file.c_str(), X_OK) == 0) return file;
  }
  const std::string what = program + " is not installed: apt-get install " + package;
  const char* require = std::getenv("SITREP_REQUIRE_PEERS");
  if (require != nullptr && std::string_view(require) == "1") FAIL(what);
  std::cout << "SKIPPED: " << what << std::endl;  // ctest looks for the word
  return std::nullopt;
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

Answer ask(std::uint16_t port, const std::string& method, const std::string& path, const std::string& body,
           const std::string& headers) {
  Answer answer;
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(port);
  std::string received;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const auto request = method + " " + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n" + headers +
                         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    static_cast<void>(::send(fd, request.data(), request.size(), MSG_NOSIGNAL));
    char chunk[65536];
    for (ssize_t count = 0; (count = ::recv(fd, chunk, sizeof chunk, 0)) > 0;) {
      received.append(chunk, static_cast<std::size_t>(count));
    }
  }
  ::close(fd);
  const auto end = received.find("\r\n\r\n");
  if (end == std::string::npos) return answer;
  answer.status = std::atoi(received.c_str() + received.find(' '));
  answer.head = received.substr(0, end);
  answer.body = received.substr(end + 4);
  return answer;
}

Peer::Peer(const std::filesystem::path& program, const std::vector<std::string>& args, std::uint16_t port,
           const std::string& path, const std::filesystem::path& folder)
    : port_(port) {
  const auto log = folder / (program.filename().string() + ".log");
  std::vector<std::string> words = {program.string()};
  words.insert(words.end(), args.begin(), args.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::setpgid(0, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    if (::chdir(folder.c_str()) == 0) ::execv(program.c_str(), argv.data());
    ::_exit(127);
  }
  ::setpgid(pid_, pid_);
  ::close(out);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (ask(port, "GET", path).status != 200) {
    if (std::chrono::steady_clock::now() > give_up || ::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      ::kill(-pid_, SIGKILL);
      throw std::runtime_error(program.string() + " does not answer: " + file_text(log));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

Peer::~Peer() {
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

RunResult PeerWorkspace::sitrep(const std::vector<std::string>& args) {
  RunOptions options;
  options.folder = folder_.path();
  options.environment = {{"SITREP_NOW", now}};
  return run_sitrep(args, options);
}

std::string PeerWorkspace::query(const std::string& sql) {
  const auto out = sitrep({"query", sql, "--format", "csv"}).out;
  std::istringstream lines(out);
  std::string line;
  std::getline(lines, line);  // the column's name
  std::getline(lines, line);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace sitrep::test
