#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace bench {

/// Pages of `url`/records?page=1… fetched ahead of their reader by a thread of its own, over one connection.
class Download {
 public:
  explicit Download(std::string url);
  ~Download();
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;

  /// The next page's body with simdjson's padding behind it; nullopt after the last.
  std::optional<std::string> next();

 private:
  void run();
  std::string url_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> ready_;
  bool done_ = false, stop_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

/// Asks for the pages of URL/tagged one after the other with the ETags that they have, until the last; how many of them
/// were answered 304. An error when one was not.
int count_unmodified(const std::string& url);

}  // namespace bench
