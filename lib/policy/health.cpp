#include "policy/health.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <future>
#include <set>
#include <thread>

#include "base/embedded_file.hpp"
#include "base/text.hpp"
#include "evaluation/readings.hpp"
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
  health.color = health.dimensions.empty() ? Color::grey : Color::green;
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

namespace {

std::vector<std::string> rules_behind(const Health& health) {
  std::vector<std::string> rules;
  if (health.color != Color::yellow && health.color != Color::red) return rules;
  for (const auto& d : health.dimensions) {
    for (const auto& f : d.findings) {
      if (f.color == health.color) rules.push_back(f.rule);
    }
  }
  return rules;
}

std::string in_capitals(Color color) {
  std::string text(name(color));
  for (auto& c : text) c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// Of the built-in rules: the periods that a verdict is made of.
constexpr Seconds k_looks_back = std::chrono::weeks{15};

/// Those of `a` that `b` does not have.
std::vector<std::string> without(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> result;
  for (const auto& one : a) {
    if (std::find(b.begin(), b.end(), one) == b.end()) result.push_back(one);
  }
  return result;
}

}  // namespace

std::string since_before(std::span<const PastColor> trend) {
  if (trend.size() < 2) return {};
  const auto& now = trend.back();
  const auto& before = trend[trend.size() - 2];
  if (!now.color || !before.color) return {};
  const bool same = *now.color == *before.color;
  std::string text =
      same ? "unchanged " + in_capitals(*now.color) : in_capitals(*before.color) + " → " + in_capitals(*now.color);
  const auto added = without(now.rules, before.rules);
  const auto gone = without(before.rules, now.rules);
  if (!added.empty()) text += (same ? ", new: " : ": ") + join(added, ", ");
  if (!gone.empty()) text += "; no longer " + join(gone, ", ");
  return text;
}

std::map<std::string, std::vector<PastColor>> trend(const OpenAsOf& open, const config::Config* config,
                                                    const Calendar& calendar, UnixTime now, int weeks,
                                                    std::shared_ptr<evaluation::Readings> readings) {
  std::map<std::string, std::vector<PastColor>> result;
  std::vector<UnixTime> moments;
  for (int i = weeks - 1; i >= 0; --i) moments.push_back(now - std::chrono::weeks{i});
  if (moments.empty()) return result;
  if (!readings) readings = std::make_shared<evaluation::Readings>();
  readings->expect(moments.front() - k_looks_back);
  // Each moment is a store of its own: every processor takes every n-th of them.
  std::vector<std::vector<Health>> known(moments.size());
  const std::size_t workers = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, moments.size());
  std::vector<std::future<void>> running;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    running.push_back(std::async(workers == 1 ? std::launch::deferred : std::launch::async, [&, worker] {
      for (std::size_t i = worker; i < moments.size(); i += workers) {
        auto store = open(moments[i]);
        evaluation::Evaluator::Options options;
        options.now = moments[i];
        options.calendar = calendar;
        options.origins = k_trend_origins;
        options.items = evaluation::Items::no;
        options.readings = readings;
        if (config) options.own = config->metrics;
        evaluation::Evaluator evaluator(store, std::move(options));
        known[i] = health(evaluator, store, config);
      }
    }));
  }
  for (auto& part : running) part.wait();  // all of them, before an exception of one leaves: they use our frame
  for (auto& part : running) part.get();
  for (std::size_t i = 0; i < moments.size(); ++i) {
    for (const auto& h : known[i]) {
      auto& colors = result[h.program];
      while (colors.size() < i) colors.push_back({moments[colors.size()], std::nullopt, {}});
      colors.push_back({moments[i], h.color, rules_behind(h)});
    }
  }
  for (auto& [program, colors] : result) {
    while (colors.size() < moments.size()) colors.push_back({moments[colors.size()], std::nullopt, {}});
  }
  return result;
}

}  // namespace sitrep::policy
