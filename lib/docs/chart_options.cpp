#include "docs/chart_options.hpp"

#include "base/error.hpp"

namespace sitrep::docs {

using templating::CallArguments;
using templating::Value;

namespace {

constexpr std::size_t k_max_points = 200'000;

}  // namespace

ChartOptions chart_options(const CallArguments& arguments) {
  ChartOptions result;
  for (const auto& [name, value] : arguments.named_rest()) {
    if (value.is_none()) continue;
    if (name == "title")
      result.title = templating::to_text(value);
    else if (name == "description")
      result.description = templating::to_text(value);
    else if (name == "unit")
      result.style.unit = templating::to_text(value);
    else if (name == "beside")
      result.beside = templating::truth(value);
    else if (name == "percent")
      result.style.percent = templating::truth(value);
    else
      result.other.emplace(name, value);
  }
  return result;
}

const templating::List& chart_rows(CallArguments& arguments) {
  const auto& rows = arguments.list(0);
  if (rows.size() > k_max_points)
    fail(ErrorKind::user_code, "chart.{}: {} rows are more than a chart can show ({}); aggregate them in SQL",
         arguments.function().name, rows.size(), k_max_points);
  arguments.engine().charge(rows.size());
  return rows;
}

std::optional<std::string> ChartOptions::text(std::string_view name) const {
  const auto found = other.find(name);
  return found == other.end() ? std::nullopt : std::optional(templating::to_text(found->second));
}

std::vector<std::string> names_of(const Value& value) {
  if (value.is_string()) return {value.string()};
  std::vector<std::string> names;
  for (const auto& item : templating::iterate(value)) names.push_back(templating::to_text(item));
  return names;
}

}  // namespace sitrep::docs
