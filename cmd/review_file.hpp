#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "docs/front_matter.hpp"
#include "outbox/filing.hpp"
#include "policy/launch_check.hpp"

// What the commands about launch reviews share.
namespace sitrep::cmd {

/// A launch review as it stands on disk.
struct ReviewFile {
  std::filesystem::path path;  ///< absolute
  std::string name;            ///< as messages call it: as given
  std::string key;             ///< relative to the workspace: its name in the outbox
  std::string text;
  docs::FrontMatter front;
};

/// Error{store} when it can't be read, Error{data} for front matter that isn't any. Outside a workspace `key` is
/// `name`.
ReviewFile read_review(cli::Context& ctx, const std::string& file);

policy::LaunchReview to_review(const ReviewFile& file);
/// [launch] of sitrep.toml; what holds without one outside a workspace.
config::LaunchRules launch_policy(cli::Context& ctx);
/// Today, the sections that the document type wants, and as far as the workspace has a store: calendar, review times,
/// capacity. Borrows the context.
policy::LaunchFacts launch_facts(cli::Context& ctx);
/// Holds a file against the policy; relative links are followed from where it stands.
std::vector<policy::FileFinding> check_review(const ReviewFile& file, const config::LaunchRules& policy,
                                              policy::LaunchFacts& facts);

/// The source that reviews are filed with: [launch] source, or the only one with an action "file". Error{config}.
const config::Source& filing_source(cli::Context& ctx);
outbox::Subject to_subject(const ReviewFile& file);

}  // namespace sitrep::cmd
