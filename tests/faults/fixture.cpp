#include "fixture.hpp"

#include <sqlite3.h>

#include <memory>
#include <sstream>
#include <stdexcept>

namespace sitrep::test {
namespace {

using std::chrono::milliseconds;

/// Limits short enough for a test, long enough for a busy machine.
constexpr std::string_view k_source = R"(
timeouts = { connect = "1500ms", first_byte = "700ms", idle = "700ms", total = "3s" }
retry = { max = 2, backoff = "10ms", max_backoff = "50ms" }
rate_limit = { max_wait = "10s" }
decode = { max_bytes = 2000000 }
error = { message_paths = ["error.message", "message"] }
)";

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

/// The moments of the runs, so that a change between two of them makes a version.
std::string moment_of(int syncs) {
  const auto minute = std::to_string(100 + syncs % 60);
  return "2026-11-16T" + std::to_string(10 + syncs / 60) + ":" + minute.substr(1) + ":00Z";
}

/// Rows as lines, columns separated by '|'.
std::string rows_of(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* raw = nullptr;
  const auto opened = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
  const Database database(raw);
  if (opened != SQLITE_OK) throw std::runtime_error("no store at " + file.native());
  sqlite3_busy_timeout(raw, 2000);
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(raw, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(raw));
  }
  std::string out;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      if (column > 0) out += '|';
      if (text != nullptr) out.append(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    out += '\n';
  }
  sqlite3_finalize(statement);
  return out;
}

/// Nothing that a server sent reaches a terminal raw, no secret anywhere, each message on one line.
void check_printed(const RunResult& result) {
  for (const auto* text : {&result.out, &result.err}) {
    CHECK_FALSE(contains(*text, k_canary));
    for (const char c : *text) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte < 0x20 && c != '\n') || byte == 0x7f) {
        FAIL_CHECK("control byte ", static_cast<int>(byte), " in: ", *text);
        break;
      }
    }
  }
  std::istringstream lines(result.err);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() < 1000);
}

}  // namespace

FaultWorkspace::FaultWorkspace() {
  handler_ = [](const Received&) { return Reply::status(500); };
  server_ = std::make_unique<ScriptedServer>([this](const Received& request) { return handler_(request); });
  base_url = server_->url();
}

std::string FaultWorkspace::default_stream() {
  return R"(
paginator = { type = "cursor", cursor_path = "next", cursor_param = "cursor" }
[source.api.stream.columns]
title = "name"
started_at = "started"
status = "state"
)";
}

void FaultWorkspace::serve(ScriptedServer::Handler handler) { handler_ = std::move(handler); }

void FaultWorkspace::serve(std::vector<Reply> replies) {
  handler_ = [replies = std::move(replies), next = std::size_t{0}](const Received&) mutable {
    return replies.at(std::min(next++, replies.size() - 1));
  };
}

void FaultWorkspace::write_config() const {
  folder_.write("sitrep.toml", "[workspace]\nname = \"Faults\"\n\n[source.api]\nbase_url = \"" + base_url +
                                   "\"\nauth = { type = \"bearer\", token = { env = \"API_TOKEN\" } }\n" +
                                   (source.empty() ? std::string(k_source) : source) +
                                   "\n[[source.api.stream]]\nname = \"incidents\"\nentity = \"incident\"\n"
                                   "path = \"incidents\"\ndata_selector = \"incidents\"\n" +
                                   stream);
}

SyncResult FaultWorkspace::sync(const std::vector<std::string>& more) {
  write_config();
  environment["SITREP_NOW"] = moment_of(syncs_++);
  std::vector<std::string> args = {"sync"};
  args.insert(args.end(), more.begin(), more.end());
  return run(args);
}

SyncResult FaultWorkspace::run(const std::vector<std::string>& args) {
  RunOptions options;
  options.folder = folder_.path();
  options.environment = environment;
  options.timeout = std::chrono::seconds{60};
  const auto requests = server_->requests().size();
  const auto start = std::chrono::steady_clock::now();
  SyncResult result;
  static_cast<RunResult&>(result) = run_sitrep(args, options);
  result.took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
  result.requests = static_cast<int>(server_->requests().size() - requests);
  result.said = result.out + result.err;
  check_printed(result);
  return result;
}

void FaultWorkspace::fill() {
  serve({Reply::json(page({"a", "b", "c"}))});
  const auto result = sync();
  INFO(result.said);
  REQUIRE(result.exit_code == 0);
  REQUIRE(count("select count(*) from incident") == 3);
}

std::string FaultWorkspace::query(const std::string& sql) const {
  const auto rows = rows_of(store(), sql);
  return rows.substr(0, rows.find_first_of("|\n"));
}

std::string FaultWorkspace::contents() const {
  return rows_of(store(), "select * from incident_history order by id, observed_at");
}

std::string page(const std::vector<std::string>& ids) {
  std::string records;
  for (const auto& id : ids) {
    if (!records.empty()) records += ',';
    records +=
        R"({"id":")" + id + R"(","name":"incident )" + id + R"(","started":"2026-11-10T08:00:00Z","state":"resolved"})";
  }
  return raw_page(records);
}

std::string raw_page(std::string_view records) { return "{\"incidents\":[" + std::string(records) + "]}"; }

void check_fails(std::span<const Fault> faults) {
  FaultWorkspace workspace;
  workspace.fill();
  const auto before = workspace.contents();
  for (const auto& fault : faults) {
    INFO(fault.name);
    workspace.source = fault.source;
    workspace.serve(fault.replies);
    const auto result = workspace.sync();
    INFO(result.said);
    CHECK(result.exit_code == fault.exit_code);
    for (const auto& part : fault.says) {
      INFO("must say: " << part);
      CHECK(contains(result.said, part));
    }
    if (fault.requests >= 0) CHECK(result.requests == fault.requests);
    CHECK(workspace.contents() == before);
    CHECK(workspace.query("pragma integrity_check") == "ok");
    CHECK(result.took < std::chrono::seconds{20});
  }
}

}  // namespace sitrep::test
