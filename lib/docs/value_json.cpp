#include "docs/value_json.hpp"

namespace sitrep::docs {

using templating::Value;

void write_value(json::Writer& writer, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::boolean:
      writer.value(value.boolean());
      break;
    case Value::Kind::integer:
      writer.value(value.integer());
      break;
    case Value::Kind::real:
      writer.value(value.real());
      break;
    case Value::Kind::string:
      writer.value(value.string());
      break;
    case Value::Kind::list:
      writer.begin_array();
      for (const auto& item : value.list()) write_value(writer, item);
      writer.end_array();
      break;
    case Value::Kind::dict:
      writer.begin_object();
      for (const auto& [key, item] : value.dict()) {
        writer.key(templating::to_text(key));
        write_value(writer, item);
      }
      writer.end_object();
      break;
    default:
      writer.null();
      break;
  }
}

}  // namespace sitrep::docs
