#include "http/curl_library.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace sitrep::http {
namespace {

constexpr const char* k_file = "libcurl.so.4";  // the interface that curl.h declares, whatever the version

[[noreturn]] void fail_to_load(const char* file) {
  const char* reason = ::dlerror();
  fail(ErrorKind::network, "cannot load {}, which speaks HTTP for sitrep: {}; install it (Debian: libcurl4)", file,
       reason == nullptr ? "no reason given" : reason);
}

}  // namespace

CurlLibrary load_curl(const char* file) {
  void* handle = ::dlopen(file, RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) fail_to_load(file);
  const auto find = [&]<class Function>(Function& function, const char* name) {
    void* found = ::dlsym(handle, name);
    if (found == nullptr) fail_to_load(file);
    function = reinterpret_cast<Function>(found);
  };
  CurlLibrary library{};
  find(library.easy_cleanup, "curl_easy_cleanup");
  find(library.easy_getinfo, "curl_easy_getinfo");
  find(library.easy_init, "curl_easy_init");
  find(library.easy_setopt, "curl_easy_setopt");
  find(library.easy_strerror, "curl_easy_strerror");
  find(library.global_init, "curl_global_init");
  find(library.multi_add_handle, "curl_multi_add_handle");
  find(library.multi_cleanup, "curl_multi_cleanup");
  find(library.multi_info_read, "curl_multi_info_read");
  find(library.multi_init, "curl_multi_init");
  find(library.multi_perform, "curl_multi_perform");
  find(library.multi_poll, "curl_multi_poll");
  find(library.multi_remove_handle, "curl_multi_remove_handle");
  find(library.multi_wakeup, "curl_multi_wakeup");
  find(library.slist_append, "curl_slist_append");
  find(library.slist_free_all, "curl_slist_free_all");
  return library;
}

const CurlLibrary& curl() {
  // Thread-safe as a local static; never cleaned up, since other threads may still hold handles at exit.
  static const CurlLibrary library = [] {
    auto loaded = load_curl(k_file);
    if (const auto code = loaded.global_init(CURL_GLOBAL_DEFAULT); code != CURLE_OK)
      fail(ErrorKind::bug, "libcurl does not start: {}", loaded.easy_strerror(code));
    return loaded;
  }();
  return library;
}

}  // namespace sitrep::http
