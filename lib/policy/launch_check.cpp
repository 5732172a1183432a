#include "policy/launch_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/business_days.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"
#include "policy/launch_capacity.hpp"
#include "policy/launch_dates.hpp"
#include "policy/outline.hpp"

namespace sitrep::policy {
namespace {

using Level = FileFinding::Level;

constexpr std::array<std::string_view, 6> k_required_fields = {"title", "owner", "service",
                                                               "tier",  "phase", "target_date"};
constexpr std::array<std::string_view, 3> k_phases = {"alpha", "beta", "ga"};
constexpr std::chrono::days k_stale_rollback{180};

/// Adds what is not there yet; titles and areas are compared without regard to case.
void take(std::vector<std::string>& into, const std::vector<std::string>& more) {
  for (const auto& one : more) {
    const auto same = [&](const std::string& known) { return equal_ignoring_case(known, one); };
    if (std::none_of(into.begin(), into.end(), same)) into.push_back(one);
  }
}

void take(config::LaunchDemands& into, const config::LaunchDemands& more) {
  take(into.required_sections, more.required_sections);
  take(into.required_fields, more.required_fields);
  take(into.evidence, more.evidence);
  take(into.approvers, more.approvers);
}

class Check {
 public:
  Check(const LaunchReview& review, const config::LaunchRules& policy, const LaunchFacts& facts)
      : review_(review),
        policy_(policy),
        facts_(facts),
        outline_(outline_of(review.body, review.body_line)),
        demands_(demands_of(policy, tier(), review.text("phase"))) {}

  std::vector<FileFinding> run() {
    check_fields();
    check_rollback();
    check_sections();
    check_evidence();
    check_approvers();
    check_capacity(review_, tier(), policy_, facts_, findings_);
    check_dates(review_, demands_, policy_, facts_, findings_);
    apply_exceptions();
    std::stable_sort(findings_.begin(), findings_.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    return std::move(findings_);
  }

 private:
  void add(const char* code, Level level, std::size_t line, std::string_view subject, std::string reason,
           std::string remedy) {
    findings_.push_back({code, level, line, std::string(subject), std::move(reason), std::move(remedy)});
  }

  std::size_t line_of(std::string_view field) const {
    const auto* found = review_.find(field);
    return found == nullptr ? 1 : found->line;
  }

  std::optional<int> tier() const {
    const auto tier = parse_integer(review_.text("tier"));
    return tier && *tier >= 1 && *tier <= 4 ? std::optional(static_cast<int>(*tier)) : std::nullopt;
  }

  void require_field(std::string_view name) {
    if (!trim_view(review_.text(name)).empty()) return;
    add("L001", Level::error, line_of(name), name, "the front matter does not say",
        fmt::format("add '{}: …' to it", name));
  }

  void check_fields() {
    for (const auto name : k_required_fields) require_field(name);
    for (const auto& name : demands_.required_fields)
      if (std::find(k_required_fields.begin(), k_required_fields.end(), name) == k_required_fields.end())
        require_field(name);
    const auto bad = [&](std::string_view name, std::string_view what) {
      add("L002", Level::error, line_of(name), name, fmt::format("'{}' is not {}", visible(review_.text(name)), what),
          fmt::format("write {}", what));
    };
    if (!review_.text("tier").empty() && !tier()) bad("tier", "a tier from 1 to 4");
    const auto phase = review_.text("phase");
    if (!phase.empty() && std::find(k_phases.begin(), k_phases.end(), phase) == k_phases.end()) {
      bad("phase", "one of alpha, beta, ga");
    }
    if (!review_.text("target_date").empty() && !parse_date(review_.text("target_date"))) {
      bad("target_date", "a date as YYYY-MM-DD");
    }
  }

  void check_rollback() {
    const auto time = review_.text("rollback_time"), tested = review_.text("rollback_tested");
    if (!time.empty() && !parse_duration(time))
      add("L003", Level::error, line_of("rollback_time"), "rollback_time",
          fmt::format("'{}' is not a duration", visible(time)), "write how long the rollback takes: 5m, 2h");
    if (tested.empty()) return;
    const auto day = parse_date(tested);
    if (!day || *day > facts_.today)
      add("L003", Level::error, line_of("rollback_tested"), "rollback_tested",
          fmt::format("'{}' is not a day that has been", visible(tested)), "write the day on which it was last tried");
    else if (facts_.today - *day > k_stale_rollback)
      add("L004", Level::warning, line_of("rollback_tested"), "rollback_tested",
          fmt::format("the rollback was last tried on {}", format_date(*day)), "try it again before the launch");
  }

  void check_sections() {
    auto required = demands_.required_sections;
    take(required, facts_.required_sections);
    std::set<std::string> wanted;
    for (const auto& title : required) {
      wanted.insert(lower_ascii(title));
      const auto* found = outline_.find(title);
      if (found == nullptr) {
        add("L010", Level::error, review_.body_line, title, "this section is missing",
            fmt::format("add '## {}' and say it there", title));
      } else if (found->lines.empty()) {
        add("L011", Level::error, found->line, title, "this section says nothing",
            "write it, or say why it does not apply");
      }
    }
    for (const auto& section : outline_.sections) {
      const auto level = wanted.contains(lower_ascii(section.title)) ? Level::error : Level::warning;
      for (const auto& [line, text] : section.lines) {
        if (const auto placeholder = placeholder_in(text)) {
          add("L012", level, line, section.title, fmt::format("\"{}\" is a placeholder", *placeholder),
              "replace it by the answer");
        }
      }
    }
  }

  /// Lines from a section's heading to the next heading of the second level.
  std::pair<std::size_t, std::size_t> span_of(const Section& section) const {
    auto end = static_cast<std::size_t>(-1);
    for (const auto& other : outline_.sections)
      if (other.line > section.line) end = std::min(end, other.line);
    return {section.line, end};
  }

  void check_evidence() {
    for (const auto& title : demands_.evidence) {
      const auto* section = outline_.find(title);
      if (section == nullptr || section->lines.empty()) continue;  // told already, or not asked for
      const auto [from, to] = span_of(*section);
      bool any = std::any_of(section->lines.begin(), section->lines.end(), [](const auto& line) {
        return line.second.find("https://") != std::string::npos || line.second.find("http://") != std::string::npos;
      });
      for (const auto& link : outline_.links) {
        if (link.line < from || link.line >= to || link.target.empty()) continue;
        any = true;
        check_link(title, link);
      }
      if (!any)
        add("L013", Level::error, section->line, title, "nothing here shows that it is so",
            "link the evidence: a dashboard, a test run, a review");
    }
  }

  void check_link(const std::string& section, const Link& link) {
    const bool elsewhere = link.target.find(':') != std::string::npos || link.target.starts_with('#');
    if (elsewhere || !facts_.link_leads || facts_.link_leads(link.target)) return;
    add("L014", Level::error, link.line, section, fmt::format("the link '{}' leads to no file", visible(link.target)),
        "correct the path, which is relative to this file");
  }

  void check_approvers() {
    for (const auto& area : demands_.approvers) {
      const auto field = "approver_" + area;
      const auto approver = trim_view(review_.text(field));
      if (approver.empty())
        add("L020", Level::error, line_of(field), field, fmt::format("nobody is named to approve {}", area),
            fmt::format("add '{}: NAME' to the front matter", field));
      else if (equal_ignoring_case(approver, trim_view(review_.text("owner"))))
        add("L021", Level::error, line_of(field), field,
            fmt::format("{} owns the launch and would approve {} of it", visible(approver), area),
            "name somebody else");
    }
  }

  bool is_about_this(const config::LaunchRules::Exception& exception) const {
    return exception.review == review_.file || equal_ignoring_case(exception.review, review_.text("id")) ||
           equal_ignoring_case(exception.review, review_.text("title"));
  }

  void apply_exceptions() {
    std::vector<FileFinding> expired;
    for (const auto& exception : policy_.exceptions) {
      if (!is_about_this(exception) || !exception.expires) continue;
      const bool holds = facts_.today <= *exception.expires;
      for (auto& finding : findings_) {
        if (finding.code != exception.code) continue;
        if (holds) {
          finding.level = Level::note;
          finding.reason += fmt::format(" (exception until {}: {}, {})", format_date(*exception.expires),
                                        exception.reason, exception.owner);
        } else {
          expired.push_back({"L090", Level::error, finding.line, exception.code,
                             fmt::format("the exception that {} granted ended on {}", exception.owner,
                                         format_date(*exception.expires)),
                             fmt::format("settle it, or renew it at {}", exception.where.text())});
        }
      }
    }
    findings_.insert(findings_.end(), expired.begin(), expired.end());
  }

  const LaunchReview& review_;
  const config::LaunchRules& policy_;
  const LaunchFacts& facts_;
  Outline outline_;
  config::LaunchDemands demands_;
  std::vector<FileFinding> findings_;
};

}  // namespace

const LaunchReview::Field* LaunchReview::find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [name](const Field& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::string_view LaunchReview::text(std::string_view name) const {
  const auto* field = find(name);
  return field == nullptr ? std::string_view() : std::string_view(field->value);
}

config::LaunchDemands demands_of(const config::LaunchRules& policy, std::optional<int> tier, std::string_view phase) {
  auto demands = policy.all;
  if (!policy.names_fields) {
    take(demands.required_fields, {"oncall"});
    if (tier && *tier <= 2) take(demands.required_fields, {"rollback_time", "rollback_tested"});
  }
  if (tier)
    if (const auto found = policy.by_tier.find(*tier); found != policy.by_tier.end()) take(demands, found->second);
  if (const auto found = policy.by_phase.find(std::string(phase)); found != policy.by_phase.end())
    take(demands, found->second);
  return demands;
}

std::vector<FileFinding> check_launch(const LaunchReview& review, const config::LaunchRules& policy,
                                      const LaunchFacts& facts) {
  return Check(review, policy, facts).run();
}

}  // namespace sitrep::policy
