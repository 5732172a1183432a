#include <cmath>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "store/own_entities.hpp"

namespace sitrep::store {
namespace {

using model::ColumnType;

constexpr std::int64_t k_day = 86'400;

bool is_json(const std::string& text) {
  try {
    json::Document().parse(text);
    return true;
  } catch (const json::SyntaxError&) {
    return false;
  }
}

std::optional<UnixTime> moment_of(const std::string& text) {
  if (const auto day = parse_date(text)) return UnixTime(*day);
  return parse_rfc3339(text);
}

std::string as_text(const Value& value, ColumnType from) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* real = std::get_if<double>(&value)) return format_real(*real);
  const auto integer = std::get<std::int64_t>(value);
  if (from == ColumnType::boolean) return integer != 0 ? "true" : "false";
  if (from == ColumnType::timestamp) return format_utc(unix_time(integer));
  return std::to_string(integer);
}

Converted from_text(const std::string& text, ColumnType to) {
  switch (to) {
    case ColumnType::integer:
      if (const auto integer = parse_integer(text)) return {*integer, std::to_string(*integer) == text};
      break;
    case ColumnType::real:
      if (const auto real = parse_real(text)) return {*real, format_real(*real) == text};
      break;
    case ColumnType::boolean:
      if (equal_ignoring_case(text, "true") || text == "1") return {std::int64_t{1}, text == "true"};
      if (equal_ignoring_case(text, "false") || text == "0") return {std::int64_t{0}, text == "false"};
      break;
    case ColumnType::timestamp:
      if (const auto at = moment_of(text)) return {unix_seconds(*at), format_utc(*at) == text};
      break;
    case ColumnType::date:
      if (const auto day = parse_date(text)) return {format_date(*day), format_date(*day) == text};
      break;
    case ColumnType::json:
      if (is_json(text)) return {text, !text.starts_with('"')};  // a text in quotes would come back without them
      return {json::quoted(text), true};
    case ColumnType::text:
      return {text, true};
  }
  return {};
}

/// What a text of JSON means; nullopt: it is no text.
std::optional<std::string> text_in(const std::string& json) {
  if (!json.starts_with('"')) return std::nullopt;
  try {
    json::Document document;
    const auto text = document.parse(json).string();
    return text ? std::optional(std::string(*text)) : std::nullopt;
  } catch (const json::SyntaxError&) {
    return std::nullopt;
  }
}

/// Exact where the way back makes the same JSON.
Converted from_json(const std::string& json, ColumnType to) {
  const auto text = text_in(json);
  if (!text) return from_text(json, to);
  auto converted = from_text(*text, to);
  const bool quoted_again = to == ColumnType::text || to == ColumnType::timestamp || to == ColumnType::date;
  converted.exact = converted.exact && quoted_again && json::quoted(*text) == json && !is_json(*text);
  return converted;
}

Converted from_real(double real, ColumnType to) {
  constexpr double k_exact = 9e15;  // integers beyond it are not all doubles
  const bool whole = real == std::trunc(real) && std::abs(real) <= k_exact;
  if (to == ColumnType::integer || to == ColumnType::timestamp)
    return whole ? Converted{static_cast<std::int64_t>(real), true} : Converted{};
  if (to == ColumnType::boolean && (real == 0 || real == 1)) return {static_cast<std::int64_t>(real), true};
  return {};
}

Converted from_integer(std::int64_t integer, ColumnType from, ColumnType to) {
  switch (to) {
    case ColumnType::integer:
    case ColumnType::timestamp:
      return {integer, true};
    case ColumnType::real: {
      const auto real = static_cast<double>(integer);
      return {real, std::abs(real) <= 9e15};
    }
    case ColumnType::boolean:
      if (integer == 0 || integer == 1) return {integer, true};
      return {};
    case ColumnType::date:
      if (from != ColumnType::timestamp) return {};
      return {format_date(std::chrono::floor<std::chrono::days>(unix_time(integer))), integer % k_day == 0};
    default:
      return {};
  }
}

}  // namespace

Converted convert(const Value& value, ColumnType from, ColumnType to) {
  if (std::holds_alternative<std::monostate>(value)) return {value, true};
  if (from == ColumnType::json && to != ColumnType::json) return from_json(std::get<std::string>(value), to);
  if (to == ColumnType::text) return {as_text(value, from), true};
  if (const auto* text = std::get_if<std::string>(&value)) return from_text(*text, to);
  if (to == ColumnType::json) {
    if (from == ColumnType::timestamp) return {json::quoted(as_text(value, from)), true};
    return {as_text(value, from), true};
  }
  if (const auto* real = std::get_if<double>(&value))
    return to == ColumnType::real ? Converted{*real, true} : from_real(*real, to);
  return from_integer(std::get<std::int64_t>(value), from, to);
}

}  // namespace sitrep::store
