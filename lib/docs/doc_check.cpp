#include "docs/doc_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/numbers.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"
#include "docs/generated.hpp"
#include "render/markdown.hpp"
#include "store/listing.hpp"
#include "templating/unicode.hpp"

namespace sitrep::docs {
namespace {

namespace fs = std::filesystem;
using Level = policy::FileFinding::Level;
using config::TemplateHeader;
using config::TemplateParameter;
using Type = TemplateParameter::Type;

/// What a value of the field must be; empty: it is.
std::string misfit(const TemplateParameter& field, const std::string& value) {
  if (!field.choices.empty() && std::find(field.choices.begin(), field.choices.end(), value) == field.choices.end())
    return "one of " + join(field.choices, ", ");
  switch (field.type) {
    case Type::date:
      return parse_date(value) ? "" : "a date as YYYY-MM-DD";
    case Type::integer:
      return parse_integer(value) ? "" : "a whole number";
    case Type::real:
      return parse_real(value) ? "" : "a number";
    case Type::boolean:
      return value == "true" || value == "false" ? "" : "true or false";
    default:
      return "";
  }
}

/// "mailto:", "https:", "//host": what does not name a file beside this one.
bool leaves_the_tree(std::string_view target) {
  const auto colon = target.find(':'), slash = target.find('/');
  return target.starts_with("//") ||
         (colon != std::string_view::npos && (slash == std::string_view::npos || colon < slash));
}

}  // namespace

std::set<std::string> anchors_of(const std::vector<policy::Heading>& headings) {
  std::set<std::string> anchors;
  std::map<std::string, int> seen;
  for (const auto& heading : headings) {
    const auto plain = render::plain_text(render::parse_markdown("# " + heading.text));
    std::string anchor;
    for (const char32_t c : templating::decode(templating::to_lower(trim_view(plain)))) {
      if (c == U' ')
        anchor += '-';
      else if (c == U'-' || c == U'_' || templating::is_alphabetic(c) || templating::is_numeric(c))
        templating::append_utf8(anchor, c);
    }
    const auto again = seen[anchor]++;
    anchors.insert(again == 0 ? anchor : fmt::format("{}-{}", anchor, again));
  }
  return anchors;
}

/// The check of one file.
class DocumentCheck::One {
 public:
  One(DocumentCheck& all, const DocumentFile& file) : all_(all), file_(file) {}

  std::vector<policy::FileFinding> run() {
    if (!file_.error.empty()) {
      add("D001", Level::error, 1, "front matter", file_.error, "write it as `name: value` lines between --- lines");
      return std::move(findings_);
    }
    outline_ = policy::outline_of(file_.front.body, file_.front.body_line);
    check_links();
    check_blocks();
    if (const auto type = file_.type(); type.empty()) {
      add("D001", Level::error, 1, "front matter", "it does not say the document's type",
          "start the file with --- lines around 'type: …', as 'sitrep doc new' does");
    } else if (const auto* header = all_.types_.find(type); header == nullptr) {
      const auto names = all_.types_.names();
      const std::vector<std::string_view> views(names.begin(), names.end());
      add("D002", Level::error, line_of("type"), "type",
          fmt::format("there is no document type '{}'{}", visible(type), did_you_mean(type, views)),
          "take one of 'sitrep template list', or add templates/documents/" + visible(type) + ".md");
    } else {
      check_fields(*header);
      check_sections(*header);
      check_dates(*header);
    }
    std::stable_sort(findings_.begin(), findings_.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    return std::move(findings_);
  }

 private:
  void add(const char* code, Level level, std::size_t line, std::string_view subject, std::string reason,
           std::string remedy) {
    findings_.push_back(
        {code, level, std::max<std::size_t>(line, 1), std::string(subject), std::move(reason), std::move(remedy)});
  }
  std::size_t line_of(std::string_view field) const {
    const auto* found = file_.front.find(field);
    return found == nullptr ? 1 : found->line;
  }
  std::string text(std::string_view field) const { return file_.front.text(field).value_or(""); }
  bool is_draft() const { return equal_ignoring_case(text("status"), "draft"); }

  void check_fields(const TemplateHeader& type) {
    std::vector<std::string_view> names = {"type", "title", "owner", "status", "created", "due_date", "review_date"};
    for (const auto& field : type.front_matter) {
      names.push_back(field.name);
      check_field(field);
    }
    if (text("owner").empty() && type.field("owner") == nullptr)
      add("D020", Level::warning, line_of("owner"), "owner", "nobody owns this document", "add 'owner: NAME'");
    for (const auto& field : file_.front.fields) {
      const bool known = std::find(names.begin(), names.end(), field.name) != names.end();
      if (const auto near = closest(field.name, names); !known && near)
        add("D005", Level::warning, field.line, field.name,
            fmt::format("this type has no field '{}'", visible(field.name)), fmt::format("did you mean '{}'?", *near));
    }
  }

  void check_field(const TemplateParameter& field) {
    const auto* found = file_.front.find(field.name);
    const bool empty = found == nullptr || found->values.empty() || trim_view(found->values.front()).empty();
    if (empty) {
      if (field.required)
        add("D003", Level::error, line_of(field.name), field.name, "the front matter does not say",
            fmt::format("add '{}: …'{}", field.name, field.doc.empty() ? "" : ", " + field.doc));
      return;
    }
    if (found->list && field.type != Type::list)
      add("D004", Level::error, found->line, field.name, "it is a list", "write one value");
    for (const auto& value : found->values) {
      const auto wanted = misfit(field, value);
      if (!wanted.empty())
        add("D004", Level::error, found->line, field.name, fmt::format("'{}' is not {}", visible(value), wanted),
            "write " + wanted);
      else if (!field.entity.empty() && !all_.has_record(field.entity, value))
        add("D040", Level::error, found->line, field.name,
            fmt::format("the store has no {} '{}'", field.entity, visible(value)),
            fmt::format("correct it, or run 'sitrep sync' if it is new"));
    }
  }

  void check_sections(const TemplateHeader& type) {
    const auto unfinished = is_draft() ? Level::warning : Level::error;
    for (const auto& title : type.required_sections) {
      const auto* section = outline_.find(title);
      if (section == nullptr)
        add("D010", Level::error, file_.front.body_line, title, "this section is missing",
            fmt::format("add '## {}' and say it there", title));
      else if (section->lines.empty())
        add("D011", unfinished, section->line, title, "this section says nothing",
            "write it, or say why it does not apply");
    }
    std::string section;
    std::size_t next = 0;
    for (const auto& [line, text] : outline_.lines) {
      while (next < outline_.sections.size() && outline_.sections[next].line <= line)
        section = outline_.sections[next++].title;
      if (const auto placeholder = policy::placeholder_in(text))
        add("D012", unfinished, line, section.empty() ? "text" : section,
            fmt::format("\"{}\" is a placeholder", *placeholder), "replace it by the answer");
    }
  }

  void check_dates(const TemplateHeader& type) {
    const auto over = [&](std::optional<Date> day) { return day && *day < all_.inputs_.today; };
    if (const auto day = parse_date(text("review_date")); over(day))
      add("D021", Level::error, line_of("review_date"), "review_date",
          fmt::format("its review was due on {}", format_date(*day)),
          "read it again, correct what is no longer so, and set the next date");
    const auto day = due_date(file_, &type);
    auto field = text(type.due).empty() ? std::string("due_date") : type.due;
    if (text(field).empty() && !text("target_date").empty()) field = "target_date";
    if (is_late(file_, &type, all_.inputs_.today))
      add("D022", Level::error, line_of(field), field,
          fmt::format("it was due on {} and its status is '{}'", format_date(*day), visible(text("status"))),
          "finish it, or agree on a new date");
    check_postmortem_date(day, field);
  }

  /// The store knows when a postmortem is due; the file must not say a later day.
  void check_postmortem_date(std::optional<Date> day, const std::string& field) {
    const auto incident = text("incident");
    if (file_.type() != "postmortem" || incident.empty() || all_.inputs_.store == nullptr) return;
    store::Listing listing;
    listing.entity = "incident";
    listing.id = incident;
    const auto listed = store::list(*all_.inputs_.store, listing);
    if (listed.rows.empty()) return;
    const auto& cell = listed.rows.front()[static_cast<std::size_t>(listed.index_of("postmortem_due_date"))];
    const auto* known = std::get_if<std::string>(&cell);
    const auto promised = known == nullptr ? std::nullopt : parse_date(*known);
    if (!promised || (day && *day <= *promised)) return;
    add("D041", Level::error, line_of(field), field,
        fmt::format("incident {} has its postmortem due on {}, here it is {}", visible(incident),
                    format_date(*promised), day ? format_date(*day) : "not said"),
        fmt::format("write {}, or move the date where the incident is kept", format_date(*promised)));
  }

  void check_links() {
    for (const auto& link : outline_.links) {
      const auto hash = link.target.find('#');
      const auto target = std::string_view(link.target).substr(0, hash);
      if (leaves_the_tree(target)) continue;
      const auto anchor = hash == std::string::npos ? "" : percent_decode(link.target.substr(hash + 1), Plus::itself);
      const auto wanted = percent_decode(target.substr(0, target.find('?')), Plus::itself);
      auto path = file_.path;
      if (wanted.starts_with('/'))
        path = all_.inputs_.workspace / wanted.substr(1);  // GitHub reads it from the root of the repository
      else if (!wanted.empty())
        path = file_.path.parent_path() / wanted;
      std::error_code error;
      if (wanted.find('\0') != std::string::npos || !fs::exists(path, error)) {
        add("D030", Level::error, link.line, link.target, "this link leads to no file",
            "correct the path, which is relative to this file");
      } else if (!anchor.empty() && path.extension() == ".md") {
        const auto* anchors = all_.anchors_of_file(path.lexically_normal());
        if (anchors != nullptr && !anchors->contains(anchor))
          add("D031", Level::error, link.line, link.target, fmt::format("there is no heading '#{}'", visible(anchor)),
              "correct the part behind #");
      }
    }
  }

  void check_blocks() {
    try {
      for (const auto& block : find_blocks(file_.text, display(file_.name)))
        if (block.edited())
          add("D051", Level::warning, block.line, block.name, "somebody edited inside this generated block",
              "move the words outside of it; 'sitrep doc refresh' shows the difference");
    } catch (const Error& error) {
      add("D050", Level::error, 1, "generated block", error.what(), "restore the comments around it");
    }
  }

  DocumentCheck& all_;
  const DocumentFile& file_;
  policy::Outline outline_;
  std::vector<policy::FileFinding> findings_;
};

DocumentCheck::DocumentCheck(const Catalog& catalog, Inputs inputs) : types_(catalog), inputs_(std::move(inputs)) {}

std::vector<policy::FileFinding> DocumentCheck::check(const DocumentFile& file) { return One(*this, file).run(); }

bool DocumentCheck::has_record(const std::string& entity, const std::string& id) {
  if (inputs_.store == nullptr || inputs_.store->find_entity(entity) == nullptr) return true;
  const auto [found, is_new] = known_.try_emplace({entity, id});
  if (is_new) found->second = store::has_record(*inputs_.store, entity, id);
  return found->second;
}

const std::set<std::string>* DocumentCheck::anchors_of_file(const fs::path& path) {
  const auto [found, is_new] = anchors_.try_emplace(path);
  if (is_new) {
    try {
      const auto front = parse_front_matter(read_file(path, std::size_t{8} << 20), display(path));
      found->second = anchors_of(policy::outline_of(front.body, front.body_line).headings);
    } catch (const Error&) {
      found->second.reset();  // told where that file is checked
    }
  }
  return found->second ? &*found->second : nullptr;
}

namespace {

/// The number that a file name starts with, such as 0007-use-sqlite.md; empty: none, or a date.
std::string number_of(const std::string& name) {
  const auto file = fs::path(name).filename().string();
  const auto end = file.find_first_not_of("0123456789");
  const bool dated = end == 4 && file.size() > 5 && file[4] == '-' && file[5] >= '0' && file[5] <= '9';
  return end == std::string::npos || end < 3 || dated ? std::string() : file.substr(0, end);
}

std::string text_of(const store::OwnedCell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text == nullptr ? std::string() : *text;
}

}  // namespace

std::vector<FileFindings> DocumentCheck::check_together(const std::vector<DocumentFile>& files) {
  std::vector<FileFindings> all;
  std::map<std::pair<std::string, std::string>, std::string> numbers;  // folder, number → first file
  std::set<std::string> told;                                          // incidents with a postmortem
  for (const auto& file : files) {
    if (file.type() == "postmortem") told.insert(file.front.text("incident").value_or(""));
    const auto number = number_of(file.name);
    if (number.empty()) continue;
    const auto [first, is_new] = numbers.try_emplace({fs::path(file.name).parent_path().string(), number}, file.name);
    if (!is_new)
      all.push_back({file.name,
                     {{"D060", Level::error, 1, number, fmt::format("{} has this number, too", display(first->second)),
                       "give the younger one the next number"}}});
  }
  if (inputs_.store == nullptr) return all;
  store::Listing listing;
  listing.entity = "incident";
  listing.time_column = "postmortem_due_date";
  listing.since = unix_time(0);
  listing.until = inputs_.today;
  listing.sort = "postmortem_due_date";
  const auto listed = store::list(*inputs_.store, listing);
  const auto column = [&](const char* name) { return static_cast<std::size_t>(listed.index_of(name)); };
  for (const auto& row : listed.rows) {
    const auto id = text_of(row[column("id")]);
    const bool published = !std::holds_alternative<std::monostate>(row[column("postmortem_published_at")]) ||
                           !text_of(row[column("postmortem_url")]).empty();
    const auto kind = text_of(row[column("kind")]);
    if (published || told.contains(id) || (!kind.empty() && kind != "incident")) continue;
    all.push_back({"docs",
                   {{"D042", Level::error, 1, id,
                     fmt::format("the postmortem of \"{}\" was due on {} and there is none",
                                 visible(text_of(row[column("title")])), text_of(row[column("postmortem_due_date")])),
                     fmt::format("write it: sitrep doc new postmortem --incident {}", visible(id))}}});
  }
  return all;
}

}  // namespace sitrep::docs
