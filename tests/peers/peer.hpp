#pragma once

#include <doctest/doctest.h>

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

namespace sitrep::test {

/// Where a program is installed; nullopt: nowhere in PATH and the system's folders. Says SKIPPED and what to install
/// then; fails when SITREP_REQUIRE_PEERS=1.
std::optional<std::filesystem::path> installed(const std::string& program, const std::string& package);

/// A loopback port that was free a moment ago.
std::uint16_t free_port();

/// A server process of its own group; killed with the object.
class Peer {
 public:
  /// Starts it and waits until the port answers `path` with 200. Throws, with its log, when it does not within 30 s.
  Peer(const std::filesystem::path& program, const std::vector<std::string>& args, std::uint16_t port,
       const std::string& path, const std::filesystem::path& folder);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  pid_t pid_ = -1;
  std::uint16_t port_;
};

/// One exchange over a socket, HTTP/1.0: status and body (0 when nobody answers).
struct Answer {
  int status = 0;
  std::string head, body;
};
Answer ask(std::uint16_t port, const std::string& method, const std::string& path, const std::string& body = {},
           const std::string& headers = {});

/// A workspace beside the server.
class PeerWorkspace {
 public:
  void write(const std::string& toml) { folder_.write("sitrep.toml", toml); }
  RunResult sitrep(const std::vector<std::string>& args);
  /// First column of the first row.
  std::string query(const std::string& sql);
  const TempDir& folder() const { return folder_; }
  std::string now = k_test_now;

 private:
  TempDir folder_;
};

}  // namespace sitrep::test
