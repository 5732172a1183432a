#pragma once

#include <memory>

#include "cli/context.hpp"
#include "config/source.hpp"
#include "http/http.hpp"
#include "sources/secret.hpp"

// What commands that talk to sources share.
namespace sitrep::cmd {

sources::SecretContext secret_context(cli::Context& ctx);
std::unique_ptr<http::Transport> transport_of(cli::Context& ctx, const config::Source& source);

/// A stream named "pager.incidents", or a source's first one for "pager".
struct NamedStream {
  const config::Source* source = nullptr;
  const config::Stream* stream = nullptr;
};
/// Error{usage} with "did you mean" when there is none of that name.
NamedStream find_stream(cli::Context& ctx, const std::string& name);
const config::Source& find_source(cli::Context& ctx, const std::string& name);

}  // namespace sitrep::cmd
