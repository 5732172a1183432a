#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/source.hpp"
#include "http/http.hpp"

namespace sitrep::process {
struct Outcome;
}

namespace sitrep::sources {

/// A program in place of an API. A request for BASE/STREAM?NAME=VALUE runs it and is answered with
///
///     {"records": […], "state": "…", "warnings": […]}
///
/// NDJSON: one run for each request; each line is a record, and a line that is no JSON comes as text, so that it is
/// rejected and not lost. The program sees SITREP_STREAM and each parameter as SITREP_NAME.
/// Singer: SCHEMA, RECORD and STATE messages of all streams from one run; the parameter `state` goes to the program as
/// --state FILE, the last STATE comes back (as text) once the program has ended well.
///
/// The program runs in its own process group without a shell, with the limits of the source, in the folder of
/// sitrep.toml, and sees PATH, HOME, LANG, LC_ALL, TZ, TMPDIR and the variables that the source names.
///
/// Errors  Error{network}: it failed, was stopped by a limit, printed nothing but errors, or what is no Singer message;
///         with the end of what it wrote to standard error, escaped. Error{config}: it cannot be started.
class CommandTransport final : public http::Transport {
 public:
  using Environment = std::function<std::optional<std::string>(const std::string& name)>;
  CommandTransport(const config::Source& source, Environment environment, std::filesystem::path folder);
  http::Response send(const http::Request& request, const http::Limits& limits) override;

 private:
  struct Singer;
  std::string run(const std::string& stream, const std::map<std::string, std::string>& parameters,
                  const std::vector<std::string>& more_arguments);
  std::string ndjson(const std::string& stream, const std::map<std::string, std::string>& parameters);
  std::string singer(const std::string& stream, const std::string& state);
  [[noreturn]] void fail_with(const std::string& what, const process::Outcome& outcome) const;

  config::Source source_;
  Environment environment_;
  std::filesystem::path folder_;
  std::map<std::string, std::shared_ptr<Singer>> runs_;  // by the state they started from
};

}  // namespace sitrep::sources
