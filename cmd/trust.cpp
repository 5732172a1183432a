#include "cli/trust.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "source_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <ostream>

namespace sitrep::cmd {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;
  std::optional<std::string> hash;
};

/// The programs that sitrep.toml names, for the person who decides.
std::vector<std::string> programs_of(const config::Config& config) {
  std::vector<std::string> found;
  for (const auto& source : config.sources) {
    for (const auto* secret : {&source.auth.token, &source.auth.username, &source.auth.password}) {
      if (secret->from == config::Secret::From::command) {
        found.push_back(
            fmt::format("{}: [source.{}] runs: {}", secret->where.text(), source.name, join(secret->command, " ")));
      }
    }
    if (source.command) {
      found.push_back(fmt::format("{}: [source.{}] runs: {}", source.command->where.text(), source.name,
                                  join(source.command->argv, " ")));
    }
  }
  return found;
}

/// The files of the workspace that those programs are made of, each once.
std::vector<fs::path> files_of(const config::Config& config) {
  std::vector<fs::path> files;
  const auto add = [&](const std::vector<std::string>& argv) {
    for (const auto& file : program_files(argv, config.folder)) {
      if (std::ranges::find(files, file) == files.end()) files.push_back(file);
    }
  };
  for (const auto& source : config.sources) {
    for (const auto* secret : {&source.auth.token, &source.auth.username, &source.auth.password}) add(secret->command);
    if (source.command) add(source.command->argv);
  }
  return files;
}

bool confirmed(cli::Context& ctx) {
  auto& world = ctx.world();
  ctx.err() << "Trust it as it is now? [y/N] ";
  ctx.err().flush();
  std::string answer;
  std::getline(*world.in, answer);
  return equal_ignoring_case(trim_view(answer), "y") || equal_ignoring_case(trim_view(answer), "yes");
}

/// True when the file is trusted in the end.
bool decide(const fs::path& file, const Options& options, cli::TrustRecord& record, cli::Context& ctx) {
  if (record.trusts(file)) {
    ctx.note(fmt::format("{} is trusted already", display(file)));
    return true;
  }
  const auto hash = cli::file_hash(file);
  if (options.hash) {
    if (!equal_ignoring_case(*options.hash, hash)) {
      fail(ErrorKind::config, "{} has the hash {}, not the one of --accept: it changed; read it again", display(file),
           hash);
    }
  } else {
    ctx.note(fmt::format("{}  {}", hash, display(file)));
    if (!ctx.world().in_is_terminal || !ctx.world().err_is_terminal) {
      fail(ErrorKind::usage, "there is no terminal to ask on; read {}, then run: sitrep trust --accept {}",
           display(file), hash);
    }
    if (!confirmed(ctx)) return false;
  }
  record.accept(file);
  ctx.note(fmt::format("{} is trusted until it changes", display(file)));
  return true;
}

int run(const Options& options, cli::Context& ctx) {
  const auto record_file = cli::trust_file(ctx.world().environment);
  if (!record_file) fail(ErrorKind::config, "neither XDG_STATE_HOME nor HOME is set: there is no place for the record");
  std::vector<fs::path> files(options.files.begin(), options.files.end());
  if (files.empty()) {
    const auto& config = ctx.config();
    files.push_back(config.file);
    const auto programs = programs_of(config);
    for (const auto& program : programs) ctx.note(program);
    if (programs.empty()) ctx.note("sitrep.toml names no program: it works without trust");
    if (!options.hash) {
      for (auto& file : files_of(config)) files.push_back(std::move(file));
    }
  }
  if (options.hash && files.size() > 1) fail(ErrorKind::usage, "--accept goes with one file");
  cli::TrustRecord record(*record_file);
  bool all = true;
  for (const auto& file : files) all = decide(file, options, record, ctx) && all;
  return all ? 0 : 1;
}

}  // namespace

void add_trust(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("trust", "Allow the programs that a workspace names to run");
  command
      .positional("FILE", options->files, "The files to trust; sitrep.toml and the files of its programs when omitted")
      .completes("file");
  command.option("--accept", options->hash, "HASH", "Trust the file if its SHA-256 is HASH, without asking (for CI)");
  command.description(
      "Commands that deliver secrets, sources that are programs, and plug-ins inside the workspace run only while the\n"
      "file that names them is recorded here, and with it each file of the workspace that their command names. Any\n"
      "change of a file ends its trust. Templates and SQL are boxed and need none. The record is yours, not the "
      "workspace's: $XDG_STATE_HOME/sitrep/trusted.");
  command.exits(1, "you said no");
  command.example("sitrep trust --accept \"$(sha256sum < sitrep.toml | cut -d ' ' -f 1)\"",
                  "Trust sitrep.toml as it stands, after reading it");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
