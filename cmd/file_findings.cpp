#include "file_findings.hpp"

#include "base/file.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <set>

namespace sitrep::cmd {
namespace {

using policy::FileFinding;
using Level = FileFinding::Level;

/// A value inside a GitHub workflow command.
std::string github_escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    const bool escape = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    out += escape ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

void print_github(const std::vector<FoundInFile>& all, std::ostream& out) {
  for (const auto& [file, f] : all) {
    const auto* level = f.level == Level::note ? "notice" : policy::name(f.level);
    out << fmt::format("::{} file={},line={},title={}::{}: {}; {}\n", level, github_escaped(file, true), f.line, f.code,
                       github_escaped(visible(f.subject), false), github_escaped(f.reason, false),
                       github_escaped(f.remedy, false));
  }
}

void write_sarif_result(json::Writer& w, const FoundInFile& found) {
  const auto& f = found.finding;
  w.begin_object().member("ruleId", f.code).member("level", policy::name(f.level));
  w.key("message").begin_object();
  w.member("text", fmt::format("{}: {}; {}", visible(f.subject), f.reason, f.remedy)).end_object();
  w.key("locations").begin_array().begin_object().key("physicalLocation").begin_object();
  w.key("artifactLocation").begin_object().member("uri", percent_encode(found.file, "/")).end_object();
  w.key("region").begin_object().member("startLine", static_cast<std::int64_t>(f.line)).end_object();
  w.end_object().end_object().end_array().end_object();
}

/// SARIF 2.1.0 (OASIS), as GitHub's code scanning reads it.
std::string to_sarif(const std::vector<FoundInFile>& all, const std::string& version) {
  std::set<std::string> codes;
  for (const auto& found : all) codes.insert(found.finding.code);
  json::Writer w(json::Layout::indented);
  w.begin_object().member("$schema", "https://json.schemastore.org/sarif-2.1.0.json").member("version", "2.1.0");
  w.key("runs").begin_array().begin_object().key("tool").begin_object().key("driver").begin_object();
  w.member("name", "sitrep").member("version", version).key("rules").begin_array();
  for (const auto& code : codes) w.begin_object().member("id", code).end_object();
  w.end_array().end_object().end_object().key("results").begin_array();
  for (const auto& found : all) write_sarif_result(w, found);
  w.end_array().end_object().end_array().end_object();
  return w.take() + "\n";
}

cli::Table to_table(const std::vector<FoundInFile>& all) {
  cli::Table table;
  table.columns = {{"file"}, {"line"}, {"level"}, {"code"}, {"subject"}, {"reason"}, {"remedy"}};
  for (const auto& [file, f] : all) {
    table.rows.push_back({file, static_cast<std::int64_t>(f.line), std::string(policy::name(f.level)), f.code,
                          f.subject, f.reason, f.remedy});
  }
  return table;
}

}  // namespace

std::string finding_line(const std::string& file, const FileFinding& finding) {
  return fmt::format("{}:{}: {} {} {}: {}; {}", display(file), finding.line, policy::name(finding.level), finding.code,
                     visible(finding.subject), finding.reason, finding.remedy);
}

std::vector<std::string> finding_formats() { return {"text", "json", "github", "sarif", "csv", "ndjson", "markdown"}; }

int print_findings(cli::Context& ctx, const std::vector<FoundInFile>& all, std::string_view schema,
                   const std::string& where) {
  const auto count = [&](Level level) {
    return std::count_if(all.begin(), all.end(), [&](const FoundInFile& f) { return f.finding.level == level; });
  };
  const auto errors = count(Level::error);
  const auto format = ctx.format();
  if (format == "github") {
    print_github(all, ctx.out());
  } else if (format == "sarif") {
    ctx.out() << to_sarif(all, ctx.world().version);
  } else if (!ctx.wants_rows()) {
    for (const auto& [file, finding] : all) ctx.out() << finding_line(file, finding) << '\n';
    const auto notes = count(Level::note);
    ctx.note(all.empty()
                 ? "nothing found." + where
                 : fmt::format("{}, {}{}.{}", count_of(errors, "error"), count_of(count(Level::warning), "warning"),
                               notes > 0 ? ", " + count_of(notes, "note") : "", where));
  } else {
    ctx.print(to_table(all), schema);
  }
  return errors > 0 ? 1 : 0;
}

}  // namespace sitrep::cmd
