#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "base/file.hpp"
#include "config/evaluation_config.hpp"
#include "config/stream_config.hpp"

namespace sitrep::config {
namespace {

using How = Redaction::How;

std::optional<How> how_of(std::string_view word) {
  if (word == "keep") return How::keep;
  if (word == "pseudonym") return How::pseudonym;
  if (word == "drop") return How::drop;
  return std::nullopt;
}

void check_pattern(Reader& in, const std::string& pattern) {
  try {
    const std::regex compiled(pattern);
  } catch (const std::regex_error&) {
    in.fail("patterns", fmt::format("'{}' in {} is not a regular expression", visible(pattern), in.title()));
  }
}

/// The URL as text or as a secret.
void read_url(Reader& in, PublishTarget& target) {
  const auto* node = in.node("url");
  if (node != nullptr && node->is_string()) {
    target.connection.base_url = node->as_string()->get();
    check_url(in, target.connection, "url");
  } else if (node != nullptr) {
    target.url = read_secret(in, "url");
  }
}

void check_publish(const Reader& in, const PublishTarget& t) {
  using Type = PublishTarget::Type;
  const auto need = [&](bool there, std::string_view what) {
    if (!there) fail_at(t.where, fmt::format("{} needs {}", in.title(), what));
  };
  need(!t.report.empty() || !t.file.empty(), "'report' or 'file'");
  if (t.type == Type::git) {
    need(!t.folder.empty(), "'folder', the repository");
    need(!t.path.empty(), "'path', the file in the repository");
    const bool leaves = t.path.front() == '/' || t.path.find("..") != std::string::npos;
    if (leaves) in.fail("path", fmt::format("'path' in {} must stay inside the repository", in.title()));
  } else {
    need(!t.connection.base_url.empty() || t.url.from != Secret::From::none, "'url'");
  }
}

}  // namespace

Redaction read_redaction(Reader& in, std::string name) {
  Redaction r;
  r.where = in.where();
  r.name = std::move(name);
  const Choices<How> hows = {{"keep", How::keep}, {"pseudonym", How::pseudonym}, {"drop", How::drop}};
  assign(r.people, in.choice<How>("people", hows));
  assign(r.customers, in.choice<How>("customers", hows));
  assign(r.free_text, in.choice<How>("free_text", hows));
  for (const auto& [column, word] : in.pairs("columns")) {
    const auto how = how_of(word);
    if (!how || column.find('.') == std::string::npos)
      in.fail("columns",
              fmt::format("'columns' in {} takes \"ENTITY.COLUMN\" = \"keep\", \"pseudonym\" or \"drop\", not "
                          "'{}' = '{}'",
                          in.title(), visible(column), visible(word)));
    r.columns[column] = *how;
  }
  assign(r.patterns, in.texts("patterns"));
  for (const auto& pattern : r.patterns) check_pattern(in, pattern);
  assign(r.customer_names, in.texts("customer_names"));
  in.finish();
  return r;
}

PublishTarget read_publish_target(Reader& in, std::string name) {
  using Type = PublishTarget::Type;
  PublishTarget t;
  t.where = in.where();
  t.name = std::move(name);
  const auto type = in.choice<Type>(
      "type", {{"slack", Type::slack}, {"webhook", Type::webhook}, {"put", Type::put}, {"git", Type::git}});
  if (!type) fail_at(t.where, in.title() + " needs 'type': slack, webhook, put or git");
  t.type = *type;
  t.connection.name = "publish." + t.name;
  t.connection.where = t.where;
  read_exchange(in, t.connection);
  read_url(in, t);
  assign(t.report, in.text("report"));
  assign(t.file, in.text("file"));
  assign(t.program, in.text("program"));
  assign(t.period, in.choice<std::string>("period", {{"week", "week"}, {"month", "month"}, {"quarter", "quarter"}}));
  t.format = in.choice<std::string>(
                   "format", {{"md", "md"}, {"html", "html"}, {"json", "json"}, {"text", "text"}, {"csv", "csv"}})
                 .value_or(t.type == Type::put ? "html" : "md");
  if (const auto* body = in.node("json")) {
    const auto* members = body->as_table();
    if (!members) in.fail("json", fmt::format("'json' in {} must be a table", in.title()));
    for (const auto& [key, value] : in_file_order(*members)) t.json.emplace_back(key, to_json(*value));
  }
  assign(t.link, in.text("link"));
  assign(t.redact, in.text("redact"));
  assign(t.folder, in.text("folder"));
  assign(t.path, in.text("path"));
  assign(t.message, in.text("message"));
  in.finish();
  check_publish(in, t);
  return t;
}

DocumentConfig read_document_config(Reader& in) {
  DocumentConfig config;
  if (const auto launch = in.table("launch")) config.launch = read_launch_rules(*launch);
  for (auto& [name, redaction] : in.named_tables("redact"))
    config.redactions.push_back(read_redaction(redaction, name));
  for (auto& [name, target] : in.named_tables("publish")) {
    config.publish.push_back(read_publish_target(target, name));
    const auto& redact = config.publish.back().redact;
    if (!redact.empty() && std::ranges::find(config.redactions, redact, &Redaction::name) == config.redactions.end())
      target.fail("redact", fmt::format("[publish.{}]: there is no [redact.{}]", name, visible(redact)));
  }
  return config;
}

DocumentConfig parse_document_config(std::string_view toml, const std::filesystem::path& file) {
  const auto root = parse_toml(toml, display(file.filename()));
  Reader in(root, "", find_knob_table(""));
  return read_document_config(in);
}

DocumentConfig load_document_config(const std::filesystem::path& file) {
  return parse_document_config(read_file(file, std::size_t{2} << 20), file);
}

}  // namespace sitrep::config
