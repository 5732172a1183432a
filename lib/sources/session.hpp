#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "http/client.hpp"
#include "http/waiter.hpp"
#include "sources/request.hpp"

namespace sitrep::sources {

/// The credentials of a source for as long as a run takes. The access token of oauth2_client_credentials is asked for
/// when it is needed first, again shortly before it expires, and once more when the API refuses it before that. Safe to
/// share between threads.
class Session {
 public:
  /// Borrows source, client and waiter. `fixed`: what read_credentials gave.
  Session(const config::Source& source, Credentials fixed, http::Client& client, http::Waiter& waiter);

  using Held = std::shared_ptr<const Credentials>;
  /// What a request is to carry. Errors as authorize().
  Held credentials();
  /// After a 401 for a request with `refused`: whether there is another token to try it with. Errors as authorize().
  bool renew(const Held& refused);

 private:
  void ask();

  const config::Source& source_;
  const Credentials fixed_;
  http::Client& client_;
  http::Waiter& waiter_;
  std::mutex mutex_;
  std::vector<std::string> tokens_;  // all of this run: masked also when they have been replaced
  Held current_;
  http::SteadyTime renew_at_ = http::SteadyTime::max();
};

/// Takes the credentials' secrets out of a body that gives them back, however they are spelled; false: there was none.
/// Secrets shorter than 12 are left alone, since they may well be words.
bool mask_echo(std::string& body, const Credentials& credentials);

}  // namespace sitrep::sources
