#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "config/location.hpp"
#include "model/entity.hpp"

// The knobs of [[source.NAME.stream]] as plain values. Names and meaning: sitrep.toml(5).
namespace sitrep::config {

struct Paginator {
  enum class Type { single_page, page_number, offset, cursor, last_record, json_link, header_link, header_cursor };
  Type type = Type::single_page;
  std::string page_param = "page";
  std::int64_t base_page = 1;
  std::string offset_param = "offset";
  std::string limit_param;  ///< empty: no limit is sent
  std::int64_t limit = 0;
  std::optional<std::int64_t> maximum_offset;
  std::string cursor_path;         ///< where the response holds the next cursor
  std::string cursor_param;        ///< the query parameter that carries it
  std::string cursor_body_path;    ///< or the field of the request's JSON body
  std::string cursor_header;       ///< header_cursor: the response's header that holds the next cursor
  std::string cursor_record_path;  ///< last_record: the field of the page's last record
  std::string next_url_path;       ///< json_link
  std::string links_rel = "next";  ///< header_link
  std::string link_param;          ///< json_link, header_link: only this query value is taken out of the link
  bool same_origin = true;         ///< false: links may lead to another origin, which gets no credentials
  std::string has_more_path;
  bool has_more_when = true;
  std::string total_path;
  std::string total_header;
  bool stop_after_empty_page = true;
  bool stop_after_short_page = false;
  enum class Resend { all, first_only } resend_params = Resend::all;
  std::vector<int> end_statuses;
  std::vector<int> expired_statuses = {410};  ///< on_expired.status: the server has forgotten the cursor
  enum class Expired { restart, fail } on_expired = Expired::restart;
  std::int64_t max_pages = 100'000;
  Location where;
};

struct Incremental {
  std::string cursor_path;  ///< the record's time of change
  std::string start_param, end_param;
  std::string start_body_path, end_body_path;  ///< or fields of the request's JSON body
  std::string start_template;                  ///< value of start_param with {start} and {end} in it
  std::string format = "rfc3339";  ///< how the bound is written: rfc3339, epoch, epoch_ms, date or a strftime pattern
  std::string initial_value;       ///< the first sync's start; empty: no bound
  Seconds lag{0};                  ///< look-back below the bookmark
  std::optional<Seconds> window;   ///< width of a slice of [start, end); needs end_param
  std::optional<Seconds> max_window;  ///< the widest span that the API takes
  Seconds granularity{0};             ///< bounds are multiples of it
  enum class Source { record, response, clock } source = Source::record;
  std::string state_path;  ///< source = response: where the last page holds the next sync's start
  enum class Order { none, asc, desc } order = Order::none;
  std::string filter_field;  ///< what start_param compares, when it is not cursor_path
  Location where;
};

struct ColumnMap {
  std::string column;  ///< of the entity; a name it does not have goes into `extra`
  std::string path;
  std::vector<std::string> parts;                        ///< several paths in place of one: the id that they make …
  std::optional<std::string> separator;                  ///< … or their values with this between them
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

/// What to do about an answer, by status, content or both; the first that fits counts.
struct ResponseAction {
  enum class Do { ignore, fail, retry, rate_limited, restart, end } action = Do::fail;
  std::optional<int> status;
  std::string content;  ///< part of the body
};

/// Child requests: one walk for each record of another stream.
struct Parent {
  std::string stream;         ///< empty: none
  std::string field;          ///< path into the parent's record
  std::string param;          ///< {param} in path, params or body; a query parameter when it stands nowhere
  bool only_changed = false;  ///< for parents of an incremental pass only
  bool skip_404 = true;       ///< a parent that is gone has no children; false: an error
  Location where;
};

struct Stream {
  std::string name;
  std::string entity;
  std::string path;
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> params;  ///< lists unfolded as array_params says
  std::string json_body;
  std::vector<std::pair<std::string, std::string>> form;
  std::string data_selector = "$";
  enum class Shape { array, object, map, scalar } record_shape = Shape::array;
  std::string expand;       ///< path inside a record: one row per element
  bool keep_empty = false;  ///< on_empty = keep: a record without elements is a row
  std::vector<std::string> primary_key = {"id"};
  std::vector<ColumnMap> columns;
  Paginator paginator;
  std::optional<Incremental> incremental;
  std::string timezone = "UTC";  ///< of naive times
  enum class Nan { null, text, error } nan = Nan::null, inf = Nan::null;
  std::optional<std::pair<std::string, std::string>> success;  ///< path, text it must equal
  std::optional<std::pair<std::string, std::string>> deleted_when;
  /// Records that are none of this stream's: path and text; no text: anything but null and false.
  std::optional<std::pair<std::string, std::optional<std::string>>> skip_when;
  std::string warnings_path;
  std::string partial_path;  ///< true there: the answer is not complete
  std::vector<ResponseAction> response_actions;
  enum class Conditional { off, etag, last_modified, automatic } conditional = Conditional::automatic;
  enum class Disposition { merge, replace, append } write_disposition = Disposition::merge;
  enum class Contract { evolve, freeze, discard } contract = Contract::evolve;
  Seconds full_every = std::chrono::days{7};
  bool allow_empty = false;
  bool allow_shrink = false;  ///< the list is a present state that may lose many records at once, or all
  Parent parent;
  /// One walk each: JSON objects, {"value": …} for a plain value.
  std::vector<std::string> partitions;
  std::string definition;  ///< the whole table as JSON: another one makes what was remembered of pages worthless
  Location where;
};

}  // namespace sitrep::config
