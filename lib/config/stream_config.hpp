#pragma once

#include "config/reader.hpp"
#include "config/source.hpp"

namespace sitrep::config {

/// One [[source.NAME.stream]]. `own` are the entities of [entity.NAME].
Stream read_stream(Reader& in, const std::vector<model::Entity>& own);

/// One [source.NAME], its preset already merged in.
Source read_source(Reader& in, std::string name, const std::vector<model::Entity>& own);

/// { path, equals }; nullopt without the key.
std::optional<std::pair<std::string, std::string>> read_condition(Reader& in, std::string_view key);

/// What a source and a publish target share: headers, auth, TLS, proxy, timeouts, rate limit, retries, errors.
void read_exchange(Reader& in, Source& source);

/// Where a secret comes from; none when the key is absent. Error{config} for one that stands in the file.
Secret read_secret(Reader& parent, std::string_view key);

/// https, or http to loopback: a token in clear text on a wire is a leak. No user or password, which would end up in
/// logs; a password may hold a '/', so that an '@' behind one is refused too.
void check_url(Reader& in, const Source& source, std::string_view key);

}  // namespace sitrep::config
