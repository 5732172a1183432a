#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "demo/views.hpp"

// Page after page in the styles of real APIs: pure functions from a list and a query to an answer.
namespace sitrep::demo {

struct Answer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// A request's query: the value of a parameter, decoded.
using Query = std::function<std::optional<std::string>(const std::string& name)>;

/// The error body of most routes: {"error":{"message":…,"code":…}}.
Answer refuse(int status, std::string_view code, std::string_view message);

/// What part of a list a request may see, in order of the list. `items` outlives the result.
struct Selection {
  std::vector<const Item*> items;
};
/// Records last changed in [since, moment]; `since` absent: from the beginning.
Selection select(const Items& items, UnixTime moment, std::optional<UnixTime> since);

/// {"KEY":[…],"meta":{"next_cursor":"…"|null,"has_more":…}}; parameters `cursor` and `limit` (25, at most 100).
Answer cursor_page(const Selection& selection, const Query& query, std::string_view key, std::int64_t max_limit = 100);
/// {"KEY":[…],"offset":…,"limit":…,"total":…|null,"more":…}; `total` only when asked for by total=true, as PagerDuty.
Answer offset_page(const Selection& selection, const Query& query, std::string_view key, std::int64_t max_limit = 100);
/// {"object":"list","data":[…],"has_more":…,"url":…}; parameters `starting_after` (an id) and `limit` (10, at most
/// 100).
Answer last_record_page(const Selection& selection, const Query& query, std::string_view url);
/// {"items":[…],"links":{"next":absolute URL|null}}; parameters `from` and `size`. `url` holds what else must be
/// repeated.
Answer json_link_page(const Selection& selection, const Query& query, const std::string& url, std::int64_t max_limit);
/// {"data":[…],"pagination":{"page":…,"pages":…,"items":…,"next":…|null}}; parameters `page` (from 1) and `per_page`.
Answer numbered_page(const Selection& selection, const Query& query, std::int64_t max_limit = 100);
/// A bare array; the header Link names prev, next and last. Parameters `page` and `per_page`.
Answer header_link_page(const Selection& selection, const Query& query, const std::string& url);
/// Everything at once: a bare array, or {"KEY":[…]} when key is not empty.
Answer whole(const Selection& selection, std::string_view key);

}  // namespace sitrep::demo
