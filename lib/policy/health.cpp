#include "policy/health.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/embedded_file.hpp"
#include "base/text.hpp"
#include "policy/finding.hpp"

namespace sitrep::policy {

std::span<const EmbeddedFile> rule_files();  // made by sitrep_embed from rules.toml

namespace {

constexpr std::array<std::string_view, 8> k_dimensions = {"schedule",    "launches", "incidents", "follow-through",
                                                          "reliability", "capacity", "support",   "data"};

struct Program {
  std::string name, owner, declared, team;
  bool over() const {
    const auto status = lower_ascii(declared);
    return status == "done" || status == "completed" || status == "complete" || status == "cancelled" ||
           status == "canceled" || status == "closed";
  }
};

std::vector<Program> read_programs(store::Store& store) {
  std::vector<Program> result;
  store::Statement rows(store.db(),
                        "SELECT coalesce(name, id), owner, status, team FROM program ORDER BY 1, source, id");
  while (rows.step()) {
    Program p{std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)),
              std::string(rows.text(3))};
    if (result.empty() || !equal_ignoring_case(result.back().name, p.name)) result.push_back(std::move(p));
  }
  return result;
}

void add_notes(Health& health, std::span<const Note> notes) {
  if (notes.empty()) return;
  const std::string_view program = health.program;
  health.notes = notes_on(notes, {&program, 1});
  for (auto& dimension : health.dimensions) {
    for (auto& finding : dimension.findings) {
      std::vector<std::string_view> subjects{finding.rule, finding.metric};
      for (const auto& item : finding.result.items) subjects.push_back(item.id);
      finding.notes = notes_on(notes, subjects);
    }
  }
}

ProgramScope scope_of(const Program& program, const evaluation::Evaluator& evaluator) {
  ProgramScope scope{program.name, {}, {}};
  std::set<std::string> teams;
  if (!program.team.empty()) teams.insert(program.team);
  for (const auto& service : evaluator.services()) {
    if (service.program != program.name) continue;
    scope.services.push_back(service.name);
    if (!service.team.empty()) teams.insert(service.team);
  }
  scope.teams.assign(teams.begin(), teams.end());
  return scope;
}

bool declared_green(std::string_view declared) {
  const auto status = lower_ascii(declared);
  return status == "green" || status == "on track" || status == "on_track" || status == "on-track";
}

void add_finding(Health& health, Finding finding) {
  const auto at = std::find_if(health.dimensions.begin(), health.dimensions.end(),
                               [&](const Dimension& d) { return d.name == finding.dimension; });
  auto& dimension = at == health.dimensions.end() ? health.dimensions.emplace_back() : *at;
  dimension.name = finding.dimension;
  dimension.findings.push_back(std::move(finding));
}

std::size_t dimension_rank(const std::string& name) {
  return static_cast<std::size_t>(std::find(k_dimensions.begin(), k_dimensions.end(), name) - k_dimensions.begin());
}

/// Dimensions in order, findings worst first, colors summed up.
void finish(Health& health) {
  std::stable_sort(health.dimensions.begin(), health.dimensions.end(), [](const Dimension& a, const Dimension& b) {
    return dimension_rank(a.name) < dimension_rank(b.name);
  });
  // How fresh the data are says nothing about a program that they say nothing of.
  const bool known = std::ranges::any_of(health.dimensions, [](const Dimension& d) { return d.name != "data"; });
  health.color = known ? Color::green : Color::grey;
  for (auto& d : health.dimensions) {
    d.color = Color::green;
    for (const auto& f : d.findings) d.color = worse(d.color, f.color);
    std::stable_sort(d.findings.begin(), d.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.color > b.color; });
    health.color = worse(health.color, d.color);
  }
  health.watermelon = health.color == Color::red && declared_green(health.declared);
}

}  // namespace

std::string_view name(Color color) {
  switch (color) {
    case Color::green:
      return "green";
    case Color::grey:
      return "grey";
    case Color::yellow:
      return "yellow";
    case Color::red:
      break;
  }
  return "red";
}

Color worse(Color a, Color b) { return std::max(a, b); }

std::span<const std::string_view> dimensions() { return k_dimensions; }

std::vector<std::string> Health::reasons() const {
  std::vector<std::string> result;
  for (const auto& d : dimensions) {
    for (const auto& f : d.findings) {
      if (f.color == color && color != Color::green) result.push_back(f.reason);
    }
  }
  if (color == Color::grey && result.empty()) result.emplace_back("no records of it but its own");
  return result;
}

std::vector<config::Rule> rules(const config::Config* config) {
  std::vector<config::Rule> all;
  for (const auto& file : rule_files()) all = config::parse_rules(file.text, file.name);
  if (!config) return all;
  for (const auto& own : config->rules) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.name == own.name; });
    if (at == all.end())
      all.push_back(own);
    else
      *at = own;
  }
  return all;
}

std::vector<Note> notes_in_force(store::Store& store, Date today, UnixTime now) {
  std::vector<Note> result;
  store::Statement rows(store.db(),
                        "SELECT at, author, subject, text FROM note WHERE coalesce(at, 0) <= ?1 "
                        "AND (expires_date IS NULL OR expires_date >= ?2) ORDER BY at DESC, id");
  const auto day = format_date(today);  // bound as a view
  rows.bind(now, day);
  while (rows.step()) {
    result.push_back({rows.time(0), std::string(rows.text(1)), std::string(rows.text(2)), std::string(rows.text(3))});
  }
  return result;
}

std::vector<Note> notes_on(std::span<const Note> notes, std::span<const std::string_view> subjects) {
  std::vector<Note> found;
  for (const auto& note : notes) {
    const auto same = [&](std::string_view subject) { return equal_ignoring_case(note.subject, subject); };
    if (std::ranges::any_of(subjects, same)) found.push_back(note);
  }
  return found;
}

std::vector<Health> health(evaluation::Evaluator& evaluator, store::Store& store, const config::Config* config,
                           const HealthOptions& options, const std::optional<std::string>& program) {
  const auto window = evaluation::last_complete_window(evaluator.now(), options.length, evaluator.calendar());
  const Date today = evaluator.calendar().zone.date_of(evaluator.now());
  const auto in_force = rules(config);
  Exemptions exemptions{{}, today};
  if (config) exemptions.list = config->exemptions;
  check_rules(in_force, evaluator);
  check_exemptions(exemptions.list, in_force);
  const auto notes = notes_in_force(store, today, evaluator.now());
  const std::string wanted = program ? evaluator.program(*program) : std::string();
  std::vector<Health> result;
  for (const auto& p : read_programs(store)) {
    if (program ? p.name != wanted : p.over()) continue;
    Health h;
    h.program = p.name;
    h.owner = p.owner;
    h.declared = p.declared;
    const auto scope = scope_of(p, evaluator);
    for (const auto& rule : in_force) {
      if (auto finding = judge(evaluator, rule, window, scope, exemptions)) add_finding(h, std::move(*finding));
    }
    if (config) {
      for (auto& finding : expired_exemptions(config->exemptions, in_force, evaluator, scope, today)) {
        add_finding(h, std::move(finding));
      }
    }
    finish(h);
    add_notes(h, notes);
    result.push_back(std::move(h));
  }
  std::stable_sort(result.begin(), result.end(), [](const Health& a, const Health& b) { return a.color > b.color; });
  return result;
}

}  // namespace sitrep::policy
