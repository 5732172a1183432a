#include "evaluation/answer.hpp"

#include <array>
#include <vector>

#include "base/numbers.hpp"

namespace sitrep::evaluation {
namespace {

/// Does the SQL use the parameter? Names are not prefixes of each other's continuation: ":to" is not in ":to_date".
bool uses(std::string_view sql, std::string_view parameter) {
  for (auto at = sql.find(parameter); at != std::string_view::npos; at = sql.find(parameter, at + 1)) {
    const auto end = at + parameter.size();
    const char next = end < sql.size() ? sql[end] : ' ';
    const bool goes_on =
        next == '_' || (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    if (!goes_on) return true;
  }
  return false;
}

}  // namespace

Answer::Answer(store::Store& store, std::unique_ptr<store::QueryBox>& box, const config::Metric& metric,
               const Moment& moment, const Calendar& calendar)
    : from_date_(format_date(calendar.zone.date_of(moment.span.from))),
      to_date_(format_date(calendar.zone.date_of(moment.span.to))) {
  const std::array<std::pair<std::string, UnixTime>, 3> times = {
      {{":from", moment.span.from}, {":to", moment.span.to}, {":now", moment.now}}};
  if (metric.where.line == 0) {
    statement_.emplace(store.db(), metric.sql);
    for (const auto& [name, time] : times) {
      if (const int at = statement_->parameter(name); at > 0) statement_->bind_one(at, time);
    }
    if (const int at = statement_->parameter(":from_date"); at > 0) statement_->bind_one(at, from_date_);
    if (const int at = statement_->parameter(":to_date"); at > 0) statement_->bind_one(at, to_date_);
    return;
  }
  if (!box) box = std::make_unique<store::QueryBox>(store);
  std::vector<store::QueryParameter> parameters;
  for (const auto& [name, time] : times) {
    if (uses(metric.sql, name)) parameters.push_back({name.substr(1), std::to_string(unix_seconds(time))});
  }
  if (uses(metric.sql, ":from_date")) parameters.push_back({"from_date", from_date_});
  if (uses(metric.sql, ":to_date")) parameters.push_back({"to_date", to_date_});
  query_.emplace(box->prepare(metric.sql, parameters));
}

int Answer::columns() const { return statement_ ? statement_->columns() : query_->columns(); }

std::string Answer::column_name(int column) const {
  return statement_ ? std::string(statement_->column_name(column)) : query_->column_name(column);
}

bool Answer::step() { return statement_ ? statement_->step() : query_->step(); }

model::Cell Answer::cell(int column) const { return statement_ ? statement_->cell(column) : query_->cell(column); }

std::optional<double> Answer::real(int column) const {
  const auto value = cell(column);
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  if (const auto* d = std::get_if<double>(&value)) return *d;
  if (const auto* t = std::get_if<std::string_view>(&value)) return parse_real(*t);
  return std::nullopt;
}

std::string Answer::text(int column) const {
  std::string text;
  read(column, text);
  return text;
}

void Answer::read(int column, std::string& text) const {
  const auto value = cell(column);
  if (const auto* t = std::get_if<std::string_view>(&value))
    text.assign(*t);
  else if (const auto* i = std::get_if<std::int64_t>(&value))
    text = std::to_string(*i);
  else if (const auto* d = std::get_if<double>(&value))
    text = format_real(*d);
  else
    text.clear();
}

}  // namespace sitrep::evaluation
