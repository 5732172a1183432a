#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "cli/context.hpp"
#include "sources/sync.hpp"

// How a sync looks: while it runs on stderr, and its outcome.
namespace sitrep::cmd {

/// Bars on a terminal, a line now and then elsewhere, nothing with -q.
class SyncView final : public sources::SyncProgress {
 public:
  explicit SyncView(cli::Context& ctx);
  ~SyncView() override;

  void started(const sources::StreamResult& result) override;
  void advanced(const sources::StreamResult& result) override;
  void finished(const sources::StreamResult& result) override;
  void detail(std::string_view source, std::string_view text) override;
  /// Takes the bars away.
  void clear();

 private:
  struct Running {
    std::int64_t records = 0, pages = 0;
    std::optional<std::int64_t> expected;
    std::chrono::steady_clock::time_point since, said;
  };
  using Name = std::pair<std::string, std::string>;
  void draw();
  std::string bar(const Name& name, const Running& running) const;

  cli::Context& ctx_;
  const bool bars_;
  std::map<Name, Running> running_;
  std::size_t lines_ = 0;  // on the screen
  std::chrono::steady_clock::time_point drawn_{};
};

/// One row per stream, for every format but text.
cli::Table sync_table(const sources::SyncReport& report);
/// One line per stream, for people. `now`: for the age of the last good data.
std::string sync_text(const sources::SyncReport& report, UnixTime now);

}  // namespace sitrep::cmd
