#include "field_cell.hpp"

#include "base/time.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace sitrep::cmd {
namespace {

constexpr std::string_view k_in_extra = "extra.";

model::ColumnType type_of(const model::Entity& entity, std::string_view column) {
  if (column == "extra" || column.starts_with(k_in_extra)) return model::ColumnType::json;
  const auto* found = entity.find(column);
  return found == nullptr ? model::ColumnType::text : found->type;
}

/// A JSON string as people read it: without its quotes.
std::string plain(const std::string& text) {
  json::Document document;
  try {
    const auto value = document.parse(text);
    if (const auto string = value.string()) return std::string(*string);
  } catch (const Error&) {  // shown as it is
  }
  return text;
}

bool is_json(std::string_view text) {
  try {
    json::Document document;
    document.parse(text);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

cli::Table::Cell field_cell(const model::Entity& entity, std::string_view column, const store::Value& value) {
  const auto type = type_of(entity, column);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    if (type == model::ColumnType::timestamp) return format_utc(unix_time(*integer));
    if (type == model::ColumnType::boolean) return *integer != 0;
    return *integer;
  }
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string>(&value)) return column.starts_with(k_in_extra) ? plain(*text) : *text;
  return std::monostate{};
}

std::string field_json(const model::Entity& entity, std::string_view column, const store::Value& value) {
  const auto cell = field_cell(entity, column, value);
  if (const auto* text = std::get_if<std::string>(&value);
      text != nullptr && type_of(entity, column) == model::ColumnType::json && is_json(*text))
    return *text;
  json::Writer writer;
  std::visit(
      [&](const auto& v) {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::monostate>)
          writer.null();
        else
          writer.value(v);
      },
      cell);
  return writer.take();
}

}  // namespace sitrep::cmd
