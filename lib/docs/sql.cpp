#include "docs/sql.hpp"

#include <fmt/core.h>

#include <set>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/query.hpp"

namespace sitrep::docs {
namespace {

using templating::Dict;
using templating::List;
using templating::Value;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Where a quoted text or a comment that starts at `at` ends; `at` itself when none starts there.
std::size_t skip_quoted(const std::string& sql, std::size_t at) {
  const auto past = [&](std::string_view mark, std::size_t from) {
    const auto end = sql.find(mark, from);
    return end == std::string::npos ? sql.size() : end + mark.size();
  };
  const char c = sql[at];
  if (c == '\'' || c == '"' || c == '`') return past(std::string_view(&c, 1), at + 1);
  if (c == '[') return past("]", at + 1);
  if (sql.compare(at, 2, "--") == 0) return past("\n", at + 2);
  if (sql.compare(at, 2, "/*") == 0) return past("*/", at + 2);
  return at;
}

/// The ":name"s of an SQL text, outside of texts and comments.
std::set<std::string> parameters_in(const std::string& sql) {
  std::set<std::string> names;
  for (std::size_t at = 0; at < sql.size();) {
    if (const auto end = skip_quoted(sql, at); end != at) {
      at = end;
      continue;
    }
    if (sql[at] != ':' || at + 1 == sql.size() || !is_name_character(sql[at + 1])) {
      ++at;
      continue;
    }
    auto end = at + 1;
    while (end < sql.size() && is_name_character(sql[end])) ++end;
    names.insert(sql.substr(at + 1, end - at - 1));
    at = end;
  }
  return names;
}

Value to_value(const model::Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* text = std::get_if<std::string_view>(&cell)) return *text;
  return Value::none();
}

store::QueryParameter bound(const std::string& name, const Value& value, std::string_view what) {
  switch (value.kind()) {
    case Value::Kind::none:
      return {name, {}, store::Value{}};
    case Value::Kind::boolean:
    case Value::Kind::integer:
      return {name, {}, store::Value(value.integer())};
    case Value::Kind::real:
      return {name, {}, store::Value(value.real())};
    case Value::Kind::string:
      return {name, {}, store::Value(value.string())};
    default:
      fail(ErrorKind::user_code, "query {}: parameter '{}' is {}; SQL takes texts, numbers and none", what, name,
           value.type_name());
  }
}

}  // namespace

bool looks_like_sql(std::string_view text) {
  const auto words = lower_ascii(trim_view(text).substr(0, 7));
  return words.starts_with("select") || words.starts_with("with") || words.starts_with("values");
}

Value run_sql(store::QueryBox& box, const std::string& sql, std::string_view what,
              const std::map<std::string, Value>& parameters) {
  std::vector<std::string_view> known;
  for (const auto& [name, value] : parameters) known.push_back(name);
  std::vector<store::QueryParameter> named;
  for (const auto& name : parameters_in(sql)) {
    const auto found = parameters.find(name);
    if (found == parameters.end())
      fail(ErrorKind::user_code, "query {}: nothing sets :{}{}", what, name, did_you_mean(name, known));
    named.push_back(bound(name, found->second, what));
  }
  List rows;
  try {
    auto query = box.prepare(sql, named);
    Dict blank;  // what all rows have in common; of two columns of one name the later one counts
    for (int c = 0; c < query.columns(); ++c) blank.set(query.column_name(c), Value::none());
    std::vector<std::size_t> places;
    for (int c = 0; c < query.columns(); ++c) places.push_back(blank.position(query.column_name(c), blank.size()));
    while (query.step()) {
      Dict row = blank;
      for (int c = 0; c < query.columns(); ++c) row.put(places[static_cast<std::size_t>(c)], to_value(query.cell(c)));
      rows.emplace_back(std::move(row));
    }
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("query {}: {}", what, error.what()));
  }
  return rows;
}

}  // namespace sitrep::docs
