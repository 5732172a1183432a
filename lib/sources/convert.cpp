#include "sources/convert.hpp"

#include <algorithm>
#include <cmath>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"
#include "sources/quantity.hpp"
#include "sources/time_pattern.hpp"

namespace sitrep::sources {
namespace {

using config::ColumnMap;
using json::Kind;
using model::ColumnType;
using Outcome = Conversion::Outcome;

Conversion value_of(model::Cell cell) { return {Outcome::value, cell, {}}; }
Conversion odd(std::string_view reason) { return {Outcome::odd, {}, reason}; }
Conversion null() { return {}; }

// Numbers without a stated format: seconds or milliseconds since 1970, told apart by size. Below 1973 in either reading
// a number is more likely no time at all.
std::optional<UnixTime> plausible_epoch(double number) {
  constexpr double k_1973 = 1e8, k_year_5138 = 1e11, k_ms_limit = 1e14;
  if (number >= k_1973 && number < k_year_5138) return unix_time(static_cast<std::int64_t>(std::floor(number)));
  if (number >= k_year_5138 && number < k_ms_limit)
    return unix_time(static_cast<std::int64_t>(std::floor(number / 1000)));
  return std::nullopt;
}

std::optional<UnixTime> epoch(double number, TimeReading::Format format) {
  if (format == TimeReading::Format::automatic) return plausible_epoch(number);
  return time_of(format == TimeReading::Format::epoch_ms ? number / 1000 : number);
}

// A plain value, from JSON or from the configuration. Text is borrowed.
struct Scalar {
  Kind kind = Kind::string;
  std::string_view text;
  std::int64_t integer = 0;
  double real = 0;

  explicit Scalar(std::string_view plain) : text(plain) {}
  explicit Scalar(const json::Value& value) : kind(value.kind()) {
    if (kind == Kind::string) text = *value.string();
    if (kind == Kind::integer) integer = *value.integer();
    if (kind == Kind::boolean) integer = *value.boolean() ? 1 : 0;
    if (const auto number = value.real()) real = *number;
  }
  bool is_text() const { return kind == Kind::string; }
  bool is_number() const { return kind == Kind::integer || kind == Kind::unsigned_integer || kind == Kind::real; }
};

// What a value says about time: a reading on some clock, or a moment.
struct Reading {
  std::optional<WrittenTime> written;
  std::optional<UnixTime> moment;
};

Reading read(const TimeReading& times, const Scalar& value) {
  using Format = TimeReading::Format;
  if (times.format == Format::pattern) {
    if (value.is_text()) return {read_time_pattern(value.text, times.pattern), {}};
    if (value.kind != Kind::integer) return {};
    return {read_time_pattern(std::to_string(value.integer), times.pattern), {}};
  }
  if (value.is_text() && times.format == Format::automatic) {
    if (const auto written = parse_time(value.text)) return {written, {}};
  }
  std::optional<double> number;
  if (value.is_text()) number = parse_real(value.text);
  if (value.is_number()) number = value.real;
  if (!number) return {};
  return {{}, epoch(*number, times.format)};
}

std::optional<UnixTime> moment_of(const TimeReading& times, const Reading& reading) {
  if (reading.moment || !reading.written) return reading.moment;
  const WrittenTime& written = *reading.written;
  if (written.offset) return UnixTime{written.local.time_since_epoch()} - *written.offset;
  if (written.date_only) {
    return times.zone.start_of(Date{std::chrono::floor<std::chrono::days>(written.local.time_since_epoch())});
  }
  if (!times.zone.exists(written.local)) return std::nullopt;
  return times.zone.to_utc(written.local);
}

Conversion integer_of(const Scalar& value) {
  if (value.kind == Kind::integer) return value_of(value.integer);
  if (value.kind == Kind::unsigned_integer) return odd("an integer beyond 64 bits");
  if (value.kind == Kind::real) {
    if (value.real != std::trunc(value.real) || std::abs(value.real) > 9e15) return odd("not an integer");
    return value_of(static_cast<std::int64_t>(value.real));
  }
  const auto parsed = value.is_text() ? parse_integer(value.text) : std::nullopt;
  if (!parsed) return odd("not an integer");
  return value_of(*parsed);
}

bool is_non_finite(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  return equal_ignoring_case(text, "nan") || equal_ignoring_case(text, "inf") || equal_ignoring_case(text, "infinity");
}

Conversion real_of(const MappedColumn& column, const Scalar& value) {
  if (value.is_number()) return value_of(value.real);
  if (!value.is_text()) return odd("not a number");
  if (column.quantity) {
    const auto quantity = parse_quantity(value.text);
    return quantity ? value_of(*quantity) : odd("not a quantity");
  }
  if (const auto parsed = parse_real(value.text)) return value_of(*parsed);
  if (!is_non_finite(value.text)) return odd("not a number");
  using Nan = config::Stream::Nan;
  const Nan wish = lower_ascii(value.text).ends_with("nan") ? column.nan : column.inf;
  if (wish == Nan::error) return {Outcome::rejected, {}, "not a finite number"};
  if (wish == Nan::text) return odd("not a finite number");
  return {Outcome::null, {}, "not a finite number"};
}

Conversion boolean_of(const Scalar& value) {
  const bool whole = value.kind == Kind::boolean || value.kind == Kind::integer;
  if ((whole && value.integer == 1) || equal_ignoring_case(value.text, "true") || value.text == "1") {
    return value_of(std::int64_t{1});
  }
  if ((whole && value.integer == 0) || equal_ignoring_case(value.text, "false") || value.text == "0") {
    return value_of(std::int64_t{0});
  }
  return odd("not true or false");
}

struct TimeResult {
  std::optional<UnixTime> moment;
  std::optional<Date> day;
  std::string_view reason;
};

TimeResult time_of(const TimeReading& times, const Scalar& value, ColumnType type) {
  const Reading reading = read(times, value);
  const auto moment = moment_of(times, reading);
  if (type == ColumnType::timestamp) {
    return {moment, {}, reading.written ? "a local time that its zone skips" : "not a time"};
  }
  // The day as it is written, whatever its zone; only a bare moment needs one.
  using std::chrono::days;
  if (reading.written) return {{}, Date{std::chrono::floor<days>(reading.written->local.time_since_epoch())}, {}};
  if (moment) return {{}, times.zone.date_of(*moment), {}};
  return {{}, {}, "not a date"};
}

}  // namespace

std::optional<UnixTime> Converter::time(const TimeReading& reading, const json::Value& value) {
  return moment_of(reading, read(reading, Scalar(value)));
}

Conversion Converter::keep(std::string text) {
  scratch_ = std::move(text);
  return value_of(std::string_view(scratch_));
}

Conversion Converter::in_vocabulary(const MappedColumn& column, std::string_view text) const {
  if (!column.vocabulary) return value_of(text);
  if (text.empty()) return null();
  if (std::ranges::find(*column.vocabulary, text) != column.vocabulary->end()) return value_of(text);  // mostly
  for (const std::string& word : *column.vocabulary) {
    if (equal_ignoring_case(word, text)) return value_of(std::string_view(word));
  }
  return odd("not a value of this column");
}

Conversion Converter::of_value(const MappedColumn& column, const json::Value& value) {
  if (column.type == ColumnType::json || !column.type) {
    scratch_.clear();
    value.append_json(scratch_, json::KeyOrder::sorted);
    return value_of(std::string_view(scratch_));
  }
  if (value.is_array()) return odd("a list");
  if (value.is_object()) return odd("an object");
  for (const auto& [from, to] : column.knobs->map) {
    if (value.reads_as(from)) return of_plain(column, to);
  }
  if (column.type != ColumnType::text) return of_scalar(column, Scalar(value));
  if (const auto text = value.string()) return in_vocabulary(column, *text);
  scratch_ = value.to_text();
  return in_vocabulary(column, scratch_);
}

template <class ScalarValue>
Conversion Converter::of_scalar(const MappedColumn& column, const ScalarValue& value) {
  switch (*column.type) {
    case ColumnType::integer:
      return integer_of(value);
    case ColumnType::real:
      return real_of(column, value);
    case ColumnType::boolean:
      return boolean_of(value);
    default:
      break;
  }
  const TimeResult time = time_of(column.times, value, *column.type);
  if (time.moment) return value_of(unix_seconds(*time.moment));
  if (time.day) return keep(format_date(*time.day));
  return odd(time.reason);
}

// Text of the configuration: the target of a map, a default.
Conversion Converter::of_plain(const MappedColumn& column, std::string_view text) {
  if (!column.type || column.type == ColumnType::json) return keep(json::quoted(text));
  if (column.type == ColumnType::text) return in_vocabulary(column, text);
  if (text.empty()) return null();
  return of_scalar(column, Scalar(text));
}

Conversion Converter::joined(const std::vector<json::Value>& list) {
  std::string text;
  for (const json::Value& value : list) {
    if (value.is_array() || value.is_object()) return odd("a list of more than plain values");
    if (!text.empty()) text += ", ";
    text += value.to_text();
  }
  return text.empty() ? null() : keep(std::move(text));
}

Conversion Converter::of_list(const MappedColumn& column, const std::vector<json::Value>& list) {
  using List = ColumnMap::List;
  const List how = column.knobs->list;
  if (how == List::count) return value_of(static_cast<std::int64_t>(list.size()));
  if (how == List::join) return joined(list);
  if (how == List::json) {
    scratch_ = "[";
    for (const json::Value& value : list) {
      if (scratch_.size() > 1) scratch_ += ',';
      value.append_json(scratch_, json::KeyOrder::sorted);
    }
    scratch_ += ']';
    return value_of(std::string_view(scratch_));
  }
  if (list.empty()) return null();
  return of_value(column, how == List::first ? list.front() : list.back());
}

Conversion Converter::settled(const MappedColumn& column, Conversion result) const {
  if (result.outcome != Outcome::odd) return result;
  if (column.knobs->on_error == ColumnMap::OnError::reject) result.outcome = Outcome::rejected;
  if (column.knobs->on_error == ColumnMap::OnError::null) result.outcome = Outcome::null;
  return result;
}

Conversion Converter::convert_all(const MappedColumn& column, const std::vector<json::Value>& found) {
  return settled(column, of_list(column, found));
}

Conversion Converter::convert(const MappedColumn& column, const std::optional<json::Value>& found) {
  const ColumnMap& knobs = *column.knobs;
  const auto is_null = [&] {
    if (!found || found->is_null()) return true;
    for (const std::string& text : knobs.null_values) {
      if (found->reads_as(text)) return true;
    }
    return column.type && column.type != ColumnType::text && found->reads_as("");
  };
  if (is_null()) return fallback(column);
  if (knobs.list == ColumnMap::List::none) return settled(column, of_value(column, *found));
  if (!found->is_array()) return settled(column, odd("not a list"));
  std::vector<json::Value> elements;
  for (const json::Member member : found->members()) elements.push_back(member.value);
  return convert_all(column, elements);
}

Conversion Converter::convert_text(const MappedColumn& column, std::string_view text) {
  for (const auto& [from, to] : column.knobs->map) {
    if (from == text) return settled(column, of_plain(column, to));
  }
  return settled(column, of_plain(column, text));
}

Conversion Converter::fallback(const MappedColumn& column) {
  const auto& text = column.knobs->fallback;
  return text ? of_plain(column, *text) : null();
}

}  // namespace sitrep::sources
