#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "config/source.hpp"
#include "http/client.hpp"
#include "http/http.hpp"
#include "sources/group.hpp"
#include "sources/paginator.hpp"
#include "sources/secret.hpp"

namespace sitrep::sources {

/// What auth adds to each request of a source, secrets in clear.
struct Credentials {
  http::Headers headers;
  std::vector<std::pair<std::string, std::string>> query;
  std::vector<std::string> secrets;    ///< values to mask wherever a request is shown
  std::string aws_sigv4, signing_key;  ///< auth.type = "aws_sigv4": see http::Request
  std::string client;                  ///< oauth2_client_credentials: Basic authorization at token_url
};

/// Reads the source's secrets. Error as read_secret.
Credentials read_credentials(const config::Source& source, const SecretContext& secrets);
/// Asks for the access token of oauth2_client_credentials, adds it (the last one of `secrets`) and says how long it is
/// good for, where the server does; does nothing for other types. Error{credentials} when it is refused.
std::optional<std::chrono::seconds> authorize(const config::Source& source, Credentials& credentials,
                                              http::Client& client);
/// Where the secret that a server refused came from: "the token in $PAGER_TOKEN".
std::string describe_secret(const config::Auth& auth);

/// The span of a walk, for incremental.start_param and end_param.
struct Bounds {
  std::optional<UnixTime> from{}, to{};
  std::string state{};  ///< incremental.source = "response": where to start, a value or a URL; empty: at the beginning
};

/// A bound as incremental.format writes it; patterns on a clock of the stream's zone.
std::string format_bound(UnixTime t, const config::Incremental& incremental, const std::string& timezone);

/// `base_url` and `path` joined: a path is always below the base, whatever it starts with.
std::string join_url(std::string_view base_url, std::string_view path);

/// The request of one page. Credentials go to the origin of base_url only.
http::Request make_request(const config::Source& source, const config::Stream& stream, const Credentials& credentials,
                           const PageRequest& page, const Bounds& bounds, const Group& group = {});

}  // namespace sitrep::sources
