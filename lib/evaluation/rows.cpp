#include "evaluation/rows.hpp"

#include <array>

#include "base/text.hpp"

namespace sitrep::evaluation {
namespace {

/// Positions of the columns a definition may give; -1: it does not.
struct Columns {
  int program = -1, service = -1, team = -1, source = -1, excluded = -1, label = -1, id = -1, url = -1;
  int first = -1, second = -1, records = -1;
  Combine combine = Combine::single;
};

Columns find_columns(const Answer& answer, const config::Metric& metric, Kind kind) {
  Columns c;
  const auto find = [&](std::string_view wanted) {
    for (int i = 0; i < answer.columns(); ++i) {
      if (equal_ignoring_case(answer.column_name(i), wanted)) return i;
    }
    return -1;
  };
  const auto need = [&](std::string_view wanted) {
    const int at = find(wanted);
    if (at < 0) fail_metric(metric, fmt::format("its sql gives no column '{}', which a {} needs", wanted, metric.kind));
    return at;
  };
  c.program = find("program");
  c.service = find("service");
  c.source = find("source");
  c.team = find("team");
  c.excluded = find("excluded");
  c.label = find("label");
  c.id = find("id");
  c.url = find("url");
  c.records = metric.where.line > 0 ? -1 : find(k_records_column);
  switch (kind) {
    case Kind::count:
      c.first = find("n");
      break;
    case Kind::rate:
      c.first = need("events");
      c.second = need("exposure");
      break;
    case Kind::proportion:
      c.first = need("good");
      c.second = find("total");
      break;
    case Kind::duration:
      c.first = need("value");
      break;
    case Kind::ratio:
      c.first = need("part");
      c.second = need("whole");
      break;
    case Kind::level: {
      constexpr std::array<std::pair<std::string_view, Combine>, 5> k_names{{{"sum", Combine::sum},
                                                                             {"max", Combine::max},
                                                                             {"min", Combine::min},
                                                                             {"value", Combine::single},
                                                                             {"most", Combine::most}}};
      for (const auto& [name, combine] : k_names) {
        if (c.first >= 0) break;
        c.first = find(name);
        c.combine = combine;
      }
      if (c.first < 0)
        fail_metric(metric, "its sql gives no column 'sum', 'max', 'min', 'most' or 'value', which a level needs");
      break;
    }
  }
  return c;
}

/// Where the rows of an answer belong.
class PlaceReader {
 public:
  PlaceReader(const Answer& answer, const Columns& columns, const Directory& directory)
      : answer_(answer), columns_(columns), directory_(directory) {}
  const Place& place() {
    read(columns_.program, program_);
    read(columns_.service, service_);
    read(columns_.team, team_);
    read(columns_.source, source_);
    return directory_.place(program_, service_, team_, source_);
  }

 private:
  void read(int column, std::string& text) const {
    if (column >= 0) answer_.read(column, text);
  }
  const Answer& answer_;
  const Columns& columns_;
  const Directory& directory_;
  std::string program_, service_, team_, source_;
};

}  // namespace

void fail_metric(const config::Metric& metric, std::string_view what) {
  const auto where = metric.where.line > 0 ? metric.where.text() + ": " : std::string();
  fail(ErrorKind::user_code, "{}metric '{}': {}", where, metric.name, what);
}

Kind parse_kind(const std::string& text) {
  if (text == "count") return Kind::count;
  if (text == "rate") return Kind::rate;
  if (text == "proportion") return Kind::proportion;
  if (text == "duration") return Kind::duration;
  if (text == "ratio") return Kind::ratio;
  if (text == "level") return Kind::level;
  fail(ErrorKind::bug, "evaluation: a metric of kind '{}'", text);
}

bool belongs(const Place& place, const Scope& scope) {
  if (!scope.service.empty()) return place.service == scope.service;
  if (!scope.team.empty()) return place.team == scope.team;
  return scope.program.empty() || place.program == scope.program || place.program == "*";
}

RowSet run(Answer& answer, const config::Metric& metric, const Directory& directory) {
  RowSet result;
  result.kind = parse_kind(metric.kind);
  const Columns c = find_columns(answer, metric, result.kind);
  result.combine = c.combine;
  result.lower_is_better = metric.better == "lower";
  PlaceReader places(answer, c, directory);
  const auto read = [&](int column, std::string& text) {
    if (column >= 0) answer.read(column, text);
  };
  while (answer.step()) {
    auto& row = result.rows.emplace_back();
    row.place = &places.place();
    read(c.excluded, row.excluded);
    read(c.label, row.label);
    read(c.id, row.id);
    read(c.url, row.url);
    row.first = c.first < 0 ? std::optional<double>(1) : answer.real(c.first);
    row.second = c.second < 0 ? 1 : answer.real(c.second).value_or(0);
    if (c.records >= 0) row.records = static_cast<std::int64_t>(answer.real(c.records).value_or(1));
  }
  return result;
}

Sample sample(Answer& answer, const config::Metric& metric, const Scope& scope, const Directory& directory,
              std::size_t limit) {
  Sample result;
  const Columns c = find_columns(answer, metric, parse_kind(metric.kind));
  for (int i = 0; i < answer.columns(); ++i) result.columns.push_back(answer.column_name(i));
  PlaceReader places(answer, c, directory);
  while (answer.step()) {
    if (!belongs(places.place(), scope)) continue;
    ++result.count;
    if (result.rows.size() >= limit) continue;
    auto& row = result.rows.emplace_back();
    for (int i = 0; i < answer.columns(); ++i) row.push_back(answer.is_null(i) ? std::string("-") : answer.text(i));
  }
  return result;
}

}  // namespace sitrep::evaluation
