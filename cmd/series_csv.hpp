#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/zone.hpp"
#include "model/series.hpp"

namespace sitrep::cmd {

/// Reads `at,value` or `series,at,value` (a header names the columns in any order; RFC 4180 quoting). Times are RFC
/// 3339, dates, naive times in `zone`, or Unix seconds; an empty value or NaN is a gap. Series in order of appearance.
/// Error{data} `FILE:LINE: …` for anything else.
std::vector<model::Series> read_series_csv(std::string_view text, const std::string& file, const Zone& zone);

}  // namespace sitrep::cmd
