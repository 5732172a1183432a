#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "config/template_header.hpp"
#include "reach.hpp"
#include "source_world.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace sitrep::cmd {
namespace {

namespace fs = std::filesystem;
using config::Secret;

struct Options {
  bool offline = false;
};

/// One line of the answer. `remedy` says what to type or change; empty when nothing is to be done.
struct Finding {
  enum class State { ok, warning, failed } state = State::ok;
  std::string check, detail, remedy;
};
using State = Finding::State;

std::string_view name(State state) {
  return state == State::ok ? "ok" : state == State::warning ? "warning" : "failed";
}

std::optional<fs::path> find_tool(std::string_view tool, const cli::World& world) {
  const auto path = world.environment("PATH").value_or("");
  for (const auto folder : split_views(path, ':')) {
    const auto file = fs::path(folder) / tool;
    if (!folder.empty() && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return std::nullopt;
}

Finding check_config(cli::Context& ctx) {
  try {
    const auto& config = ctx.config();
    return {State::ok, "config",
            fmt::format("{}: {}", display(config.file),
                        count_of(static_cast<std::int64_t>(config.sources.size()), "source")),
            ""};
  } catch (const Error& e) {
    return {State::failed, "config", e.what(),
            ctx.has_workspace() ? "correct it, then: sitrep config check" : "sitrep init"};
  }
}

/// Presence only: reading a secret is for the request that needs it.
Finding check_secret(const Secret& secret, const std::string& check, cli::Context& ctx) {
  switch (secret.from) {
    case Secret::From::env:
      if (ctx.world().environment(secret.text).value_or("").empty()) {
        return {State::failed, check, fmt::format("${} is not set", secret.text),
                fmt::format("export {}=…", secret.text)};
      }
      return {State::ok, check, fmt::format("${} is set", secret.text), ""};
    case Secret::From::file: {
      const auto file = ctx.workspace_folder() / secret.text;
      struct stat info{};
      if (::stat(file.c_str(), &info) != 0) {
        return {State::failed, check, fmt::format("{} is not there", display(file)),
                "write the token into it, mode 0600"};
      }
      if ((info.st_mode & 0077) != 0) {
        return {State::failed, check, fmt::format("others may read {}", display(file)),
                fmt::format("chmod 600 {}", display(file))};
      }
      return {State::ok, check, display(file), ""};
    }
    case Secret::From::command:
      if (!ctx.is_trusted(ctx.config().file)) {
        return {State::failed, check, fmt::format("'{}' is not trusted", join(secret.command, " ")), "sitrep trust"};
      }
      return {State::ok, check, fmt::format("'{}' is trusted", join(secret.command, " ")), ""};
    case Secret::From::keyring:
      if (!find_tool("secret-tool", ctx.world())) {
        return {State::failed, check, "secret-tool, which reads the keyring, is not installed",
                "apt-get install libsecret-tools"};
      }
      return {State::ok, check, fmt::format("keyring entry {}", secret.text), ""};
    case Secret::From::none:
    case Secret::From::literal:
      break;
  }
  return {State::ok, check, "none needed", ""};
}

void check_secrets(cli::Context& ctx, std::vector<Finding>& findings) {
  for (const auto& source : ctx.config().sources) {
    const auto& auth = source.auth;
    for (const auto& [secret, key] :
         {std::pair{&auth.token, "token"}, {&auth.username, "username"}, {&auth.password, "password"}}) {
      if (secret->from == Secret::From::none) continue;
      findings.push_back(check_secret(*secret, fmt::format("{} {}", source.name, key), ctx));
    }
    for (const auto& [variable, where] : source.unset_environment) {
      findings.push_back({State::failed, source.name, fmt::format("{}: ${{{}}} is not set", where.text(), variable),
                          fmt::format("export {}=…", variable)});
    }
  }
}

Finding check_store(cli::Context& ctx) {
  const auto file = ctx.store_file();
  if (!fs::exists(file))
    return {State::warning, "store", fmt::format("{} is not there yet", display(file)), "sitrep sync"};
  try {
    ctx.store();
  } catch (const Error& e) {
    return {State::failed, "store", e.what(), "sitrep store check"};
  }
  struct stat info{};
  if (::stat(file.c_str(), &info) == 0 && (info.st_mode & 0077) != 0) {
    return {State::warning, "store", fmt::format("others may read {}", display(file)),
            fmt::format("chmod 600 {}", display(file))};
  }
  return {State::ok, "store",
          fmt::format("{}, {} KiB", display(file),
                      group_thousands(static_cast<std::int64_t>((fs::file_size(file) + 1023) / 1024))),
          ""};
}

void check_templates(cli::Context& ctx, std::vector<Finding>& findings) {
  const auto folder = ctx.workspace_folder() / "templates";
  if (!fs::is_directory(folder)) return;
  std::int64_t count = 0;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const auto shown = display(file.lexically_relative(ctx.workspace_folder()));
    try {
      config::parse_template(read_file(file), shown);
      ++count;
    } catch (const Error& e) {
      findings.push_back({State::failed, "templates", e.what(), "correct it, then: sitrep template check"});
    }
  }
  if (count > 0) findings.push_back({State::ok, "templates", count_of(count, "template"), ""});
}

constexpr Seconds k_skew{60};                      // beyond it, spans of time and tokens go wrong
constexpr Seconds k_soon = std::chrono::days{14};  // a token that ends is replaced before

void check_reach(const config::Source& source, cli::Context& ctx, std::vector<Finding>& findings) {
  if (!source.unset_environment.empty()) return;  // has a line of its own
  if (source.command) {
    try {
      transport_of(ctx, source);
      findings.push_back({State::ok, source.name + " program", join(source.command->argv, " ") + " may run", ""});
    } catch (const Error& e) {
      findings.push_back({State::failed, source.name + " program", e.what(), "sitrep trust"});
    }
    return;
  }
  if (const auto way = way_to(source, ctx.world().environment); !way.empty())
    findings.push_back({State::ok, source.name + " network", way, ""});
  const auto check = source.name + " reach";
  const auto url = http::redact(source.base_url, {});
  const auto found = reach(source, ctx);
  if (!found.answers) {
    findings.push_back({State::failed, check, found.error, "check base_url, proxy, tls and network"});
    return;
  }
  const auto tls = url.starts_with("https://") ? ", certificate verified" : "";
  if (found.refused) {
    findings.push_back({State::failed, check, fmt::format("{} refuses the credentials ({})", url, found.status),
                        fmt::format("check the token and its scopes, then: sitrep source test {}", source.name)});
  } else {
    findings.push_back({State::ok, check, fmt::format("{} answers ({}){}", url, found.status, tls), ""});
  }
  if (found.server_ahead && std::chrono::abs(*found.server_ahead) > k_skew) {
    findings.push_back(
        {State::warning, source.name + " clock",
         fmt::format("the server's clock is {} {} ours", format_duration(std::chrono::abs(*found.server_ahead)),
                     *found.server_ahead > Seconds{0} ? "ahead of" : "behind"),
         "set this machine's clock (timedatectl), or tell the owner of the server"});
  }
  if (found.token_until) {
    const auto left = *found.token_until - ctx.world().clock->now();
    const auto state = left <= Seconds{0} ? State::failed : left < k_soon ? State::warning : State::ok;
    findings.push_back({state, source.name + " token end", format_utc(*found.token_until),
                        state == State::ok ? "" : "make a new token"});
  }
}

void check_tools(const cli::World& world, std::vector<Finding>& findings) {
  const std::pair<std::string_view, std::string_view> tools[] = {{"git", "publish to a git folder"},
                                                                 {"chromium", "reports as .pdf"}};
  for (const auto& [tool, use] : tools) {
    if (const auto found = find_tool(tool, world))
      findings.push_back({State::ok, std::string(tool), display(*found), ""});
    else
      findings.push_back({State::warning, std::string(tool), fmt::format("not found: no {}", use),
                          fmt::format("apt-get install {}", tool)});
  }
}

cli::Table to_table(const std::vector<Finding>& findings) {
  cli::Table table;
  for (const auto* column : {"check", "state", "detail", "remedy"}) table.columns.push_back({column});
  for (const auto& finding : findings) {
    cli::Table::Cell remedy;
    if (!finding.remedy.empty()) remedy = finding.remedy;
    table.rows.push_back({finding.check, std::string(name(finding.state)), finding.detail, remedy});
  }
  return table;
}

int run(const Options& options, cli::Context& ctx) {
  std::vector<Finding> findings{check_config(ctx)};
  if (findings.front().state == State::ok) {
    check_secrets(ctx, findings);
    findings.push_back(check_store(ctx));
    check_templates(ctx, findings);
    if (!options.offline) {
      for (const auto& source : ctx.config().sources) check_reach(source, ctx, findings);
    }
  }
  check_tools(ctx.world(), findings);
  ctx.print(to_table(findings), "doctor");
  return std::ranges::any_of(findings, [](const Finding& f) { return f.state == State::failed; }) ? 1 : 0;
}

}  // namespace

void add_doctor(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("doctor", "Check configuration, secrets, reachability, store, templates and tools");
  command.option("--offline", options->offline, "Leave the network alone");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.exits(1, "something failed; its line says what to do");
  command.example("sitrep doctor", "What is wrong, and the remedy");
  command.example("sitrep doctor --offline --json", "The same without network, for a script");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
