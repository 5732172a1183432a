#include "policy/launch_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/business_days.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"
#include "policy/outline.hpp"

namespace sitrep::policy {
namespace {

using Level = FileFinding::Level;

constexpr std::array<std::string_view, 6> k_required_fields = {"title", "owner", "service",
                                                               "tier",  "phase", "target_date"};
constexpr std::array<std::string_view, 3> k_phases = {"alpha", "beta", "ga"};

class Check {
 public:
  Check(const LaunchReview& review, const config::LaunchPolicy& policy, const LaunchFacts& facts)
      : review_(review),
        policy_(policy),
        facts_(facts),
        sections_(outline_of(review.body, review.body_line).sections) {}

  std::vector<FileFinding> run() {
    check_fields();
    check_sections();
    check_approvers();
    check_dates();
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

  std::optional<std::int64_t> tier() const {
    const auto tier = parse_integer(review_.text("tier"));
    return tier && *tier >= 1 && *tier <= 4 ? tier : std::nullopt;
  }

  void check_fields() {
    for (const auto name : k_required_fields) {
      if (!trim_view(review_.text(name)).empty()) continue;
      add("L001", Level::error, line_of(name), name, "the front matter does not say",
          fmt::format("add '{}: …' to it", name));
    }
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

  std::vector<std::string> required_sections() const {
    auto required = policy_.required_sections;
    const auto take = [&](const std::vector<std::string>& more) {
      for (const auto& title : more) {
        const auto same = [&](const std::string& known) { return equal_ignoring_case(known, title); };
        if (std::none_of(required.begin(), required.end(), same)) required.push_back(title);
      }
    };
    if (const auto number = tier()) {
      const auto found = policy_.required_sections_by_tier.find(static_cast<int>(*number));
      if (found != policy_.required_sections_by_tier.end()) take(found->second);
    }
    take(facts_.required_sections);
    return required;
  }

  void check_sections() {
    const auto required = required_sections();
    std::set<std::string> wanted;
    for (const auto& title : required) {
      wanted.insert(lower_ascii(title));
      const auto found = std::find_if(sections_.begin(), sections_.end(),
                                      [&](const Section& s) { return equal_ignoring_case(s.title, title); });
      if (found == sections_.end()) {
        add("L010", Level::error, review_.body_line, title, "this section is missing",
            fmt::format("add '## {}' and say it there", title));
      } else if (found->lines.empty()) {
        add("L011", Level::error, found->line, title, "this section says nothing",
            "write it, or say why it does not apply");
      }
    }
    for (const auto& section : sections_) {
      const auto level = wanted.contains(lower_ascii(section.title)) ? Level::error : Level::warning;
      for (const auto& [line, text] : section.lines) {
        if (const auto placeholder = placeholder_in(text)) {
          add("L012", level, line, section.title, fmt::format("\"{}\" is a placeholder", *placeholder),
              "replace it by the answer");
        }
      }
    }
  }

  void check_approvers() {
    for (const auto& area : policy_.approvers) {
      const auto field = "approver_" + area;
      if (!trim_view(review_.text(field)).empty()) continue;
      add("L020", Level::error, line_of(field), field, fmt::format("nobody is named to approve {}", area),
          fmt::format("add '{}: NAME' to the front matter", field));
    }
  }

  /// The promise of the slowest area, and its name.
  std::pair<std::int64_t, std::string> longest_review() const {
    std::pair<std::int64_t, std::string> longest{0, ""};
    const auto promised = [&](const std::string& area) {
      const auto found = policy_.review_days.find(area);
      const auto fallback = policy_.review_days.find("default");
      return found != policy_.review_days.end()      ? found->second
             : fallback != policy_.review_days.end() ? fallback->second
                                                     : 0;
    };
    for (const auto& area : policy_.approvers) {
      if (promised(area) > longest.first) longest = {promised(area), area};
    }
    return longest;
  }

  void check_dates() {
    const auto target = parse_date(review_.text("target_date"));
    if (!target) return;
    const auto line = line_of("target_date");
    if (*target < facts_.today) {
      add("L030", Level::error, line, "target_date",
          fmt::format("{} is over: today is {}", format_date(*target), format_date(facts_.today)), "set a new date");
      return;
    }
    const auto left = business_days(facts_.today, *target, facts_.holidays);
    if (const auto [days, area] = longest_review(); left < days) {
      add("L031", Level::warning, line, "target_date",
          fmt::format("{} leaves {}; {} may take {}", format_date(*target), count_of(left, "business day"), area, days),
          "file it soon, or move the date");
    }
    for (const auto& freeze : facts_.freezes) {
      if (*target < freeze.from || *target > freeze.to) continue;
      add("L032", Level::error, line, "target_date",
          fmt::format("{} lies in the freeze \"{}\" from {} to {}", format_date(*target), visible(freeze.name),
                      format_date(freeze.from), format_date(freeze.to)),
          "choose a day outside, or get an exception");
    }
  }

  const LaunchReview& review_;
  const config::LaunchPolicy& policy_;
  const LaunchFacts& facts_;
  std::vector<Section> sections_;
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

std::vector<FileFinding> check_launch(const LaunchReview& review, const config::LaunchPolicy& policy,
                                      const LaunchFacts& facts) {
  return Check(review, policy, facts).run();
}

}  // namespace sitrep::policy
