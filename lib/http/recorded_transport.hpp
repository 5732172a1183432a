#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "http/http.hpp"

namespace sitrep::http {

/// A recorded exchange and its file format, which people read and edit:
///
///     GET https://api.example/incidents?page=2
///     body-sha256: …                              (only of a request with a body)
///
///     200
///     Content-Type: application/json
///
///     {"incidents":[]}
///
/// The body runs to the end of the file, byte for byte.
struct Recording {
  std::string method;
  std::string url;          ///< redacted: what a credential stood in is ***
  std::string body_sha256;  ///< empty: no request body
  int status = 0;
  Headers headers;
  std::string body;
};

/// Error{data} names the file and what is wrong with it.
Recording parse_recording(std::string_view text, const std::filesystem::path& file);
std::string format_recording(const Recording& recording);

/// Serves the *.http files of a folder in the order of their names; requests that are alike (method, URL, body) get
/// theirs one after the other.
///
/// Errors  Error{network} for a request without a recording left; Error{data} for a bad file, Error{store} for a folder
///         that cannot be read.
class RecordedTransport final : public Transport {
 public:
  explicit RecordedTransport(const std::filesystem::path& folder);
  explicit RecordedTransport(std::vector<Recording> recordings);
  Response send(const Request& request, const Limits& limits) override;

  /// Error{data} that lists recordings nobody asked for: what was recorded was not what is replayed.
  void check_all_used() const;

 private:
  struct Entry {
    Recording recording;
    bool used = false;
  };
  std::vector<Entry> entries_;
  std::string origin_;  // the folder, for messages
};

/// Passes requests on and writes each answer into a folder (0700) as 0001.http, 0002.http, …: secrets masked in URL,
/// headers and body, cookies left out.
class RecordingTransport final : public Transport {
 public:
  /// Borrows inner. Numbers go on after the files that are there.
  RecordingTransport(Transport& inner, std::filesystem::path folder);
  Response send(const Request& request, const Limits& limits) override;

 private:
  Transport& inner_;
  std::filesystem::path folder_;
  std::uint64_t next_ = 1;
};

}  // namespace sitrep::http
