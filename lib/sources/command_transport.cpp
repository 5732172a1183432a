#include "sources/command_transport.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "http/url.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "process/process.hpp"

namespace sitrep::sources {
namespace {

constexpr std::array k_environment = {std::string_view("PATH"),   std::string_view("HOME"), std::string_view("LANG"),
                                      std::string_view("LC_ALL"), std::string_view("TZ"),   std::string_view("TMPDIR")};
constexpr std::size_t k_error_columns = 300;

/// The state of the last run in a file of our own while the program runs.
class StateFile {
 public:
  explicit StateFile(const std::string& state)
      : path_((std::filesystem::temp_directory_path() / "sitrep-state-XXXXXX").native()) {
    const int fd = ::mkstemp(path_.data());  // 0600
    if (fd < 0) fail(ErrorKind::store, "{} cannot be made for the program's state", path_);
    std::string_view rest = state;
    while (!rest.empty()) {
      const auto count = ::write(fd, rest.data(), rest.size());
      if (count <= 0) break;
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
    ::close(fd);
    if (!rest.empty()) fail(ErrorKind::store, "{} cannot be written", path_);
  }
  ~StateFile() { ::unlink(path_.c_str()); }
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string variable_name(std::string_view parameter) {
  std::string name = "SITREP_";
  for (const char c : parameter) {
    const bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : word ? c : '_';
  }
  return name;
}

void append_list(std::string& out, std::string_view json) {
  if (out.back() != '[') out += ',';
  out += json;
}

std::string body_of(const std::string& records, const std::string& state, const std::vector<std::string>& warnings) {
  std::string body = "{\"records\":" + records + "]";
  if (!state.empty()) body += ",\"state\":" + json::quoted(state);
  body += ",\"warnings\":[";
  for (const auto& warning : warnings) append_list(body, json::quoted(warning));
  return body + "]}";
}

std::string text_at(const json::Value& message, std::string_view key) {
  const auto found = message.get(key);
  return found && found->string() ? std::string(*found->string()) : std::string();
}

}  // namespace

/// What one run of a tap said.
struct CommandTransport::Singer {
  std::map<std::string, std::string> records;            // stream → "[{…},{…}"
  std::map<std::string, std::vector<std::string>> keys;  // stream → key_properties
  std::string state;

  void take(std::string_view line, std::size_t number, const std::string& program);
};

void CommandTransport::Singer::take(std::string_view line, std::size_t number, const std::string& program) {
  const auto refuse = [&](std::string_view why) {
    fail(ErrorKind::network, "'{}' printed what is no Singer message, line {} {}: {}", visible(program), number, why,
         truncate_display(visible(line), 80));
  };
  json::Document document;
  std::optional<json::Value> message;
  try {
    message = document.parse(line);
  } catch (const json::SyntaxError&) {
    refuse("is no JSON");
  }
  if (!message->is_object()) refuse("is no object");
  const auto type = text_at(*message, "type");
  const auto stream = text_at(*message, "stream");
  if (type == "RECORD") {
    const auto record = message->get("record");
    if (!record || stream.empty()) refuse("lacks 'stream' or 'record'");
    const auto at = records.try_emplace(stream, "[").first;
    append_list(at->second, record->to_json());
  } else if (type == "SCHEMA") {
    auto& names = keys[stream];
    names.clear();
    if (const auto list = message->get("key_properties"); list && list->is_array()) {
      for (const json::Member member : list->members()) names.push_back(member.value.to_text());
    }
  } else if (type == "STATE") {
    const auto value = message->get("value");
    if (!value) refuse("lacks 'value'");
    state = value->to_json();
  } else if (type == "BATCH") {
    refuse("leads to files (BATCH), which are not read");
  } else if (type.empty()) {
    refuse("has no type");
  }  // ACTIVATE_VERSION and others say nothing about records
}

CommandTransport::CommandTransport(const config::Source& source, Environment environment, std::filesystem::path folder)
    : source_(source), environment_(std::move(environment)), folder_(std::move(folder)) {}

void CommandTransport::fail_with(const std::string& what, const process::Outcome& outcome) const {
  const auto said = trim_view(outcome.error);
  const auto end = said.size() > 4 * k_error_columns ? said.substr(said.size() - 4 * k_error_columns) : said;
  fail(ErrorKind::network, "'{}' {}{}", visible(source_.command->argv.front()), what,
       end.empty() ? "" : ": " + truncate_display(visible(end), k_error_columns));
}

std::string CommandTransport::run(const std::string& stream, const std::map<std::string, std::string>& parameters,
                                  const std::vector<std::string>& more_arguments) {
  const config::Program& program = *source_.command;
  process::Command command;
  command.argv = program.argv;
  command.argv.insert(command.argv.end(), more_arguments.begin(), more_arguments.end());
  command.environment = process::allowed(environment_, k_environment);
  std::vector<std::string_view> named(program.environment.begin(), program.environment.end());
  for (auto& variable : process::allowed(environment_, named)) command.environment.push_back(std::move(variable));
  if (!stream.empty()) command.environment.emplace_back("SITREP_STREAM", stream);
  for (const auto& [name, value] : parameters) command.environment.emplace_back(variable_name(name), value);
  command.folder = folder_;
  command.time_limit = program.timeout;
  command.output_bytes = program.output_bytes;
  command.memory_bytes = program.memory_bytes;
  auto outcome = process::run(command);
  if (!outcome.succeeded()) fail_with(outcome.text(command), outcome);
  if (trim_view(outcome.output).empty() && !trim_view(outcome.error).empty())
    fail_with("printed nothing but errors", outcome);
  return std::move(outcome.output);
}

std::string CommandTransport::ndjson(const std::string& stream, const std::map<std::string, std::string>& parameters) {
  const auto output = run(stream, parameters, {});
  std::string records = "[";
  json::Document document;
  for (const auto line : split_views(output, '\n')) {
    const auto text = trim_view(line);
    if (text.empty()) continue;
    try {
      append_list(records, document.parse(text).to_json());
    } catch (const json::SyntaxError&) {
      append_list(records, json::quoted(truncate_display(visible(text), 2000)));
    }
  }
  return body_of(records, "", {});
}

std::string CommandTransport::singer(const std::string& stream, const std::string& state) {
  auto& done = runs_[state];
  if (!done) {
    std::vector<std::string> arguments;
    std::optional<StateFile> file;
    if (!state.empty()) {
      file.emplace(state);
      arguments = {"--state", file->path()};
    }
    const auto output = run("", {}, arguments);
    auto said = std::make_shared<Singer>();
    said->state = state;
    std::size_t number = 0;
    for (const auto line : split_views(output, '\n')) {
      ++number;
      if (!trim_view(line).empty()) said->take(trim_view(line), number, source_.command->argv.front());
    }
    done = std::move(said);
  }
  std::vector<std::string> warnings;
  for (const auto& wanted : source_.streams) {
    const auto keys = done->keys.find(stream);
    if (wanted.path == stream && keys != done->keys.end() && !keys->second.empty() &&
        keys->second != wanted.primary_key) {
      warnings.push_back(fmt::format("the program says that the key of '{}' is {}, and primary_key is {}", stream,
                                     join(keys->second, ", "), join(wanted.primary_key, ", ")));
    }
  }
  if (!done->keys.contains(stream) && !done->records.contains(stream))
    warnings.push_back(fmt::format("the program does not know the stream '{}'", stream));
  const auto records = done->records.find(stream);
  return body_of(records == done->records.end() ? "[" : records->second, done->state, warnings);
}

http::Response CommandTransport::send(const http::Request& request, const http::Limits& limits) {
  const auto url = http::parse_url(request.url, ErrorKind::config);
  const std::string stream = http::percent_decode(std::string_view(url.path).substr(1));
  std::map<std::string, std::string> parameters;
  const std::string query = url.query.value_or("");
  for (const auto pair : split_views(query, '&')) {
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos)
      parameters[http::percent_decode(pair.substr(0, equals))] = http::percent_decode(pair.substr(equals + 1));
  }
  http::Response response;
  response.status = 200;
  response.effective_url = request.url;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = source_.command->messages == config::Program::Messages::singer ? singer(stream, parameters["state"])
                                                                                 : ndjson(stream, parameters);
  if (response.body.size() > limits.body_bytes) {
    throw http::TransportError(http::Fault::limit, fmt::format("'{}' printed more than decode.max_bytes",
                                                               visible(source_.command->argv.front())));
  }
  response.wire_bytes = response.body.size();
  return response;
}

}  // namespace sitrep::sources
