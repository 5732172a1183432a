#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/source.hpp"
#include "http/http.hpp"
#include "json/value.hpp"

namespace sitrep::sources {

/// Where in a walk over a stream's pages a page lies. What the fields hold depends on the paginator: a page number or
/// an offset in `number`; a cursor, the last record's id or the page's URL in `text`, "" for the first page.
struct Position {
  std::int64_t number = 0;
  std::string text;
  friend bool operator==(const Position&, const Position&) = default;
};

/// What a page was, as far as paging is concerned. Borrows the response and the parsed body.
struct PageFacts {
  const http::Response* response = nullptr;
  std::string url;                         ///< of the page, for relative links
  std::optional<json::Value> body;         ///< absent: an empty body
  std::optional<json::Value> last_record;  ///< in the order of the page, rejected ones included
  std::int64_t rows = 0;                   ///< records received, rejected ones included
};

/// How the request of a page differs from the stream's first one.
struct PageRequest {
  std::string url;                                          ///< not empty: the whole URL, nothing is added
  std::vector<std::pair<std::string, std::string>> params;  ///< query parameters set over the stream's own
  bool drop_stream_params = false;                          ///< resend_params = "first_only" after the first page
  std::vector<std::pair<std::string, std::string>> body{};  ///< fields of the JSON body: path, text
};

/// Pages are places in a list (page_number, offset): more than the next one can be asked for.
bool is_numbered(const config::Paginator& paginator);

/// The first page.
Position first_position(const config::Paginator& paginator);
PageRequest page_request(const config::Paginator& paginator, const Position& position);

/// The page after one that was received; nullopt: that was the last. Pure.
///
/// Errors  Error{data} when the response contradicts the paginator's knobs (says there is more, but not where; names a
///         URL of another origin); the message names the knob.
std::optional<Position> next_position(const config::Paginator& paginator, const Position& position,
                                      const PageFacts& facts);

// One file per type below paginators/; next_position() adds what is common: end statuses and has_more_path.
std::optional<Position> next_page_number(const config::Paginator&, const Position&, const PageFacts&);
std::optional<Position> next_offset(const config::Paginator&, const Position&, const PageFacts&);
std::optional<Position> next_cursor(const config::Paginator&, const Position&, const PageFacts&);
std::optional<Position> next_last_record(const config::Paginator&, const Position&, const PageFacts&);
std::optional<Position> next_json_link(const config::Paginator&, const Position&, const PageFacts&);
std::optional<Position> next_header_link(const config::Paginator&, const Position&, const PageFacts&);
std::optional<Position> next_header_cursor(const config::Paginator&, const Position&, const PageFacts&);

/// What has_more_path says; nullopt when it is not set, or the response does not carry it.
std::optional<bool> says_more(const config::Paginator& paginator, const PageFacts& facts);
/// Rows of the whole list as total_path or total_header say; nullopt when neither does.
std::optional<std::int64_t> stated_total(const config::Paginator& paginator, const PageFacts& facts);
/// The position that a link of a response leads to: its URL, resolved against the page's by RFC 3986, or the value of
/// link_param in it. Error{data} for another origin (unless same_origin is off), another scheme or what is no URL;
/// `knob` names where it came from.
Position linked_position(const config::Paginator& paginator, const PageFacts& facts, std::string_view reference,
                         std::string_view knob);

}  // namespace sitrep::sources
