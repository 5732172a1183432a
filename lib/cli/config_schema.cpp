#include "cli/config_schema.hpp"

#include <string_view>

#include "base/text.hpp"
#include "config/knobs.hpp"
#include "json/writer.hpp"

namespace sitrep::cli {
namespace {

using config::Knob;
using config::KnobTable;
using config::KnobType;

void words(json::Writer& out, std::string_view list) {
  out.begin_array();
  for (const auto word : split_views(list, ' ')) out.value(word);
  out.end_array();
}

void scalar(json::Writer& out) {
  out.key("type").begin_array().value("string").value("number").value("boolean").end_array();
}

void reference(json::Writer& out, std::string_view name) { out.member("$ref", "#/definitions/" + std::string(name)); }

void list_of(json::Writer& out, std::string_view type) {
  out.begin_object().member("type", "array").key("items").begin_object().member("type", type).end_object().end_object();
}

void pattern(json::Writer& out, std::string_view text) { out.member("type", "string").member("pattern", text); }

/// What may stand behind the key.
void type(json::Writer& out, const Knob& knob) {
  switch (knob.type) {
    case KnobType::text:
      out.member("type", "string");
      break;
    case KnobType::integer:
      out.member("type", "integer");
      break;
    case KnobType::real:
      out.member("type", "number");
      break;
    case KnobType::boolean:
      out.member("type", "boolean");
      break;
    case KnobType::duration:
      pattern(out, "^([0-9]+(ms|s|m|h|d|w))+$");
      break;
    case KnobType::threshold:
      pattern(out, "^ *(<|<=|>|>=|==|!=) *-?[0-9.eE+-]+ *$");
      break;
    case KnobType::date:
      pattern(out, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
      break;
    case KnobType::choice:
      words(out.key("enum"), knob.of);
      break;
    case KnobType::texts:
      out.key("oneOf").begin_array().begin_object().member("type", "string").end_object();
      list_of(out, "string");
      out.end_array();
      break;
    case KnobType::integers:
      out.member("type", "array").key("items").begin_object().member("type", "integer").end_object();
      break;
    case KnobType::scalar:
      scalar(out);
      break;
    case KnobType::pairs:
      out.member("type", "object").key("additionalProperties").begin_object();
      if (knob.of.empty())
        scalar(out);
      else
        words(out.key("enum"), knob.of);
      out.end_object();
      break;
    case KnobType::lists:
      out.member("type", "object").key("additionalProperties").begin_object();
      out.key("type").begin_array().value("string").value("number").value("boolean").value("array").end_array();
      out.end_object();
      break;
    case KnobType::any:
      break;
    case KnobType::table:
      reference(out, knob.of);
      break;
    case KnobType::tables:
      out.member("type", "array").key("items").begin_object();
      reference(out, knob.of);
      out.end_object();
      break;
    case KnobType::named:
      out.member("type", "object").key("additionalProperties").begin_object();
      reference(out, knob.of);
      out.end_object();
      break;
  }
}

void members(json::Writer& out, const KnobTable& table) {
  out.member("type", "object").key("properties").begin_object();
  for (const Knob& knob : table.knobs) {
    out.key(knob.key).begin_object();
    type(out, knob);
    std::string meaning(knob.meaning);
    if (!knob.fallback.empty()) meaning += (meaning.empty() ? "default: " : "; default: ") + std::string(knob.fallback);
    if (!meaning.empty()) out.member("description", meaning);
    out.end_object();
  }
  out.end_object().member("additionalProperties", false);
  if (!table.required.empty()) words(out.key("required"), table.required);
}

void definition(json::Writer& out, const KnobTable& table) {
  out.key(table.name).begin_object();
  if (!table.meaning.empty()) out.member("description", table.meaning);
  if (table.or_text) {
    out.key("oneOf").begin_array().begin_object().member("type", "string").end_object().begin_object();
    members(out, table);
    out.end_object().end_array();
  } else {
    members(out, table);
  }
  out.end_object();
}

}  // namespace

std::string config_schema() {
  const auto tables = config::knob_tables();
  json::Writer out(json::Layout::indented);
  out.begin_object().member("$schema", "http://json-schema.org/draft-07/schema#").member("title", "sitrep.toml");
  out.member("description", "A sitrep workspace");
  members(out, tables.front());
  out.key("definitions").begin_object();
  for (const KnobTable& table : tables.subspan(1)) definition(out, table);
  return out.end_object().end_object().take() + "\n";
}

}  // namespace sitrep::cli
