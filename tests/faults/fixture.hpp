#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/run_sitrep.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_dir.hpp"

namespace sitrep::test {

/// The secret of every workspace here: it may reach the server and nothing else.
inline const std::string k_canary = "canary-7f3a9c51e2";

struct SyncResult : RunResult {
  std::chrono::milliseconds took{0};
  int requests = 0;  ///< that the server received during this run
  std::string said;  ///< both outputs: a source's failure is a line of the result, the summary an error
};

/// A workspace with one source of one stream of incidents, and the server behind it.
class FaultWorkspace {
 public:
  FaultWorkspace();

  /// What the server does from now on.
  void serve(ScriptedServer::Handler handler);
  void serve(std::vector<Reply> replies);  ///< the last one is repeated
  /// TOML lines of the stream (paginator, columns, …) and of the source, in place of the defaults.
  std::string stream = default_stream();
  std::string source;
  std::string base_url;  ///< default: the server
  std::map<std::string, std::string> environment = {{"API_TOKEN", k_canary}};

  /// Writes sitrep.toml and runs `sitrep sync`. Whatever happens, what is printed has no raw byte and no secret.
  SyncResult sync(const std::vector<std::string>& more = {});
  /// Any other command in the workspace, with the same checks.
  SyncResult run(const std::vector<std::string>& args);
  /// A first sync of three records, so that a fault has something to destroy.
  void fill();

  /// The first column of the first row.
  std::string query(const std::string& sql) const;
  std::int64_t count(const std::string& sql) const { return std::stoll(query(sql)); }
  /// Every version of every incident: what a fault must leave as it was.
  std::string contents() const;

  const TempDir& folder() const { return folder_; }
  std::filesystem::path store() const { return folder_ / ".sitrep/store.db"; }
  const ScriptedServer& server() const { return *server_; }

  static std::string default_stream();

 private:
  void write_config() const;

  TempDir folder_;
  int syncs_ = 0;  // each one a minute later
  ScriptedServer::Handler handler_;
  std::unique_ptr<ScriptedServer> server_;
};

/// {"incidents":[…]} of records with these ids, as fill() serves them.
std::string page(const std::vector<std::string>& ids);
/// An array of records, raw JSON, as a page.
std::string raw_page(std::string_view records);

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// A server that does one thing wrong, and what sync makes of it. Run on a filled workspace.
struct Fault {
  std::string name;  ///< starts with the number of the line in the list of faults
  std::vector<Reply> replies;
  int exit_code = 4;
  std::vector<std::string> says{};  ///< parts of what is printed
  int requests = -1;                ///< exactly so many; -1: any
  std::string source{};             ///< TOML lines of the source in place of the default's
};

/// Runs faults that must fail, one after the other on one workspace: exit code, words, number of requests; the records
/// stay as they were; no long wait.
void check_fails(std::span<const Fault> faults);

}  // namespace sitrep::test
