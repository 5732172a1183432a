#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "config/location.hpp"
#include "model/entity.hpp"

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
  enum class Type { none, bearer, api_key, http_basic };
  Type type = Type::none;
  std::string name = "Authorization";  ///< header or query parameter of api_key
  enum class In { header, query } in = In::header;
  std::string prefix;  ///< in front of the token, its blank included: "Bearer ", "Token token="
  Secret token;        ///< bearer, api_key
  Secret username, password;
};

struct Paginator {
  enum class Type { single_page, page_number, offset, cursor, last_record, json_link, header_link };
  Type type = Type::single_page;
  std::string page_param = "page";
  std::int64_t base_page = 1;
  std::string offset_param = "offset";
  std::string limit_param;  ///< empty: no limit is sent
  std::int64_t limit = 0;
  std::optional<std::int64_t> maximum_offset;
  std::string cursor_path;         ///< where the response holds the next cursor
  std::string cursor_param;        ///< the query parameter that carries it
  std::string cursor_record_path;  ///< last_record: the field of the page's last record
  std::string next_url_path;       ///< json_link
  std::string links_rel = "next";  ///< header_link
  std::string has_more_path;
  bool has_more_when = true;
  std::string total_path;
  std::string total_header;
  bool stop_after_empty_page = true;
  bool stop_after_short_page = false;
  enum class Resend { all, first_only } resend_params = Resend::all;
  std::vector<int> end_statuses;
  std::int64_t max_pages = 100'000;
  Location where;
};

struct Incremental {
  std::string cursor_path;  ///< the record's time of change
  std::string start_param, end_param;
  std::string format = "rfc3339";  ///< how the bound is written: rfc3339, epoch, epoch_ms, date or a strftime pattern
  std::string initial_value;       ///< the first sync's start; empty: no bound
  Seconds lag{0};                  ///< look-back below the bookmark
  std::optional<Seconds> window;   ///< width of a slice of [start, end); needs end_param
  enum class Source { record, clock } source = Source::record;
  Location where;
};

struct ColumnMap {
  std::string column;  ///< of the entity; a name it does not have goes into `extra`
  std::string path;
  std::optional<model::ColumnType> type;                 ///< default: the entity column's
  std::string format;                                    ///< of times: auto, epoch, epoch_ms or a strftime pattern
  std::string timezone;                                  ///< of naive times; default: the stream's
  std::optional<std::string> fallback;                   ///< key `default`
  std::vector<std::pair<std::string, std::string>> map;  ///< value as text → value
  std::vector<std::string> null_values;
  enum class OnError { odd, reject, null } on_error = OnError::odd;  ///< odd: NULL, kept in extra with the reason
  enum class List { none, json, join, first, last, count, rows } list = List::none;
  // list = rows: a child table
  std::string child_entity;
  std::string parent_key;
  std::vector<ColumnMap> columns;
  std::vector<std::string> primary_key;
  Location where;
};

struct Stream {
  std::string name;
  std::string entity;
  std::string path;
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> params;
  std::string json_body;
  std::string data_selector = "$";
  enum class Shape { array, object, map, scalar } record_shape = Shape::array;
  std::string expand;  ///< path inside a record: one row per element
  std::vector<std::string> primary_key = {"id"};
  std::vector<ColumnMap> columns;
  Paginator paginator;
  std::optional<Incremental> incremental;
  std::string timezone = "UTC";  ///< of naive times
  enum class Nan { null, text, error } nan = Nan::null;
  std::optional<std::pair<std::string, std::string>> success;  ///< path, text it must equal
  std::string warnings_path;
  enum class Disposition { merge, replace, append } write_disposition = Disposition::merge;
  Seconds full_every = std::chrono::days{7};
  bool allow_empty = false;
  Location where;
};

/// [source.NAME.action.VERB]: a declarative write.
struct Action {
  std::string verb;  ///< "file", "update"
  std::string method = "POST";
  std::string path;
  std::vector<std::pair<std::string, std::string>> json;  ///< key → template of its value
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<int> success_statuses = {200, 201, 202, 204};
  std::string id_path, url_path;
  enum class Idempotency { none, header, body, lookup } idempotency = Idempotency::none;
  std::string idempotency_name;
  Location where;
};

struct RateLimit {
  std::optional<std::int64_t> requests;
  Seconds per{1};
  Seconds max_wait = std::chrono::minutes{15};
};

/// Time limits of one exchange.
struct Timeouts {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds first_byte{60'000};
  std::chrono::milliseconds idle{30'000};
  std::chrono::milliseconds total{300'000};
};

struct Source {
  std::string name;
  std::string preset;
  std::string base_url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> params;
  Auth auth;
  bool allow_http = false;
  std::string ca_file, client_cert, client_key, proxy;
  RateLimit rate_limit;
  Timeouts timeouts;
  int retries = 5;
  std::chrono::milliseconds backoff{500};
  std::chrono::milliseconds max_backoff{60'000};
  std::vector<int> retry_statuses = {408, 425, 429, 500, 502, 503, 504};
  std::vector<std::string> error_paths;  ///< where an error body keeps its message
  std::size_t max_bytes = std::size_t{256} << 20;
  std::vector<Stream> streams;
  std::map<std::string, Action> actions;
  /// ${NAME}s in its values that the environment does not set: refused when the source is used, not when it is read.
  std::vector<std::pair<std::string, Location>> unset_environment;
  Location where;
};

}  // namespace sitrep::config
