#include "outbox/request_body.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "http/url.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "templating/environment.hpp"

namespace sitrep::outbox {
namespace {

using templating::Dict;
using templating::Value;

templating::Options path_options() {
  templating::Options options;
  options.autoescape = http::percent_encode;  // an id is one segment, whatever it holds
  return options;
}

/// A name that the file does not have is empty: the server decides what a review must say.
std::string render(const templating::Environment& environment, const std::string& where, const std::string& text,
                   Dict fields) {
  const auto parsed = environment.compile(where, text);
  for (const auto& name : parsed.free_names()) {
    if (fields.find(std::string_view(name.name)) == nullptr) fields.set(name.name, "");
  }
  return parsed.render(Value(std::move(fields)));
}

constexpr std::size_t k_key_bytes = 255;  // what APIs take (Stripe)

std::string place(const config::Source& source, const config::Action& action) {
  return fmt::format("{} [source.{}.action.{}]", action.where.text(), source.name, action.verb);
}

/// A value with each text in it, at any depth, put through `filled`.
template <class Filled>
void write_filled(json::Writer& out, const json::Value& value, const Filled& filled) {
  if (const auto text = value.string()) {
    out.value(filled(*text));
  } else if (value.is_object()) {
    out.begin_object();
    for (const json::Member member : value.members()) write_filled(out.key(member.key), member.value, filled);
    out.end_object();
  } else if (value.is_array()) {
    out.begin_array();
    for (const json::Member member : value.members()) write_filled(out, member.value, filled);
    out.end_array();
  } else {
    out.raw(value.to_json());
  }
}

}  // namespace

std::string render_key(const config::Source& source, const config::Action& action, const Subject& subject,
                       const std::string& hash, const std::string& own_key) {
  if (action.idempotency_key.empty()) return own_key;
  const auto where = place(source, action);
  Dict fields;
  for (const auto& [name, value] : subject.fields) fields.set(name, value);
  fields.set("id", subject.remote_id);
  fields.set("file", subject.file);
  fields.set("hash", hash);
  fields.set("key", own_key);
  auto key = render(templating::Environment(), where, action.idempotency_key, std::move(fields));
  const auto fits = [](char c) { return c > 0x20 && c < 0x7f; };
  if (key.empty() || key.size() > k_key_bytes || !std::ranges::all_of(key, fits))
    fail(ErrorKind::config, "{}: idempotency.key makes '{}' for {}; a key is 1 to {} visible ASCII characters", where,
         truncate_display(visible(key), 80), visible(subject.file), k_key_bytes);
  return key;
}

Prepared prepare(const config::Source& source, const config::Action& action, const Subject& subject) {
  const auto where = place(source, action);
  Dict fields;
  for (const auto& [name, value] : subject.fields) fields.set(name, value);
  fields.set("id", subject.remote_id);

  const templating::Environment plain;
  const templating::Environment in_path(path_options());
  Prepared prepared;
  prepared.method = action.method;
  prepared.path = render(in_path, where, action.path, fields);
  const auto filled = [&](std::string_view text) { return render(plain, where, std::string(text), fields); };
  for (const auto& [key, text] : action.json) {
    json::Document document;
    json::Writer value;
    write_filled(value, document.parse(text), filled);
    if (value.text() != "\"\"") prepared.members.emplace_back(key, value.take());
  }
  return prepared;
}

std::string Prepared::body(const config::Action& action, std::string_view idempotency_key) const {
  using Idempotency = config::Action::Idempotency;
  json::Writer writer;
  writer.begin_object();
  for (const auto& [key, value] : members) writer.key(key).raw(value);
  const bool in_body = action.idempotency == Idempotency::body || action.idempotency == Idempotency::lookup;
  if (in_body && !action.idempotency_name.empty()) writer.member(action.idempotency_name, std::string(idempotency_key));
  writer.end_object();
  return writer.take();
}

}  // namespace sitrep::outbox
