#include "series_csv.hpp"

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <map>

namespace sitrep::cmd {
namespace {

struct Positions {
  int series = -1, at = 0, value = 1;
};

std::optional<Positions> header(const CsvRecord& record) {
  Positions p{-1, -1, -1};
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    const auto name = lower_ascii(trim_view(record.fields[i]));
    const int here = static_cast<int>(i);
    if (name == "series")
      p.series = here;
    else if (name == "at" || name == "time" || name == "timestamp" || name == "date" || name == "ds")
      p.at = here;
    else if (name == "value" || name == "y")
      p.value = here;
  }
  if (p.at < 0 || p.value < 0) return std::nullopt;
  return p;
}

std::optional<UnixTime> read_time(std::string_view text, const Zone& zone) {
  if (const auto seconds = parse_integer(text)) return unix_time(*seconds);
  const auto written = parse_time(text);
  if (!written) return std::nullopt;
  if (written->offset) return UnixTime{written->local.time_since_epoch() - *written->offset};
  return zone.to_utc(written->local);
}

}  // namespace

std::vector<model::Series> read_series_csv(std::string_view text, const std::string& file, const Zone& zone) {
  std::vector<model::Series> result;
  std::map<std::string, std::size_t> known;
  CsvReader reader(text, file);
  CsvRecord record;
  std::optional<Positions> positions;
  while (reader.next(record)) {
    if (record.fields.size() == 1 && trim_view(record.fields[0]).empty()) continue;
    if (!positions) {
      if ((positions = header(record))) continue;
      positions = record.fields.size() >= 3 ? Positions{0, 1, 2} : Positions{};
    }
    const auto field = [&](int position) -> std::string_view {
      const auto i = static_cast<std::size_t>(position);
      if (i >= record.fields.size()) fail(ErrorKind::data, "{}:{}: has no column {}", file, record.line, i + 1);
      return trim_view(record.fields[i]);
    };
    const auto at = read_time(field(positions->at), zone);
    if (!at) {
      fail(ErrorKind::data, "{}:{}: '{}' is not a time; write RFC 3339, a date or Unix seconds", file, record.line,
           visible(field(positions->at)));
    }
    const std::string name(positions->series < 0 ? std::string_view{} : field(positions->series));
    const auto [where, fresh] = known.emplace(name, result.size());
    if (fresh) result.push_back({name, "", {}});
    const auto written = field(positions->value);
    if (written.empty() || equal_ignoring_case(written, "nan") || equal_ignoring_case(written, "null")) continue;
    const auto value = parse_real(written);
    if (!value) fail(ErrorKind::data, "{}:{}: '{}' is not a number", file, record.line, visible(written));
    result[where->second].samples.push_back({*at, *value});
  }
  if (result.empty()) fail(ErrorKind::data, "{}: has no rows of 'at,value' or 'series,at,value'", file);
  return result;
}

}  // namespace sitrep::cmd
