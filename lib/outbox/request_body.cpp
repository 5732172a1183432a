#include "outbox/request_body.hpp"

#include <fmt/format.h>

#include "http/url.hpp"
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

}  // namespace

Prepared prepare(const config::Source& source, const config::Action& action, const Subject& subject) {
  const auto where = fmt::format("{} [source.{}.action.{}]", action.where.text(), source.name, action.verb);
  Dict fields;
  for (const auto& [name, value] : subject.fields) fields.set(name, value);
  fields.set("id", subject.remote_id);

  const templating::Environment plain;
  const templating::Environment in_path(path_options());
  Prepared prepared;
  prepared.method = action.method;
  prepared.path = render(in_path, where, action.path, fields);
  for (const auto& [key, text] : action.json) {
    auto value = render(plain, where, text, fields);
    if (!value.empty()) prepared.members.emplace_back(key, std::move(value));
  }
  return prepared;
}

std::string Prepared::body(const config::Action& action, std::string_view idempotency_key) const {
  using Idempotency = config::Action::Idempotency;
  json::Writer writer;
  writer.begin_object();
  for (const auto& [key, value] : members) writer.member(key, value);
  const bool in_body = action.idempotency == Idempotency::body || action.idempotency == Idempotency::lookup;
  if (in_body && !action.idempotency_name.empty()) writer.member(action.idempotency_name, std::string(idempotency_key));
  writer.end_object();
  return writer.take();
}

}  // namespace sitrep::outbox
