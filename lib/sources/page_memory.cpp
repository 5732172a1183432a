#include "sources/page_memory.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"

namespace sitrep::sources {
namespace {

constexpr std::size_t k_most_pages = 20'000;  // about 3 MB; longer lists are better asked for by time

std::string hex(const Hash128& hash) { return fmt::format("{:016x}", hash.low); }

std::string text_of(const json::Value& value, std::string_view name) {
  const auto found = value.get(name);
  return found && found->is_string() ? std::string(*found->string()) : std::string();
}

RememberedPage read_page(const json::Value& value) {
  RememberedPage page;
  page.etag = text_of(value, "etag");
  page.last_modified = text_of(value, "last_modified");
  const auto integer = [&](std::string_view name) {
    const auto found = value.get(name);
    return found ? found->integer() : std::nullopt;
  };
  if (const auto number = integer("number")) page.next = Position{*number, text_of(value, "text")};
  page.records = integer("records").value_or(0);
  page.end = integer("end").has_value();
  if (const auto newest = integer("newest")) page.newest = unix_time(*newest);
  return page;
}

}  // namespace

PageMemory::PageMemory(std::string_view saved, const config::Stream& stream)
    : conditional_(stream.conditional), definition_(hex(hash128(stream.definition))) {
  if (saved.empty()) return;
  try {
    json::Document document;
    const json::Value root = document.parse(saved);
    const auto pages = root.get("pages");
    if (!pages || text_of(root, "of") != definition_) return;
    for (const json::Member member : pages->members()) old_.emplace(std::string(member.key), read_page(member.value));
  } catch (const json::SyntaxError&) {  // of another version: asked for anew
  }
}

std::string PageMemory::key_of(const PageState& state, const Group& group) {
  const auto seconds = [](const std::optional<UnixTime>& t) { return t ? std::to_string(unix_seconds(*t)) : "-"; };
  return hex(
      hash128(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", group.json, seconds(state.slice.from), seconds(state.slice.to),
                          state.slice.state, state.position.number, state.position.text)));
}

const RememberedPage* PageMemory::find(const PageState& state, const Group& group) const {
  if (!asking_ || old_.empty() || conditional_ == config::Stream::Conditional::off) return nullptr;
  const auto found = old_.find(key_of(state, group));
  return found == old_.end() || found->second.end ? nullptr : &found->second;
}

bool PageMemory::was_end(const PageState& state, const Group& group) const {
  if (!asking_) return false;
  const auto found = old_.find(key_of(state, group));
  return found != old_.end() && found->second.end;
}

void PageMemory::remember_end(const PageState& state, const Group& group) {
  if (conditional_ == config::Stream::Conditional::off || now_.empty()) return;
  RememberedPage end;
  end.end = true;
  now_[key_of(state, group)] = std::move(end);
}

void PageMemory::add_conditions(http::Request& request, const RememberedPage& page) const {
  using Conditional = config::Stream::Conditional;
  // RFC 9110, 13.1.3: where both are known the ETag counts, so it goes alone.
  if (!page.etag.empty() && conditional_ != Conditional::last_modified)
    request.headers.emplace_back("If-None-Match", page.etag);
  else if (!page.last_modified.empty() && conditional_ != Conditional::etag)
    request.headers.emplace_back("If-Modified-Since", page.last_modified);
}

void PageMemory::remember(const PageState& state, const Group& group, const http::Response& response,
                          RememberedPage page) {
  if (conditional_ == config::Stream::Conditional::off || now_.size() >= k_most_pages) return;
  // What would not fit a header again is not kept.
  const auto take = [&response](std::string_view name) {
    const auto value = response.header(name);
    const bool fits = value && value->size() <= 256 && visible(*value) == *value;
    return fits ? std::string(*value) : std::string();
  };
  page.etag = take("ETag");
  page.last_modified = take("Last-Modified");
  if (page.etag.empty() && page.last_modified.empty()) return;
  now_[key_of(state, group)] = std::move(page);
}

void PageMemory::keep(const PageState& state, const Group& group) {
  const auto key = key_of(state, group);
  if (const auto found = old_.find(key); found != old_.end()) now_[key] = found->second;
}

std::string PageMemory::to_json() const {
  if (now_.empty()) return {};
  json::Writer writer;
  writer.begin_object().member("of", definition_).key("pages").begin_object();
  for (const auto& [key, page] : now_) {
    writer.key(key).begin_object();
    if (!page.etag.empty()) writer.member("etag", page.etag);
    if (!page.last_modified.empty()) writer.member("last_modified", page.last_modified);
    if (page.next) writer.member("number", page.next->number).member("text", page.next->text);
    if (page.end) writer.member("end", std::int64_t{1});
    writer.member("records", page.records);
    if (page.newest) writer.member("newest", unix_seconds(*page.newest));
    writer.end_object();
  }
  return writer.end_object().end_object().take();
}

}  // namespace sitrep::sources
