#include "docs/doc_tree.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"
#include "docs/run.hpp"

namespace sitrep::docs {
namespace {

namespace fs = std::filesystem;
using templating::CallArguments;
using templating::Dict;
using templating::Function;
using templating::List;
using templating::Value;

constexpr std::size_t k_largest = std::size_t{8} << 20;
constexpr const char* k_folders[] = {"docs", "launches"};

void add_files(const fs::path& folder, const fs::path& workspace, std::vector<fs::path>& files) {
  std::error_code error;
  if (fs::is_symlink(folder, error)) return;
  constexpr auto k_options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(folder, k_options, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const bool hidden = at->path().filename().native().starts_with('.');
    if (hidden && at->is_directory(ignored)) at.disable_recursion_pending();
    if (hidden || at->is_symlink(ignored) || !at->is_regular_file(ignored) || at->path().extension() != ".md") continue;
    files.push_back(at->path().lexically_relative(workspace));
  }
}

Value field_value(const Field& field) {
  if (field.list) {
    List items;
    for (const auto& value : field.values) items.emplace_back(value);
    return items;
  }
  return field.values.empty() ? Value::none() : Value(field.values.front());
}

Value document_value(const DocumentFile& file, const config::TemplateHeader* type, Date today, std::string_view from) {
  const auto text = [&](std::string_view name) -> Value {
    const auto value = file.front.text(name);
    return value ? Value(*value) : Value::none();
  };
  Dict fields;
  for (const auto& field : file.front.fields) fields.set(field.name, field_value(field));
  const auto due = due_date(file, type);
  Dict row{{"file", file.name},
           {"link", relative_link(from, file.name)},
           {"type", file.type()},
           {"type_title", type != nullptr ? type->title : file.type()},
           {"title", file.front.text("title").value_or(short_name(file.name))}};
  row.set("owner", text("owner"));
  row.set("status", text("status"));
  row.set("due_date", due ? Value(format_date(*due)) : Value::none());
  row.set("review_date", text("review_date"));
  row.set("late", is_late(file, type, today));
  row.set("finished", is_finished(file, type));
  row.set("fields", fields);
  return row;
}

}  // namespace

const config::TemplateHeader* DocumentTypes::find(const std::string& type) const {
  const auto [found, is_new] = headers_.try_emplace(type);
  if (is_new && !type.empty() && type.find('/') == std::string::npos) {
    const auto file = catalog_.file(fmt::format("documents/{}.md", type));
    if (file && file->source.header.kind == config::TemplateHeader::Kind::document) found->second = file->source.header;
  }
  return found->second ? &*found->second : nullptr;
}

std::vector<std::string> DocumentTypes::names() const {
  std::vector<std::string> names;
  for (const auto& name : catalog_.names())
    if (name.starts_with("documents/") && find(short_name(name)) != nullptr) names.push_back(short_name(name));
  return names;
}

std::vector<DocumentFile> document_files(const fs::path& workspace) {
  std::vector<fs::path> names;
  for (const char* folder : k_folders) add_files(workspace / folder, workspace, names);
  std::sort(names.begin(), names.end());
  std::vector<DocumentFile> files;
  files.reserve(names.size());
  for (const auto& name : names) {
    try {
      files.push_back(document_file(workspace / name, name.generic_string()));
    } catch (const Error& error) {
      files.push_back({workspace / name, name.generic_string(), {}, {}, error.what()});
    }
  }
  return files;
}

DocumentFile document_file(const fs::path& path, std::string name) {
  DocumentFile file{path, std::move(name), read_file(path, k_largest), {}, {}};
  try {
    file.front = parse_front_matter(file.text, display(file.name));
  } catch (const Error& error) {
    file.error = error.what();
  }
  return file;
}

std::optional<Date> due_date(const DocumentFile& file, const config::TemplateHeader* type) {
  const auto read = [&](std::string_view name) { return parse_date(file.front.text(name).value_or("")); };
  if (type != nullptr)
    if (const auto due = read(type->due)) return due;
  const auto due = read("due_date");
  return due ? due : read("target_date");
}

bool is_finished(const DocumentFile& file, const config::TemplateHeader* type) {
  static const std::vector<std::string> k_usual = {"done",      "published", "final",    "accepted",  "launched",
                                                   "withdrawn", "rejected",  "archived", "superseded"};
  const auto status = file.front.text("status").value_or("");
  const auto& finished = type != nullptr && !type->finished.empty() ? type->finished : k_usual;
  return std::any_of(finished.begin(), finished.end(),
                     [&](const std::string& word) { return equal_ignoring_case(word, status); });
}

bool is_late(const DocumentFile& file, const config::TemplateHeader* type, Date today) {
  const auto due = due_date(file, type);
  return due && *due < today && !is_finished(file, type);
}

std::string relative_link(std::string_view from_file, std::string_view to_file) {
  const auto folder = fs::path(from_file).parent_path();
  const auto relative = folder.empty() ? fs::path(to_file) : fs::path(to_file).lexically_relative(folder);
  return percent_encode(relative.generic_string(), "/");
}

void add_tree_functions(templating::Environment& environment, Run* run, const Catalog& catalog) {
  environment.add_function(
      Function("documents", "type=none, at='docs/index.md'",
               "the documents of the workspace by type and title: file, link (from the file `at`), title, owner, "
               "status, late, …",
               [run, &catalog](CallArguments& arguments) -> Value {
                 if (run == nullptr || run->inputs().folder.empty())
                   fail(ErrorKind::user_code, "documents needs a workspace: it works in its reports and documents");
                 const auto wanted = arguments.optional_text(0);
                 const auto at = arguments.text(1);
                 const auto& inputs = run->inputs();
                 const DocumentTypes types(catalog);
                 List rows;
                 for (const auto& file : document_files(inputs.folder)) {
                   const auto type = file.type();
                   if (type.empty() || (wanted && type != *wanted) || file.name == at) continue;
                   rows.push_back(document_value(file, types.find(type), inputs.calendar.zone.date_of(inputs.now), at));
                 }
                 arguments.engine().charge(rows.size());
                 return run->shown(std::move(rows));
               }));
}

}  // namespace sitrep::docs
