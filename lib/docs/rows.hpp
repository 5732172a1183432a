#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/period.hpp"
#include "render/figure.hpp"
#include "templating/value.hpp"

// Reading rows (lists of dicts) as tables and charts need them. Errors are Error{user_code} that name the function and
// the column, with "did you mean".
namespace sitrep::docs {

/// The cell of that name; none is none, a name that no row has is an error.
const templating::Value& cell(const templating::Value& row, std::string_view column, std::string_view function);
/// The value; Error{user_code}: it is beyond what a chart can draw.
double drawable(double value, std::string_view function);
std::optional<double> number_cell(const templating::Value& row, std::string_view column, std::string_view function);
std::string text_cell(const templating::Value& row, std::string_view column, std::string_view function);
/// Unix seconds, RFC 3339 or a day.
std::optional<UnixTime> time_cell(const templating::Value& row, std::string_view column, const Calendar& calendar,
                                  std::string_view function);
std::optional<Date> date_cell(const templating::Value& row, std::string_view column, const Calendar& calendar,
                              std::string_view function);
/// "red" …; anything else is grey.
render::Status status_of(std::string_view word);

}  // namespace sitrep::docs
