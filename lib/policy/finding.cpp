#include "policy/finding.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.hpp"

namespace sitrep::policy {
namespace {

using evaluation::Result;

std::string more_items(const Result& r) {
  const auto others = static_cast<std::int64_t>(r.items.size()) + r.items_left_out - 1;
  return others > 0 ? fmt::format("; {} more", others) : std::string();
}

std::string sum_reason(const Result& r, Color color) {
  auto text = r.title + ": " + evaluation::text_of(r);
  if (*r.value > 0 && static_cast<double>(r.n) > *r.value) text += fmt::format(" of {}", r.n);
  if (color != Color::green && !r.items.empty()) text += ": " + r.items.front().label + more_items(r);
  return text;
}

std::string change_reason(const Result& r) {
  auto text = r.title + ": " + evaluation::text_of(r);
  if (r.previous) text += fmt::format(", {} the period before", evaluation::text_of(*r.previous, r.kind, r.unit));
  return text + ": " + evaluation::verdict_text(r);
}

std::string share_reason(const Result& r) {
  auto text = r.title + ": " + evaluation::text_of(r);
  if (r.kind == "proportion") text += fmt::format(" ({} of {}", r.good.value_or(0), r.n);
  const auto interval = evaluation::interval_text(r);
  if (r.kind == "proportion")
    text += interval.empty() ? ")" : ", " + interval + ")";
  else if (!interval.empty())
    text += " (" + interval + ")";
  return text;
}

std::string reason_of(const Result& r, Color color) {
  if (!r.value) {
    auto text = fmt::format("{}: not reportable: {}", r.title, r.not_reportable);
    if (!r.items.empty()) text += " (" + r.items.front().label + more_items(r) + ")";
    return text;
  }
  if (r.kind == "count") return change_reason(r);
  if (r.kind != "level") return share_reason(r);
  const bool adds_up =
      r.unit != "days" && r.unit != "business days" && r.unit != "hours" && r.unit != "ratio" && r.unit != "slips";
  if (adds_up) return sum_reason(r, color);
  auto text = r.title + ": " + evaluation::text_of(r);
  if (r.unit != "ratio" && r.unit != "hours")
    text += " " + (*r.value == 1 ? r.unit.substr(0, r.unit.size() - 1) : r.unit);
  if (color != Color::green && !r.items.empty()) return r.items.front().label;
  return text;
}

}  // namespace

void check_rules(std::span<const config::Rule> rules, const evaluation::Evaluator& evaluator) {
  for (const auto& rule : rules) {
    std::vector<std::string_view> known;
    for (const auto& m : evaluator.metrics()) known.push_back(m.name);
    if (std::find(known.begin(), known.end(), rule.metric) == known.end()) {
      fail(ErrorKind::config, "{}: rule '{}' is over an unknown metric '{}'{}; see 'sitrep metric list'",
           rule.where.text(), rule.name, visible(rule.metric), did_you_mean(rule.metric, known));
    }
  }
}

void check_exemptions(std::span<const config::Exemption> exemptions, std::span<const config::Rule> rules) {
  for (const auto& e : exemptions) {
    const auto rule = std::ranges::find(rules, e.rule, &config::Rule::name);
    if (rule == rules.end()) {
      std::vector<std::string_view> known;
      for (const auto& r : rules) known.push_back(r.name);
      fail(ErrorKind::config, "{}: there is no rule '{}' to set aside{}", e.where.text(), visible(e.rule),
           did_you_mean(e.rule, known));
    }
    const std::string_view narrowed = !e.service.empty() ? "service" : !e.team.empty() ? "team" : "";
    if (!narrowed.empty() && rule->scope != narrowed) {
      fail(ErrorKind::config,
           "{}: the exemption is for a {}, but rule '{}' judges by {}; name no {} or give the rule "
           "scope = \"{}\"",
           e.where.text(), narrowed, e.rule, rule->scope, narrowed, narrowed);
    }
  }
}

namespace {

std::optional<Finding> judge_one(evaluation::Evaluator& evaluator, const config::Rule& rule,
                                 const evaluation::Window& window, const evaluation::Scope& scope) {
  using evaluation::Verdicts;
  Finding f;
  f.rule = rule.name;
  f.metric = rule.metric;
  f.result = evaluator.evaluate(rule.metric, window, scope, rule.worse.empty() ? Verdicts::no : Verdicts::yes);
  f.dimension = !rule.dimension.empty() ? rule.dimension : f.result.dimension.empty() ? "data" : f.result.dimension;
  if (!f.result.value) {
    if (!evaluator.applies(rule.metric, window, scope)) return std::nullopt;
    f.color = Color::grey;
    f.reason = reason_of(f.result, f.color);
    return f;
  }
  f.color = Color::green;
  if (rule.red && rule.red->met_by(*f.result.value)) {
    f.color = Color::red;
    f.threshold = rule.red->text;
  } else if (rule.yellow && rule.yellow->met_by(*f.result.value)) {
    f.color = Color::yellow;
    f.threshold = rule.yellow->text;
  }
  if (!rule.worse.empty() && f.result.judgement.verdict == metrics::Verdict::worse) {
    const auto color = rule.worse == "red" ? Color::red : Color::yellow;
    if (color > f.color) {
      f.color = color;
      f.threshold = "worse than the period before";
    }
  }
  f.reason = reason_of(f.result, f.color);
  if (f.color == Color::green && f.result.kind == "level" && f.result.coverage.with < f.result.coverage.of) {
    // The one that nobody sees may be the one that is red.
    f.color = Color::grey;
    f.reason += fmt::format(" in {} of {}; the rest can't be judged", f.result.coverage.with, f.result.coverage.of);
    const auto unseen = std::ranges::find_if(f.result.items, [](const auto& item) { return !item.value; });
    if (unseen != f.result.items.end()) f.reason += ": " + unseen->label;
  }
  return f;
}

/// Green because there is nothing: of records that name their program themselves it says that the program has none; of
/// others it says nothing good about a program whose services nobody named.
bool says_nothing(const Finding& finding, const ProgramScope& program) {
  if (finding.color != Color::green || finding.result.n > 0 || program.name.empty() || finding.dimension == "data")
    return false;
  return finding.dimension == "schedule" || finding.dimension == "launches" || program.services.empty();
}

bool holds_for(const std::vector<std::string>& names, const std::string& wanted) {
  return wanted.empty() || std::ranges::any_of(names, [&](const auto& n) { return equal_ignoring_case(n, wanted); });
}

/// Whether it speaks of the program, and of the service or team it names when it names one.
bool concerns(const config::Exemption& e, const ProgramScope& program) {
  return (e.program.empty() || equal_ignoring_case(e.program, program.name)) &&
         holds_for(program.services, e.service) && holds_for(program.teams, e.team);
}

/// Turns red or yellow into green while an exemption for just these services and teams holds.
void exempt(Finding& finding, const Exemptions& exemptions, const ProgramScope& of) {
  if (finding.color != Color::red && finding.color != Color::yellow) return;
  for (const auto& e : exemptions.list) {
    if (e.rule != finding.rule || !e.expires || exemptions.today > *e.expires || !concerns(e, of)) continue;
    finding.exemption = &e;
    finding.without_exemption = finding.color;
    finding.color = Color::green;
    finding.reason += fmt::format(" (exempt until {}: {}, {})", format_date(*e.expires), e.reason, e.owner);
    return;
  }
}

/// Findings of one rule about the services or teams of a program, as one.
class Judged {
 public:
  void add(const std::string& name, Finding finding) {
    ++judged_;
    finding.reason = name + ": " + finding.reason;
    if (finding.exemption && !exempt_) exempt_ = finding;
    if (worst_ && finding.color == worst_->color) ++as_bad_;
    if (worst_ && finding.color <= worst_->color) return;
    as_bad_ = 0;
    worst_ = std::move(finding);
  }

  std::optional<Finding> sum_up(std::string_view singular) && {
    if (!worst_) return std::nullopt;
    if (worst_->color != Color::green) {
      if (as_bad_ > 0) worst_->reason += fmt::format("; {} more of its {}s", as_bad_, singular);
    } else if (exempt_) {
      worst_ = std::move(exempt_);
    } else {
      worst_->reason = fmt::format("{}: within the rule in {}", worst_->result.title, count_of(judged_, singular));
    }
    return std::move(worst_);
  }

 private:
  std::optional<Finding> worst_, exempt_;
  std::int64_t judged_ = 0, as_bad_ = 0;
};

}  // namespace

std::optional<Finding> judge(evaluation::Evaluator& evaluator, const config::Rule& rule,
                             const evaluation::Window& window, const ProgramScope& program,
                             const Exemptions& exemptions) {
  using evaluation::Scope;
  if (rule.scope == "program") {
    auto finding = judge_one(evaluator, rule, window, program.name);
    if (finding && says_nothing(*finding, program)) return std::nullopt;
    if (finding) exempt(*finding, exemptions, {program.name, {}, {}});
    return finding;
  }
  const bool by_service = rule.scope == "service";
  Judged all;
  for (const auto& name : by_service ? program.services : program.teams) {
    auto finding = judge_one(evaluator, rule, window, by_service ? Scope::of_service(name) : Scope::of_team(name));
    if (!finding) continue;
    ProgramScope of{program.name, {}, {}};
    (by_service ? of.services : of.teams).push_back(name);
    exempt(*finding, exemptions, of);
    all.add(name, std::move(*finding));
  }
  return std::move(all).sum_up(by_service ? "service" : "team");
}

std::vector<Finding> expired_exemptions(std::span<const config::Exemption> exemptions,
                                        std::span<const config::Rule> rules, const evaluation::Evaluator& evaluator,
                                        const ProgramScope& program, Date today) {
  std::vector<Finding> result;
  for (const auto& e : exemptions) {
    if (!e.expires || today <= *e.expires || !concerns(e, program)) continue;
    Finding f;
    f.rule = "exemption of " + e.rule;
    f.color = Color::red;
    f.threshold = "past " + format_date(*e.expires);
    f.dimension = "data";
    for (const auto& rule : rules) {
      if (rule.name != e.rule) continue;
      f.metric = rule.metric;
      f.dimension = !rule.dimension.empty() ? rule.dimension : evaluator.find(rule.metric).dimension;
    }
    const auto narrowed = e.service.empty() ? e.team : e.service;
    f.reason = fmt::format("exemption of {}{} expired on {}: {} ({}); settle it or renew it", e.rule,
                           narrowed.empty() ? "" : " for " + narrowed, format_date(*e.expires), e.reason, e.owner);
    result.push_back(std::move(f));
  }
  return result;
}

}  // namespace sitrep::policy
