#include "source_world.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "report_inputs.hpp"
#include "sources/command_transport.hpp"
#include "sources/sync.hpp"

#include <algorithm>
#include <map>

namespace sitrep::cmd {

namespace {

namespace fs = std::filesystem;

bool is_inside(const fs::path& file, const fs::path& folder) {
  std::error_code error;
  const auto whole = fs::canonical(file, error);
  const auto top = fs::canonical(folder, error);
  return !error && std::mismatch(top.begin(), top.end(), whole.begin(), whole.end()).first == top.end();
}

/// What must be trusted before a command of sitrep.toml runs and is not; empty: it may run.
std::string untrusted(cli::Context& ctx, const std::vector<std::string>& argv) {
  auto files = program_files(argv, ctx.config().folder);
  files.insert(files.begin(), ctx.config().file);
  for (const auto& file : files) {
    if (!ctx.is_trusted(file)) return display(file);
  }
  return {};
}

}  // namespace

std::vector<fs::path> program_files(const std::vector<std::string>& argv, const fs::path& folder) {
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < argv.size(); ++i) {
    const bool by_path = argv[i].find('/') != std::string::npos;
    const auto file = folder / argv[i];
    std::error_code error;
    if (i == 0 ? by_path : fs::is_regular_file(file, error) && is_inside(file, folder)) files.push_back(file);
  }
  return files;
}

sources::SecretContext secret_context(cli::Context& ctx) {
  // Asked for in the threads of the sources, so what it touches is taken now.
  const auto& config = ctx.config();
  std::vector<std::vector<std::string>> trusted;
  const auto take = [&](const config::Secret& secret) {
    if (secret.from == config::Secret::From::command && untrusted(ctx, secret.command).empty())
      trusted.push_back(secret.command);
  };
  const auto take_auth = [&](const config::Auth& auth) {
    for (const auto* secret : {&auth.token, &auth.username, &auth.password}) take(*secret);
  };
  for (const auto& source : config.sources) take_auth(source.auth);
  for (const auto& target : document_config(ctx).publish) {
    take_auth(target.connection.auth);
    take(target.url);
  }
  const auto is_trusted = [trusted](const config::Secret& secret) {
    return std::ranges::find(trusted, secret.command) != trusted.end();
  };
  return {ctx.world().environment, is_trusted, config.folder};
}

std::string authorities_variable(const config::Environment& environment) {
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (const auto value = environment(name); value && !value->empty()) return name;
  }
  return {};
}

TransportFactory transports(cli::Context& ctx) {
  const auto& config = ctx.config();
  std::map<std::string, std::string> refused;  // source → what is not trusted
  for (const auto& source : config.sources) {
    if (!source.command) continue;
    if (auto file = untrusted(ctx, source.command->argv); !file.empty()) refused.emplace(source.name, std::move(file));
  }
  const auto variable = authorities_variable(ctx.world().environment);
  const auto authorities = variable.empty() ? fs::path() : fs::absolute(ctx.world().environment(variable).value_or(""));
  return [refused, authorities, environment = ctx.world().environment, folder = config.folder,
          agent = "sitrep/" + ctx.world().version](const config::Source& source) -> std::unique_ptr<http::Transport> {
    if (!source.command) {
      auto with_authorities = source;
      if (source.ca_file.empty()) with_authorities.ca_file = authorities.native();
      return sources::curl_transport(with_authorities, folder, agent);
    }
    if (const auto found = refused.find(source.name); found != refused.end()) {
      fail(ErrorKind::config,
           "{}: source '{}' runs a program, and {} is not trusted yet, or has changed; read it, then run: sitrep trust",
           source.command->where.text(), source.name, found->second);
    }
    return std::make_unique<sources::CommandTransport>(source, environment, folder);
  };
}

std::unique_ptr<http::Transport> transport_of(cli::Context& ctx, const config::Source& source) {
  return transports(ctx)(source);
}

const config::Source& find_source(cli::Context& ctx, const std::string& name) {
  const auto& all = ctx.config().sources;
  const auto found = std::ranges::find(all, name, &config::Source::name);
  if (found != all.end()) return *found;
  std::vector<std::string_view> names;
  for (const auto& source : all) names.push_back(source.name);
  fail(ErrorKind::usage, "no source '{}'{}", visible(name), did_you_mean(name, names));
}

NamedStream find_stream(cli::Context& ctx, const std::string& name) {
  const auto dot = name.find('.');
  const auto& source = find_source(ctx, name.substr(0, dot));
  if (source.streams.empty()) fail(ErrorKind::config, "source '{}' has no stream", visible(source.name));
  if (dot == std::string::npos) return {&source, &source.streams.front()};
  const auto wanted = name.substr(dot + 1);
  const auto found = std::ranges::find(source.streams, wanted, &config::Stream::name);
  if (found != source.streams.end()) return {&source, &*found};
  std::vector<std::string_view> names;
  for (const auto& stream : source.streams) names.push_back(stream.name);
  fail(ErrorKind::usage, "source '{}' has no stream '{}'{}", visible(source.name), visible(wanted),
       did_you_mean(wanted, names));
}

}  // namespace sitrep::cmd
