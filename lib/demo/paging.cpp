#include "demo/paging.hpp"

#include <algorithm>

#include "base/numbers.hpp"
#include "json/writer.hpp"

namespace sitrep::demo {
namespace {

struct Slice {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A count in a parameter; `fallback` when it is absent; nullopt when it is no number or below `least`.
std::optional<std::int64_t> count_param(const Query& query, const std::string& name, std::int64_t fallback,
                                        std::int64_t least) {
  const auto text = query(name);
  if (!text) return fallback;
  const auto value = parse_integer(*text);
  return value && *value >= least ? value : std::nullopt;
}

Slice slice_of(const Selection& selection, std::int64_t first, std::int64_t limit) {
  const auto size = static_cast<std::int64_t>(selection.items.size());
  const auto begin = std::min(first, size);
  return {static_cast<std::size_t>(begin), static_cast<std::size_t>(begin + std::min(limit, size - begin))};
}

void add_records(json::Writer& w, const Selection& selection, Slice slice) {
  w.begin_array();
  for (std::size_t i = slice.begin; i < slice.end; ++i) w.raw(selection.items[i]->json);
  w.end_array();
}

Answer bad_parameter(std::string_view name) {
  return refuse(400, "bad_parameter", "cannot read '" + std::string(name) + "'");
}

std::int64_t pages_of(const Selection& selection, std::int64_t per_page) {
  return (static_cast<std::int64_t>(selection.items.size()) + per_page - 1) / per_page;
}

constexpr std::string_view k_cursor_prefix = "pos_";

}  // namespace

Answer refuse(int status, std::string_view code, std::string_view message) {
  json::Writer w;
  w.begin_object()
      .key("error")
      .begin_object()
      .member("message", message)
      .member("code", code)
      .end_object()
      .end_object();
  return {status, {}, w.take()};
}

Selection select(const Items& items, UnixTime moment, std::optional<UnixTime> since) {
  Selection selection;
  selection.items.reserve(items.size());
  for (const auto& item : items) {
    if (item.updated <= moment && (!since || item.updated >= *since)) selection.items.push_back(&item);
  }
  return selection;
}

Answer cursor_page(const Selection& selection, const Query& query, std::string_view key, std::int64_t max_limit) {
  const auto limit = count_param(query, "limit", 25, 1);
  if (!limit) return bad_parameter("limit");
  std::int64_t first = 0;
  if (const auto cursor = query("cursor")) {
    const auto position = cursor->starts_with(k_cursor_prefix)
                              ? parse_integer(std::string_view(*cursor).substr(k_cursor_prefix.size()))
                              : std::nullopt;
    if (!position || *position < 0) return bad_parameter("cursor");
    first = *position;
  }
  const Slice slice = slice_of(selection, first, std::min(*limit, max_limit));
  const bool more = slice.end < selection.items.size();
  json::Writer w;
  add_records(w.begin_object().key(key), selection, slice);
  w.key("meta").begin_object().key("next_cursor");
  if (more)
    w.value(std::string(k_cursor_prefix) + std::to_string(slice.end));
  else
    w.null();
  w.member("has_more", more).end_object().end_object();
  return {200, {}, w.take()};
}

Answer offset_page(const Selection& selection, const Query& query, std::string_view key, std::int64_t max_limit) {
  const auto limit = count_param(query, "limit", 25, 1);
  const auto offset = count_param(query, "offset", 0, 0);
  if (!limit || !offset) return bad_parameter(limit ? "offset" : "limit");
  const auto used = std::min(*limit, max_limit);
  const Slice slice = slice_of(selection, *offset, used);
  json::Writer w;
  add_records(w.begin_object().key(key), selection, slice);
  w.member("offset", *offset).member("limit", used).key("total");
  if (query("total") == "true")
    w.value(static_cast<std::int64_t>(selection.items.size()));
  else
    w.null();
  w.member("more", slice.end < selection.items.size()).end_object();
  return {200, {}, w.take()};
}

Answer last_record_page(const Selection& selection, const Query& query, std::string_view url) {
  const auto limit = count_param(query, "limit", 10, 1);
  if (!limit) return bad_parameter("limit");
  std::int64_t first = 0;
  if (const auto after = query("starting_after")) {
    const auto found = std::ranges::find(selection.items, *after, [](const Item* item) { return item->id; });
    if (found == selection.items.end()) return refuse(400, "resource_missing", "no such record: '" + *after + "'");
    first = found - selection.items.begin() + 1;
  }
  const Slice slice = slice_of(selection, first, std::min<std::int64_t>(*limit, 100));
  json::Writer w;
  add_records(w.begin_object().member("object", "list").key("data"), selection, slice);
  w.member("has_more", slice.end < selection.items.size()).member("url", url).end_object();
  return {200, {}, w.take()};
}

Answer json_link_page(const Selection& selection, const Query& query, const std::string& url, std::int64_t max_limit) {
  const auto size = count_param(query, "size", max_limit, 1);
  const auto from = count_param(query, "from", 0, 0);
  if (!size || !from) return bad_parameter(size ? "from" : "size");
  const auto used = std::min(*size, max_limit);
  const Slice slice = slice_of(selection, *from, used);
  json::Writer w;
  add_records(w.begin_object().key("items"), selection, slice);
  w.key("links").begin_object().key("next");
  if (slice.end < selection.items.size()) {
    const char* joint = url.find('?') == std::string::npos ? "?" : "&";
    w.value(url + joint + "from=" + std::to_string(slice.end) + "&size=" + std::to_string(used));
  } else {
    w.null();
  }
  w.end_object().end_object();
  return {200, {}, w.take()};
}

Answer numbered_page(const Selection& selection, const Query& query, std::int64_t max_limit) {
  const auto per_page = count_param(query, "per_page", 20, 1);
  const auto page = count_param(query, "page", 1, 1);
  if (!per_page || !page) return bad_parameter(per_page ? "page" : "per_page");
  const auto used = std::min(*per_page, max_limit);
  json::Writer w;
  add_records(w.begin_object().key("data"), selection, slice_of(selection, (*page - 1) * used, used));
  const auto pages = pages_of(selection, used);
  w.key("pagination").begin_object().member("page", *page).member("pages", pages);
  w.member("items", static_cast<std::int64_t>(selection.items.size())).key("next");
  if (*page < pages)
    w.value(*page + 1);
  else
    w.null();
  w.end_object().end_object();
  return {200, {}, w.take()};
}

Answer header_link_page(const Selection& selection, const Query& query, const std::string& url) {
  const auto per_page = count_param(query, "per_page", 30, 1);
  const auto page = count_param(query, "page", 1, 1);
  if (!per_page || !page) return bad_parameter(per_page ? "page" : "per_page");
  const auto used = std::min<std::int64_t>(*per_page, 100);
  json::Writer w;
  add_records(w, selection, slice_of(selection, (*page - 1) * used, used));
  Answer answer{200, {}, w.take()};
  std::string link;
  const auto add = [&](std::int64_t number, const char* rel) {
    if (!link.empty()) link += ", ";
    link +=
        "<" + url + "?page=" + std::to_string(number) + "&per_page=" + std::to_string(used) + ">; rel=\"" + rel + "\"";
  };
  const auto pages = pages_of(selection, used);
  if (*page > 1) add(*page - 1, "prev");
  if (*page < pages) {
    add(*page + 1, "next");
    add(pages, "last");
  }
  if (!link.empty()) answer.headers.emplace_back("Link", link);
  return answer;
}

Answer whole(const Selection& selection, std::string_view key) {
  json::Writer w;
  if (!key.empty()) w.begin_object().key(key);
  add_records(w, selection, {0, selection.items.size()});
  if (!key.empty()) w.end_object();
  return {200, {}, w.take()};
}

}  // namespace sitrep::demo
