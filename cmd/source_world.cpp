#include "source_world.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sources/sync.hpp"

#include <algorithm>

namespace sitrep::cmd {

sources::SecretContext secret_context(cli::Context& ctx) {
  // Asked for in the threads of the sources, so what it touches is taken now.
  const auto& config = ctx.config();
  const bool needs_trust = std::ranges::any_of(config.sources, [](const config::Source& source) {
    const auto runs = [](const config::Secret& secret) { return secret.from == config::Secret::From::command; };
    return runs(source.auth.token) || runs(source.auth.username) || runs(source.auth.password);
  });
  const bool trusted = needs_trust && ctx.is_trusted(config.file);
  return {ctx.world().environment, [trusted](const config::Secret&) { return trusted; }, config.folder};
}

std::unique_ptr<http::Transport> transport_of(cli::Context& ctx, const config::Source& source) {
  return sources::curl_transport(source, ctx.workspace_folder(), "sitrep/" + ctx.world().version);
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
