#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "config/source.hpp"
#include "http/http.hpp"
#include "sources/secret.hpp"

// What commands that talk to sources share.
namespace sitrep::cmd {

sources::SecretContext secret_context(cli::Context& ctx);
/// Makes the transport of a source: libcurl's, or the source's program, which must be trusted (Error{config}). May be
/// called in other threads.
using TransportFactory = std::function<std::unique_ptr<http::Transport>(const config::Source&)>;
/// The variable that names the file of authorities of all sources without a tls.ca_file, as curl and OpenSSL have it;
/// "" when none is set.
std::string authorities_variable(const config::Environment& environment);

TransportFactory transports(cli::Context& ctx);
std::unique_ptr<http::Transport> transport_of(cli::Context& ctx, const config::Source& source);

/// The files that a command names and that a checkout could have brought along: its program unless it is looked up in
/// PATH, and each argument that is a file inside `folder`.
std::vector<std::filesystem::path> program_files(const std::vector<std::string>& argv,
                                                 const std::filesystem::path& folder);

/// A stream named "pager.incidents", or a source's first one for "pager".
struct NamedStream {
  const config::Source* source = nullptr;
  const config::Stream* stream = nullptr;
};
/// Error{usage} with "did you mean" when there is none of that name.
NamedStream find_stream(cli::Context& ctx, const std::string& name);
const config::Source& find_source(cli::Context& ctx, const std::string& name);

}  // namespace sitrep::cmd
