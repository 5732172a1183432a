#include "docs/rows.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace sitrep::docs {

using templating::Value;

const Value& cell(const Value& row, std::string_view column, std::string_view function) {
  if (!row.is_dict()) fail(ErrorKind::user_code, "{}: a row is {} and not a dict", function, row.type_name());
  if (const auto* found = row.find(column)) return *found;
  std::vector<std::string> names;
  for (const auto& entry : row.dict()) names.push_back(templating::to_text(entry.first));
  const std::vector<std::string_view> views(names.begin(), names.end());
  auto hint = did_you_mean(column, views);
  if (hint.empty()) hint = "; they have " + visible(join(names, ", "));
  fail(ErrorKind::user_code, "{}: the rows have no column '{}'{}", function, visible(column), hint);
}

double drawable(double value, std::string_view function) {
  constexpr double k_most = 1e100;  // differences of what is larger are no numbers any more
  if (std::abs(value) > k_most && std::isfinite(value))
    fail(ErrorKind::user_code, "{}: {} is too large for a chart", function, value);
  return value;
}

std::optional<double> number_cell(const Value& row, std::string_view column, std::string_view function) {
  const auto& value = cell(row, column, function);
  if (value.is_none()) return std::nullopt;
  if (value.is_number()) return drawable(value.real(), function);
  fail(ErrorKind::user_code, "{}: column '{}' holds {}, not a number", function, column, templating::repr(value));
}

std::string text_cell(const Value& row, std::string_view column, std::string_view function) {
  const auto& value = cell(row, column, function);
  return value.is_none() ? std::string() : templating::to_text(value);
}

std::optional<UnixTime> time_cell(const Value& row, std::string_view column, const Calendar& calendar,
                                  std::string_view function) {
  const auto& value = cell(row, column, function);
  if (value.is_none()) return std::nullopt;
  if (value.is_number()) {
    if (const auto at = time_of(value.real())) return at;
    fail(ErrorKind::user_code, "{}: column '{}' holds {}, not Unix seconds; divide milliseconds by 1000", function,
         column, templating::repr(value));
  }
  if (value.is_string()) {
    if (const auto day = parse_date(value.string())) return calendar.zone.start_of(*day);
    if (const auto at = parse_rfc3339(value.string())) return at;
  }
  fail(ErrorKind::user_code, "{}: column '{}' holds {}, not a time", function, column, templating::repr(value));
}

std::optional<Date> date_cell(const Value& row, std::string_view column, const Calendar& calendar,
                              std::string_view function) {
  const auto& value = cell(row, column, function);
  if (value.is_string() && value.string().empty()) return std::nullopt;
  const auto at = time_cell(row, column, calendar, function);
  return at ? std::optional(calendar.zone.date_of(*at)) : std::nullopt;
}

render::Status status_of(std::string_view word) {
  return render::parse_status(lower_ascii(word)).value_or(render::Status::grey);
}

}  // namespace sitrep::docs
