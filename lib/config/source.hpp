#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "config/location.hpp"
#include "config/stream.hpp"

// The connector's knobs as plain values: [source.NAME] and [[source.NAME.stream]] of sitrep.toml, presets merged in.
// Names and meaning: sitrep.toml(5).
namespace sitrep::config {

/// Where a secret comes from; read only when a request needs it.
struct Secret {
  enum class From { none, env, file, command, keyring, literal };
  From from = From::none;
  std::string text;                  ///< variable, path, keyring name
  std::vector<std::string> command;  ///< argv, From::command
  Location where;
};

struct Auth {
  enum class Type { none, bearer, api_key, http_basic, oauth2_client_credentials, aws_sigv4 };
  Type type = Type::none;
  std::string name = "Authorization";  ///< header or query parameter of api_key
  enum class In { header, query } in = In::header;
  std::string prefix;         ///< in front of the token, its blank included: "Bearer ", "Token token="
  Secret token;               ///< bearer, api_key
  Secret username, password;  ///< of http_basic; client_id and client_secret, access_key and secret_key of the others
  std::string token_url, scope;  ///< oauth2_client_credentials
  std::string region, service;   ///< aws_sigv4
};

/// poll of an action: a 202 whose outcome is asked for until it is there.
struct Poll {
  std::string path;       ///< template with {{ id }}, the id of the request; empty: where location_header leads
  std::string id_path;    ///< where the 202 holds that id
  std::string done_path;  ///< where the answer says that it is over …
  std::optional<std::string> done_when;  ///< … by this text; absent: by anything but null, false and ""
  std::optional<std::pair<std::string, std::string>> success;  ///< path, text it must equal then
  std::string result_id_path, result_url_path;                 ///< where it holds the object's
  std::chrono::milliseconds interval{1'000};
  std::chrono::milliseconds timeout{60'000};
};

/// [source.NAME.action.VERB]: a declarative write.
struct Action {
  std::string verb;  ///< "file", "update"
  std::string method = "POST";
  std::string path;
  std::vector<std::pair<std::string, std::string>> json;  ///< key → JSON of its value; texts in it are templates
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<int> success_statuses = {200, 201, 202, 204};
  std::string id_path, url_path;
  std::string location_header = "Location";  ///< of the answer: leads to the object
  enum class Idempotency { none, header, body, lookup } idempotency = Idempotency::none;
  std::string idempotency_name;
  std::string idempotency_key;                ///< template of the key; empty: sitrep's own
  bool if_match = false;                      ///< only while the object is as it was when it was written last
  std::chrono::milliseconds min_interval{0};  ///< between two writes to the source
  std::string dry_run_param;                  ///< "dryRun=All"; empty: the API has none
  std::optional<Poll> poll;
  Location where;
};

struct RateLimit {
  std::optional<std::int64_t> requests;
  Seconds per{1};
  std::size_t max_in_flight = 4;  ///< requests at once, all streams together
  Seconds max_wait = std::chrono::minutes{15};
  std::string remaining_header, reset_header;
  enum class Reset { seconds, epoch, epoch_ms, http_date, iso8601 } reset_format = Reset::seconds;
  std::string retry_after_path;  ///< where a body says how long to wait
  std::vector<int> statuses = {429};
};

/// Time limits of one exchange.
struct Timeouts {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds first_byte{60'000};
  std::chrono::milliseconds idle{30'000};
  std::chrono::milliseconds total{300'000};
};

/// The base_url of a source that is a program: nothing is ever asked there.
inline constexpr auto k_program_url = "https://program.invalid";

/// A program in place of an API: [source.NAME] command.
struct Program {
  std::vector<std::string> argv;
  enum class Messages { ndjson, singer } messages = Messages::ndjson;
  std::vector<std::string> environment;  ///< names of further variables that it may see
  std::chrono::milliseconds timeout = std::chrono::minutes{10};
  std::size_t memory_bytes = std::size_t{2} << 30;
  std::size_t output_bytes = std::size_t{256} << 20;
  Location where;
};

struct Source {
  std::string name;
  std::string preset;
  std::string base_url;
  std::optional<Program> command;  ///< then base_url is k_program_url
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> params;
  Auth auth;
  bool allow_http = false;
  std::string ca_file, client_cert, client_key, proxy, unix_socket;
  RateLimit rate_limit;
  Timeouts timeouts;
  int retries = 5;
  std::chrono::milliseconds backoff{500};
  std::chrono::milliseconds max_backoff{60'000};
  double jitter = 0.5;  ///< part of a wait that is left to chance
  std::vector<int> retry_statuses = {408, 425, 429, 500, 502, 503, 504};
  std::vector<std::string> error_paths;  ///< where an error body keeps its message
  std::string error_code_path;
  std::vector<std::string> encodings = {"gzip", "deflate"};
  std::size_t max_bytes = std::size_t{256} << 20;
  std::vector<Stream> streams;
  std::map<std::string, Action> actions;
  /// ${NAME}s in its values that the environment does not set: refused when the source is used, not when it is read.
  std::vector<std::pair<std::string, Location>> unset_environment;
  Location where;
};

}  // namespace sitrep::config
