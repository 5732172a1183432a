#pragma once

#include <curl/curl.h>

namespace sitrep::http {

/// The functions of libcurl that CurlTransport calls. The library is loaded when the first of them is: it brings some
/// thirty others, and most commands never speak to anybody.
struct CurlLibrary {
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_global_init) global_init;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_perform) multi_perform;
  decltype(&curl_multi_poll) multi_poll;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_wakeup) multi_wakeup;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
};

/// Loads a library of that interface, for good. Error{network} when it is not there or lacks a function.
CurlLibrary load_curl(const char* file);

/// libcurl, loaded and started by the first call. Error{network} as load_curl.
const CurlLibrary& curl();

}  // namespace sitrep::http
