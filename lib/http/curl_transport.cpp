#include "http/curl_transport.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <new>
#include <vector>

#include "base/file.hpp"
#include "http/curl_library.hpp"
#include "http/exchange.hpp"
#include "http/redirect.hpp"
#include "http/url.hpp"

namespace sitrep::http {
namespace {

constexpr long k_buffer_bytes = 128L << 10;
constexpr std::chrono::milliseconds k_longest_poll{1000};

struct CloseEasy {
  void operator()(CURL* easy) const noexcept { curl().easy_cleanup(easy); }
};
struct CloseMulti {
  void operator()(CURLM* multi) const noexcept { curl().multi_cleanup(multi); }
};

void check_scheme(const Request& request, const Url& url, bool allow_http) {
  if (url.scheme == "https" || allow_http || url.is_loopback()) return;
  fail(ErrorKind::config,
       "{}: http:// would show data and secrets to the network; use https://, or set allow_http = true",
       describe(request));
}

}  // namespace

struct CurlTransport::State {
  using Easy = std::unique_ptr<CURL, CloseEasy>;

  /// An exchange that a thread waits for.
  struct Waiting {
    Exchange& exchange;
    bool done = false;
    CURLcode code = CURLE_OK;
    std::exception_ptr late;  // a limit passed
  };

  CurlOptions options;
  std::unique_ptr<CURLM, CloseMulti> multi;  // owns the connections; closed after the easy handles
  std::mutex mutex;                          // of what follows; the multi handle belongs to the thread that drives
  std::condition_variable changed;
  std::vector<Easy> idle;
  std::vector<Waiting*> arriving;
  bool driven = false;
  std::vector<Waiting*> active;  // of the driver

  Easy borrow() {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        Easy easy = std::move(idle.back());
        idle.pop_back();
        return easy;
      }
    }
    Easy easy(curl().easy_init());
    if (!easy) throw std::bad_alloc();
    set_fixed_options(easy.get());
    return easy;
  }

  void give_back(Easy easy) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(easy));
  }

  void set_fixed_options(CURL* handle) const {
    const auto set_path = [handle](CURLoption option, const std::filesystem::path& path) {
      if (!path.empty()) curl().easy_setopt(handle, option, path.c_str());
    };
    curl().easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl().easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);  // a deadline does not wait for the resolver's thread
    curl().easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl().easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl().easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl().easy_setopt(handle, CURLOPT_HTTP09_ALLOWED, 0L);
    curl().easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    // Requests that start together wait for the first one's connection: where it turns out to be HTTP/2 it serves all.
    curl().easy_setopt(handle, CURLOPT_PIPEWAIT, 1L);
    curl().easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl().easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl().easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl().easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl().easy_setopt(handle, CURLOPT_BUFFERSIZE, k_buffer_bytes);
    curl().easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    // Exchange measures every phase; libcurl's own 300 s for connecting must not end one with its words.
    curl().easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, 24L * 3600 * 1000);
    curl().easy_setopt(handle, CURLOPT_USERAGENT, options.user_agent.c_str());
    set_path(CURLOPT_CAINFO, options.ca_file);
    set_path(CURLOPT_SSLCERT, options.client_cert);
    set_path(CURLOPT_SSLKEY, options.client_key);
    set_path(CURLOPT_UNIX_SOCKET_PATH, options.unix_socket);
  }

  void set_proxy(CURL* easy, const Url& url) const {
    // Exchange names the proxy in its messages.
    curl().easy_setopt(easy, CURLOPT_PRIVATE, options.proxy.empty() ? nullptr : options.proxy.c_str());
    if (!options.proxy.empty()) {
      curl().easy_setopt(easy, CURLOPT_PROXY, options.proxy.c_str());
    } else {
      curl().easy_setopt(easy, CURLOPT_PROXY, url.is_loopback() ? "" : nullptr);  // "": not even the environment's
    }
  }

  /// Until this exchange is over: as the driver of all, or while another thread drives.
  Response perform(Exchange& exchange) {
    Waiting mine{exchange, false, CURLE_OK, {}};
    std::unique_lock lock(mutex);
    arriving.push_back(&mine);
    if (driven) curl().multi_wakeup(multi.get());
    while (!mine.done) {
      if (driven) {
        changed.wait(lock);
        continue;
      }
      driven = true;
      drive(mine, lock);
      driven = false;
      changed.notify_all();  // somebody else drives on
    }
    lock.unlock();
    if (mine.late) std::rethrow_exception(mine.late);
    return exchange.finish(mine.code);
  }

 private:
  void drive(const Waiting& mine, std::unique_lock<std::mutex>& lock) {
    while (!mine.done) {
      for (Waiting* waiting : arriving) {
        if (curl().multi_add_handle(multi.get(), waiting->exchange.handle()) != CURLM_OK)
          waiting->done = true, waiting->code = CURLE_OUT_OF_MEMORY;
        else
          active.push_back(waiting);
      }
      arriving.clear();
      lock.unlock();
      int running = 0;
      const auto code = curl().multi_perform(multi.get(), &running);
      lock.lock();
      collect(code);
      if (mine.done) break;
      const auto span = patience();
      lock.unlock();
      curl().multi_poll(multi.get(), nullptr, 0, static_cast<int>(span.count()), nullptr);
      lock.lock();
    }
  }

  /// Takes what is over, and what is too late, off the multi handle.
  void collect(CURLMcode code) {
    const auto end = [&](Waiting& waiting) {
      curl().multi_remove_handle(multi.get(), waiting.exchange.handle());
      waiting.done = true;
    };
    int left = 0;
    while (const auto* message = curl().multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      for (Waiting* waiting : active) {
        if (waiting->exchange.handle() != message->easy_handle || waiting->done) continue;
        waiting->code = message->data.result;
        end(*waiting);
        break;
      }
    }
    const auto now = std::chrono::steady_clock::now();
    for (Waiting* waiting : active) {
      if (waiting->done) continue;
      try {
        if (code != CURLM_OK) {
          waiting->code = CURLE_RECV_ERROR;
          end(*waiting);
        } else {
          waiting->exchange.check_time(now);
        }
      } catch (...) {
        waiting->late = std::current_exception();
        end(*waiting);
      }
    }
    if (std::erase_if(active, [](const Waiting* waiting) { return waiting->done; }) > 0) changed.notify_all();
  }

  std::chrono::milliseconds patience() const {
    auto span = k_longest_poll;
    const auto now = std::chrono::steady_clock::now();
    for (const Waiting* waiting : active) span = std::min(span, waiting->exchange.until_next_check(now));
    return std::max(span, std::chrono::milliseconds{1});
  }
};

CurlTransport::CurlTransport(CurlOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
  state_->multi.reset(curl().multi_init());
  if (!state_->multi) throw std::bad_alloc();
}

CurlTransport::~CurlTransport() = default;

Response CurlTransport::send(const Request& request, const Limits& limits) {
  auto url = parse_url(request.url, ErrorKind::config);
  check_scheme(request, url, state_->options.allow_http);
  const auto give_back = [this](CURL* easy) { state_->give_back(State::Easy(easy)); };
  const std::unique_ptr<CURL, decltype(give_back)> easy(state_->borrow().release(), give_back);
  state_->set_proxy(easy.get(), url);  // redirects stay within the origin, so it holds for all hops
  const auto deadline = std::chrono::steady_clock::now() + limits.total;
  Redirects redirects(request, url, limits.redirects);
  std::uint64_t wire_bytes = 0;
  while (true) {
    Exchange exchange(easy.get(), request, url, limits, deadline);
    auto response = state_->perform(exchange);
    wire_bytes += response.wire_bytes;
    const auto next = redirects.next(url, response);
    if (!next) {
      response.wire_bytes = wire_bytes;
      return response;
    }
    url = *next;
  }
}

}  // namespace sitrep::http
