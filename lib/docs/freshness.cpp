#include "docs/freshness.hpp"

#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace sitrep::docs {

using templating::CallArguments;
using templating::Dict;
using templating::List;
using templating::Value;

Value freshness(Run& run, CallArguments& arguments) {
  const auto text = arguments.text(0);
  const auto max_age = parse_duration(text);
  if (!max_age) fail(ErrorKind::user_code, "freshness: max_age '{}' is not a duration such as 24h", visible(text));
  const auto now = run.inputs().now;
  List streams;
  std::set<std::string> told;  // entities of which a source has ever said something
  std::int64_t fresh = 0, rejected = 0, rows = 0, never = 0;
  std::optional<UnixTime> oldest, newest;
  for (const auto& source : run.evaluator().sources()) {
    Value age = Value::none();
    bool stale = true;
    if (source.last_success_at) {
      age = (now - *source.last_success_at).count();
      stale = now - *source.last_success_at > *max_age;
      told.insert(source.entity);
      if (!oldest || *source.last_success_at < *oldest) oldest = source.last_success_at;
      if (!newest || *source.last_success_at > *newest) newest = source.last_success_at;
    } else {
      ++never;
    }
    fresh += stale ? 0 : 1;
    rejected += source.rejected;
    rows += source.rows;
    streams.push_back(
        Dict{{"name", source.source + "." + source.stream},
             {"source", source.source},
             {"stream", source.stream},
             {"entity", source.entity},
             {"last_success_at", source.last_success_at ? Value(unix_seconds(*source.last_success_at)) : Value::none()},
             {"age", age},
             {"stale", stale},
             {"rows", source.rows},
             {"rejected", source.rejected}});
  }
  List entities;
  for (const auto& entity : told) entities.emplace_back(entity);
  const auto total = static_cast<std::int64_t>(streams.size());
  return run.record("freshness", Dict{{"max_age", text}},
                    Dict{{"streams", std::move(streams)},
                         {"entities", std::move(entities)},
                         {"total", total},
                         {"fresh", fresh},
                         {"never", never},
                         {"rows", rows},
                         {"rejected", rejected},
                         {"known_at", unix_seconds(run.inputs().store->known_at())},
                         {"oldest_at", oldest ? Value(unix_seconds(*oldest)) : Value::none()},
                         {"newest_at", newest ? Value(unix_seconds(*newest)) : Value::none()}});
}

}  // namespace sitrep::docs
