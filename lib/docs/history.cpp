#include "docs/history.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace sitrep::docs {

using templating::CallArguments;
using templating::Dict;
using templating::List;
using templating::Value;

namespace {
constexpr int k_weeks = 12;  // where a call does not say
}

void begin_history(Run& run, std::span<const templating::CallSite> calls) {
  const auto asks = [](const templating::CallSite& call) { return call.name == "history" && call.keywords.empty(); };
  if (std::ranges::any_of(calls, asks)) run.begin_trend(k_weeks);
}

Value history(Run& run, CallArguments& arguments) {
  const auto& program = run.evaluator().program(arguments.text(0));
  const auto weeks = arguments.integer(1);
  if (weeks < 1 || weeks > 52) fail(ErrorKind::user_code, "history: weeks must be 1 to 52");
  const auto& trend = run.trend(static_cast<int>(weeks));
  List states;
  if (const auto found = trend.find(program); found != trend.end())
    for (const auto& past : found->second)
      states.push_back(Dict{{"at", unix_seconds(past.at)},
                            {"color", past.color ? Value(policy::name(*past.color)) : Value::none()}});
  // The store did not know the program yet: what was before its first state is not part of its history.
  const auto first =
      std::find_if(states.begin(), states.end(), [](const Value& state) { return !state.find("color")->is_none(); });
  states.erase(states.begin(), first);
  return run.record("history", Dict{{"program", program}, {"weeks", weeks}}, std::move(states));
}

}  // namespace sitrep::docs
