#include "review_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "input_file.hpp"
#include "policy/launch_pipeline.hpp"
#include "report_inputs.hpp"
#include "store/latest_sample.hpp"
#include "store/listing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitrep::cmd {
namespace {

constexpr std::size_t k_largest_review = std::size_t{8} << 20;

/// Limits and use of the capacity resources, for what launches add to them.
std::vector<policy::LaunchFacts::Resource> resources_of(cli::Context& ctx) {
  std::vector<policy::LaunchFacts::Resource> resources;
  store::Listing listing;
  listing.entity = "capacity_resource";
  const auto listed = store::list(ctx.store(), listing);
  const auto text = [&](const std::vector<store::OwnedCell>& row, const char* column) {
    const auto* found = std::get_if<std::string>(&row[static_cast<std::size_t>(listed.index_of(column))]);
    return found == nullptr ? std::string() : *found;
  };
  for (const auto& row : listed.rows) {
    policy::LaunchFacts::Resource resource{text(row, "name"), text(row, "unit"), {}, {}};
    const auto* limit = std::get_if<double>(&row[static_cast<std::size_t>(listed.index_of("capacity_limit"))]);
    if (limit != nullptr) resource.limit = *limit;
    if (const auto sample = store::latest_sample(ctx.store(), text(row, "id"), ctx.now())) {
      resource.used = sample->used;
      if (sample->limit) resource.limit = sample->limit;
    }
    resources.push_back(std::move(resource));
  }
  return resources;
}

}  // namespace

ReviewFile read_review(cli::Context& ctx, const std::string& file) {
  ReviewFile review;
  review.name = file;
  review.path = (ctx.world().working_folder / file).lexically_normal();
  review.key = file;
  if (ctx.has_workspace()) {
    const auto relative = review.path.lexically_relative(ctx.workspace_folder());
    if (!relative.empty() && *relative.begin() != "..") review.key = relative.generic_string();
  }
  review.text = read_input(review.path, k_largest_review);
  if (!is_valid_utf8(review.text)) fail(ErrorKind::data, "{}: not UTF-8; save it as UTF-8", display(file));
  review.front = docs::parse_front_matter(review.text, display(file));
  if (review.front.fields.empty()) {
    fail(ErrorKind::data,
         "{}: no front matter; a launch review starts with YAML between '---' lines: see 'sitrep launch new'",
         display(file));
  }
  return review;
}

policy::LaunchReview to_review(const ReviewFile& file) {
  policy::LaunchReview review;
  review.file = file.key;
  for (const auto& field : file.front.fields) {
    review.fields.push_back({field.name, join(field.values, ", "), std::max<std::size_t>(field.line, 1)});
  }
  review.body = file.front.body;
  review.body_line = file.front.body_line;
  return review;
}

policy::LaunchFacts launch_facts(cli::Context& ctx) {
  policy::LaunchFacts facts;
  facts.today = ctx.calendar().zone.date_of(ctx.now());
  const auto type = template_catalog(ctx).file("documents/launch-review.md");
  if (type) facts.required_sections = type->source.header.required_sections;
  const auto policy = launch_policy(ctx);
  std::error_code none;
  const bool has_store = ctx.has_workspace() && std::filesystem::exists(ctx.store_file(), none);
  policy::add_calendar(has_store ? &ctx.store() : nullptr, policy, facts);
  if (!has_store) return facts;
  facts.times = policy::review_times(ctx.store(), ctx.now(), ctx.calendar(), facts.holidays);
  facts.resources = resources_of(ctx);
  facts.request_is_known = [&ctx](const std::string& id) {
    return store::has_record(ctx.store(), "capacity_request", id);
  };
  return facts;
}

std::vector<policy::FileFinding> check_review(const ReviewFile& file, const config::LaunchRules& policy,
                                              policy::LaunchFacts& facts) {
  facts.link_leads = [folder = file.path.parent_path()](const std::string& target) {
    std::error_code none;
    const auto path = target.substr(0, target.find_first_of("#?"));
    return std::filesystem::exists(folder / replace_all(path, "%20", " "), none);
  };
  return policy::check_launch(to_review(file), policy, facts);
}

config::LaunchRules launch_policy(cli::Context& ctx) { return document_config(ctx).launch; }

const config::Source& filing_source(cli::Context& ctx) {
  const auto& config = ctx.config();
  const config::Source* found = nullptr;
  for (const auto& source : config.sources) {
    const bool files = source.actions.contains("file");
    if (!config.launch.source.empty() && source.name == config.launch.source) {
      if (!files) {
        fail(ErrorKind::config, "{}: [launch] names the source '{}', which has no [source.{}.action.file]",
             config.launch.where.text(), source.name, source.name);
      }
      return source;
    }
    if (!files || !config.launch.source.empty()) continue;
    if (found != nullptr) {
      fail(ErrorKind::config, "both '{}' and '{}' can file reviews; say which one with 'source' in [launch]",
           found->name, source.name);
    }
    found = &source;
  }
  if (!config.launch.source.empty()) {
    fail(ErrorKind::config, "{}: there is no source '{}' to file reviews with", config.launch.where.text(),
         visible(config.launch.source));
  }
  if (found == nullptr) {
    fail(ErrorKind::config, "no source says how to file a review: add [source.NAME.action.file] to {}",
         display(config.file));
  }
  return *found;
}

outbox::Subject to_subject(const ReviewFile& file) {
  outbox::Subject subject;
  subject.file = file.key;
  for (const auto& field : file.front.fields) subject.fields[field.name] = join(field.values, ", ");
  subject.fields["body"] = file.front.body;
  subject.remote_id = file.front.text("id").value_or("");
  subject.filed_hash = file.front.text("filed_hash").value_or("");
  subject.etag = file.front.text("etag").value_or("");
  return subject;
}

}  // namespace sitrep::cmd
