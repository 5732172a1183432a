#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "http/http.hpp"
#include "sources/incremental.hpp"

namespace sitrep::sources {

struct Fetched {
  http::Request request;
  http::Response response;
  bool conditional = false;    ///< a 304 was asked for
  bool echoes_secret = false;  ///< the body gave a secret of ours back; it is masked
};

/// Requests of a walk that are sent before their turn, several at once. Answers are taken by what was asked for, so the
/// order in which they arrive changes nothing; a failure shows when its page is taken.
class Prefetch {
 public:
  using Fetch = std::function<Fetched(const PageState&)>;
  /// `fetch` is called from up to `most` threads.
  Prefetch(Fetch fetch, std::size_t most);
  ~Prefetch();  ///< waits for what is on its way

  /// Asks unless that page was asked for already.
  void ask(const PageState& state);
  /// The answer, when the page was asked for: waits for it. Throws what fetch threw.
  std::optional<Fetched> take(const PageState& state);
  /// Pages asked for and not taken.
  std::size_t waiting() const { return flights_.size(); }
  bool has_room() const { return flights_.size() < most_; }
  void forget();
  /// What was asked for of the list that this page is of; first pages of other lists stay.
  void forget_list(const PageState& page);

 private:
  using Key = std::tuple<std::size_t, std::int64_t, std::int64_t, std::string>;
  struct Flight {
    PageState state;
    bool done = false;
    std::optional<Fetched> fetched;
    std::exception_ptr failure;
  };
  static Key key_of(const PageState& state);
  void work(const std::stop_token& stop);

  Fetch fetch_;
  std::size_t most_;
  std::map<Key, std::shared_ptr<Flight>> flights_;  // of the walking thread
  std::mutex mutex_;
  std::condition_variable_any asked_, landed_;
  std::deque<std::shared_ptr<Flight>> queue_;
  std::vector<std::jthread> threads_;  // last: they end before what they use
};

}  // namespace sitrep::sources
