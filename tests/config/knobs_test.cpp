#include "config/knobs.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config.hpp"

using namespace sitrep;

namespace {

/// A sitrep.toml with one line of one table: `@` is where the line stands. What the table needs beside it comes with it
/// unless the line is about the same key.
struct Frame {
  std::string toml;
  std::map<std::string, std::string> needs;  // key → line
};

const std::string k_source = "[source.s]\nbase_url = \"https://h\"\n";
const std::string k_stream = k_source + "[[source.s.stream]]\nname = \"reviews\"\nentity = \"incident\"\n";

const std::map<std::string, Frame>& frames() {
  static const std::map<std::string, std::string> k_names = {{"name", "name = \"n\""},
                                                             {"entity", "entity = \"incident\""}};
  static const std::map<std::string, Frame> k_frames = {
      {"", {"@", {}}},
      {"workspace", {"[workspace]\n@", {}}},
      {"source", {"[source.s]\n@", {{"base_url", "base_url = \"https://h\""}}}},
      {"tls", {k_source + "[source.s.tls]\n@", {}}},
      {"timeouts", {k_source + "[source.s.timeouts]\n@", {}}},
      {"decode", {k_source + "[source.s.decode]\n@", {}}},
      {"rate_limit", {k_source + "[source.s.rate_limit]\n@", {}}},
      {"retry", {k_source + "[source.s.retry]\n@", {}}},
      {"error", {k_source + "[source.s.error]\n@", {}}},
      {"auth",
       {k_source + "[source.s.auth]\n@",
        {{"token", "token = { env = \"T\" }"}, {"username", "username = { env = \"U\" }"}}}},
      {"command", {"[source.s.command]\n@", {{"argv", "argv = [\"tap\"]"}}}},
      {"secret", {k_source + "[source.s.auth.token]\n@", {}}},
      {"action",
       {k_source + "[source.s.action.file]\n@", {{"path", "path = \"reviews\""}, {"method", "method = \"PUT\""}}}},
      {"poll",
       {k_source + "[source.s.action.file]\npath = \"p\"\n[source.s.action.file.poll]\n@",
        {{"path", "path = \"p/{{ id }}\""}, {"id_path", "id_path = \"i\""}, {"done_path", "done_path = \"d\""}}}},
      {"idempotency",
       {k_source + "[source.s.action.file]\npath = \"p\"\n[source.s.action.file.idempotency]\n@",
        {{"name", "name = \"k\""}, {"in", "in = \"header\""}}}},
      {"stream", {k_stream + "[[source.s.stream]]\n@", k_names}},
      {"success",
       {k_stream + "[source.s.stream.success]\n@", {{"path", "path = \"p\""}, {"equals", "equals = \"e\""}}}},
      {"deleted_when",
       {k_stream + "[source.s.stream.deleted_when]\n@", {{"path", "path = \"p\""}, {"equals", "equals = \"e\""}}}},
      {"skip_when", {k_stream + "[source.s.stream.skip_when]\n@", {{"path", "path = \"p\""}}}},
      {"response_action",
       {k_stream + "[[source.s.stream.response_actions]]\n@",
        {{"status", "status = 400"}, {"action", "action = \"fail\""}}}},
      {"parent",
       {k_stream + "[[source.s.stream]]\nname = \"m\"\nentity = \"note\"\n[source.s.stream.parent]\n@",
        {{"stream", "stream = \"reviews\""}, {"param", "param = \"id\""}}}},
      {"on_expired",
       {k_stream + "[source.s.stream.paginator]\ntype = \"offset\"\n[source.s.stream.paginator.on_expired]\n@", {}}},
      {"column",
       {k_stream + "[source.s.stream.columns.title]\n@",
        {{"path", "path = \"p\""},
         {"entity", "entity = \"launch_approval\""},
         {"parent_key", "parent_key = \"launch_id\""},
         {"columns", "columns = { area = \"kind\" }"},
         {"list", "list = \"rows\""}}}},
      {"column.parts", {k_stream + "[source.s.stream.columns.title]\n@", {}}},  // in place of a path
      {"column.separator", {k_stream + "[source.s.stream.columns.title]\n@", {{"parts", "parts = [\"p\"]"}}}},
      {"paginator",
       {k_stream + "[source.s.stream.paginator]\n@",
        {{"type", "type = \"cursor\""},
         {"cursor_path", "cursor_path = \"c\""},
         {"cursor_param", "cursor_param = \"c\""},
         {"limit", "limit = 10"}}}},
      {"incremental",
       {k_stream + "[source.s.stream.incremental]\n@",
        {{"cursor_path", "cursor_path = \"u\""},
         {"start_param", "start_param = \"s\""},
         {"state_path", "state_path = \"t\""},
         {"end_param", "end_param = \"e\""}}}},
      {"metric", {"[metric.m]\n@", {{"kind", "kind = \"level\""}, {"sql", "sql = \"select 1 value\""}}}},
      {"rule", {"[[rule]]\n@", {{"metric", "metric = \"m\""}, {"red", "red = \"> 1\""}}}},
      {"exemption",
       {"[[exemption]]\n@",
        {{"rule", "rule = \"r\""},
         {"owner", "owner = \"o\""},
         {"reason", "reason = \"r\""},
         {"expires", "expires = \"2026-01-01\""}}}},
      {"entity", {"[entity.migration]\n@", {{"columns", "columns = { name = \"text\", service = \"text\" }"}}}},
      {"diff", {"[diff]\n@", {}}},
      {"launch", {"[launch]\n@", {}}},
      {"launch_tiers", {"[launch.tier]\n@", {}}},
      {"launch_phases", {"[launch.phase]\n@", {}}},
      {"launch_demands", {"[launch.tier.1]\n@", {}}},
      {"launch_span", {"[[launch.freeze]]\n@", {{"name", "name = \"n\""}, {"from", "from = 2026-12-01"}}}},
      {"launch_exception",
       {"[[launch.exception]]\n@",
        {{"review", "review = \"r\""},
         {"code", "code = \"L032\""},
         {"owner", "owner = \"o\""},
         {"reason", "reason = \"r\""},
         {"expires", "expires = \"2026-01-01\""}}}},
      {"redact", {"[redact.partner]\n@", {}}},
      {"publish",
       {"[redact.partner]\n[publish.w]\n@",
        {{"type", "type = \"put\""}, {"url", "url = \"https://h\""}, {"report", "report = \"r\""}}}},
      {"url", {"[publish.w]\ntype = \"slack\"\nreport = \"r\"\n[publish.w.url]\n@", {}}},
  };
  return k_frames;
}

std::string error_of(const std::string& toml) {
  try {
    config::parse(
        toml, "/w/sitrep.toml",
        [](std::string_view) { return std::optional<std::string_view>("base_url = \"https://p\""); },
        [](const std::string&) { return std::nullopt; });
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

std::string with_line(const Frame& frame, const std::string& key, const std::string& line) {
  std::string lines = line + "\n";
  for (const auto& [needed, text] : frame.needs)
    if (needed != key) lines = text + "\n" + lines;
  auto toml = frame.toml;
  return toml.replace(toml.find('@'), 1, lines);
}

}  // namespace

TEST_CASE("config::knob_tables: the example of every knob is read, and a slip of the pen is seen") {
  for (const auto& table : config::knob_tables()) {
    CAPTURE(std::string(table.name));
    REQUIRE(frames().contains(std::string(table.name)));
    for (const auto& knob : table.knobs) {
      const std::string key(knob.key);
      const auto own = frames().find(std::string(table.name) + "." + key);
      const Frame& frame = own == frames().end() ? frames().at(std::string(table.name)) : own->second;
      CAPTURE(key);
      const auto toml = with_line(frame, key, key + " = " + std::string(knob.example));
      CAPTURE(toml);
      CHECK(error_of(toml) == "");
      CHECK(error_of(with_line(frames().at(std::string(table.name)), "", key + "_x = " + std::string(knob.example)))
                .find("unknown key") != std::string::npos);
    }
  }
}

TEST_CASE("config::knob_tables: keys are unique, say what they mean, and name kinds that exist") {
  for (const auto& table : config::knob_tables()) {
    CAPTURE(std::string(table.name));
    std::set<std::string_view> keys;
    for (const auto& knob : table.knobs) {
      CAPTURE(std::string(knob.key));
      CHECK(keys.insert(knob.key).second);
      using Type = config::KnobType;
      const bool inner = knob.type == Type::table || knob.type == Type::tables || knob.type == Type::named;
      if (inner) REQUIRE(config::find_knob_table(knob.of) != nullptr);
      const bool dotted = inner && config::find_knob_table(knob.of)->title.empty();
      if (!dotted && !table.title.empty()) CHECK_FALSE(knob.meaning.empty());
      CHECK_FALSE(knob.meaning.ends_with('.'));
      CHECK((knob.type == Type::choice) == (!knob.of.empty() && !inner && knob.type != Type::pairs));
    }
    for (const auto key : split_views(table.required, ' '))
      if (!key.empty()) CHECK(table.find(key) != nullptr);
  }
}
