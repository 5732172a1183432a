#include "demo/workspace.hpp"

#include <fmt/format.h>

#include <random>
#include <span>

#include "base/embedded_file.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace sitrep::demo {

std::span<const EmbeddedFile> workspace_files();  // files/, embedded by CMake

namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr const char* k_mark = ".sitrep/demo.json";
constexpr const char* k_token = ".sitrep/demo-token";
constexpr const char* k_config = "sitrep.toml";

std::string template_text(std::string_view name) {
  for (const auto& file : workspace_files()) {
    if (file.name == name) return std::string(file.text);
  }
  fail(ErrorKind::bug, "demo: '{}' is not embedded", name);
}

struct Written {
  Mark mark;
  std::string config_hash;  // of sitrep.toml as the demo wrote it: tells whether a person edited it since
};

std::optional<Written> read_written(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_regular_file(folder / k_mark, ignored)) return std::nullopt;
  try {
    json::Document document;
    const auto root = document.parse(read_file(folder / k_mark, std::size_t{1} << 16));
    const auto number = [&](std::string_view key) -> std::int64_t {
      const auto value = root.get(key);
      return value ? value->integer().value_or(0) : 0;
    };
    const auto schema = root.get("schema");
    if (!schema || schema->string() != "sitrep.demo/1") return std::nullopt;
    const auto hash = root.get("config_sha256");
    return Written{
        {static_cast<std::uint64_t>(number("seed")), unix_time(number("now")), static_cast<int>(number("port"))},
        hash ? hash->to_text() : ""};
  } catch (const json::SyntaxError&) {
    return std::nullopt;  // a damaged mark is none
  }
}

void write_mark(const fs::path& folder, const Mark& mark, const std::string& config) {
  json::Writer w(json::Layout::indented);
  w.begin_object().member("schema", "sitrep.demo/1").member("seed", static_cast<std::int64_t>(mark.seed));
  w.member("now", unix_seconds(mark.now))
      .member("port", mark.port)
      .member("config_sha256", sha256_hex(config))
      .end_object();
  write_file(folder / k_mark, w.take() + "\n");
}

/// A sitrep.toml that a person edited is not lost.
void keep_edited(const fs::path& folder, const Written& before) {
  std::error_code ignored;
  if (!fs::exists(folder / k_config, ignored)) return;
  const auto text = read_file(folder / k_config);
  if (sha256_hex(text) != before.config_hash) write_file(folder / "sitrep.toml.old", text);
}

void remove_store(const fs::path& folder) {
  for (const char* name : {"store.db", "store.db-wal", "store.db-shm"}) {
    std::error_code error;
    fs::remove(folder / ".sitrep" / name, error);
    if (error) {
      fail(ErrorKind::store, "{}: cannot remove the store of the last demo: {}; remove it by hand",
           display(folder / ".sitrep" / name), error.message());
    }
  }
}

}  // namespace

std::optional<Mark> read_mark(const fs::path& folder) {
  if (auto written = read_written(folder)) return written->mark;
  return std::nullopt;
}

void check_folder(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return;
  if (!fs::is_directory(folder, error)) {
    fail(ErrorKind::usage, "{} is a file: name a folder that does not exist yet", display(folder));
  }
  if (fs::is_empty(folder, error) || read_mark(folder)) return;
  fail(ErrorKind::usage, "{} is not empty and no demo workspace: name another folder, such as 'sitrep demo /tmp/demo'",
       display(folder));
}

std::string workspace_toml(const Mark& mark) {
  std::string text = template_text("sitrep.toml");
  text = replace_all(text, "@URL@", fmt::format("http://127.0.0.1:{}", mark.port));
  text = replace_all(text, "@HOURLY_SINCE@", format_utc(std::chrono::floor<days>(mark.now) - days{90}));
  text = replace_all(text, "@EXEMPTION_ENDS@", format_date(std::chrono::floor<days>(mark.now) + days{24}));
  return text;
}

void write_workspace(const fs::path& folder, const Mark& mark, const std::string& token) {
  check_folder(folder);
  make_private_folder(folder / ".sitrep");
  for (const char* name : {"templates", "launches", "docs", "reports"}) {
    std::error_code error;
    fs::create_directories(folder / name, error);
    if (error) fail(ErrorKind::store, "{}: cannot create the folder: {}", display(folder / name), error.message());
  }
  if (const auto before = read_written(folder)) keep_edited(folder, *before);
  remove_store(folder);
  const auto config = workspace_toml(mark);
  write_mark(folder, mark, config);  // first: a folder that a kill left half written is known as a demo's
  write_file(folder / k_token, token + "\n", Overwrite::yes, Privacy::owner_only);
  write_file(folder / ".gitignore", ".sitrep/\n");
  write_file(folder / k_config, config);
}

std::string new_token() {
  std::random_device device;
  std::string token;
  for (int i = 0; i < 4; ++i) token += fmt::format("{:08x}", device());
  return token;
}

}  // namespace sitrep::demo
