#include "review_file.hpp"

#include "base/business_days.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "input_file.hpp"
#include "report_inputs.hpp"
#include "store/listing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitrep::cmd {
namespace {

constexpr std::size_t k_largest_review = std::size_t{8} << 20;

std::optional<Date> date_at(const store::Listed& listed, const std::vector<store::OwnedCell>& row, const char* column) {
  const auto index = listed.index_of(column);
  if (index < 0) return std::nullopt;
  const auto* text = std::get_if<std::string>(&row[static_cast<std::size_t>(index)]);
  return text == nullptr ? std::nullopt : parse_date(*text);
}

std::string text_at(const store::Listed& listed, const std::vector<store::OwnedCell>& row, const char* column) {
  const auto index = listed.index_of(column);
  if (index < 0) return {};
  const auto* text = std::get_if<std::string>(&row[static_cast<std::size_t>(index)]);
  return text == nullptr ? std::string() : *text;
}

void add_calendar(store::Store& store, policy::LaunchFacts& facts) {
  store::Listing listing;
  listing.entity = "calendar";
  listing.sort = "from_date";
  const auto listed = store::list(store, listing);
  for (const auto& row : listed.rows) {
    const auto from = date_at(listed, row, "from_date");
    if (!from) continue;
    const auto to = date_at(listed, row, "to_date").value_or(*from);
    const auto kind = text_at(listed, row, "kind");
    if (kind == "freeze") facts.freezes.push_back({text_at(listed, row, "name"), *from, to});
    // A holiday of one site or team is a working day for the others.
    if (kind == "holiday" && text_at(listed, row, "scope").empty()) add_holiday(facts.holidays, *from, to);
  }
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
  review.file = file.name;
  for (const auto& field : file.front.fields) {
    review.fields.push_back({field.name, join(field.values, ", "), std::max<std::size_t>(field.line, 1)});
  }
  review.body = file.front.body;
  review.body_line = file.front.body_line;
  return review;
}

policy::LaunchFacts launch_facts(cli::Context& ctx) {
  policy::LaunchFacts facts;
  const auto local = ctx.calendar().zone.to_local(ctx.now());
  facts.today = Date{std::chrono::floor<std::chrono::days>(local).time_since_epoch()};
  const auto type = template_catalog(ctx).file("documents/launch-review.md");
  if (type) facts.required_sections = type->source.header.required_sections;
  std::error_code none;
  if (ctx.has_workspace() && std::filesystem::exists(ctx.store_file(), none)) add_calendar(ctx.store(), facts);
  return facts;
}

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
