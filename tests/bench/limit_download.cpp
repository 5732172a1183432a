#include "limit_download.hpp"

#include <curl/curl.h>
#include <simdjson.h>

#include <memory>
#include <stdexcept>

namespace bench {
namespace {

constexpr std::size_t k_ahead = 16;  // pages

std::size_t append(char* data, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(data, size * count);
  return size * count;
}

}  // namespace

Download::Download(std::string url) : url_(std::move(url)), thread_([this] { run(); }) {}

Download::~Download() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::optional<std::string> Download::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty() || done_; });
  if (ready_.empty()) {
    if (error_) std::rethrow_exception(error_);
    return std::nullopt;
  }
  std::string page = std::move(ready_.front());
  ready_.pop_front();
  changed_.notify_all();
  return page;
}

void Download::run() {
  try {
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    std::size_t last_size = 0;
    for (int page = 1;; ++page) {
      std::string body;
      body.reserve(last_size + simdjson::SIMDJSON_PADDING);
      const std::string url = url_ + "/records?page=" + std::to_string(page);
      curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
      curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
      curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
      curl_easy_setopt(curl.get(), CURLOPT_BUFFERSIZE, 512L * 1024);
      if (const auto code = curl_easy_perform(curl.get()); code != CURLE_OK)
        throw std::runtime_error(curl_easy_strerror(code));
      long status = 0;
      curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
      if (status == 404) break;  // past the last page
      if (status != 200) throw std::runtime_error(url + " answered " + std::to_string(status));
      last_size = body.size();
      body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ready_.size() < k_ahead || stop_; });
      if (stop_) break;
      ready_.push_back(std::move(body));
      changed_.notify_all();
    }
  } catch (...) {
    error_ = std::current_exception();
  }
  const std::scoped_lock lock(mutex_);
  done_ = true;
  changed_.notify_all();
}

int count_unmodified(const std::string& url) {
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  std::string body;
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  for (int page = 1;; ++page) {
    const std::string target = url + "/tagged?page=" + std::to_string(page);
    const std::string condition = "If-None-Match: \"page-" + std::to_string(page) + "\"";
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(curl_slist_append(nullptr, condition.c_str()),
                                                                     curl_slist_free_all);
    curl_easy_setopt(curl.get(), CURLOPT_URL, target.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    if (const auto code = curl_easy_perform(curl.get()); code != CURLE_OK)
      throw std::runtime_error(curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status == 404) return page - 1;
    if (status != 304) throw std::runtime_error(target + " answered " + std::to_string(status));
  }
}

}  // namespace bench
