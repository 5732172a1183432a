#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "config/template_header.hpp"
#include "docs/catalog.hpp"
#include "docs/front_matter.hpp"
#include "templating/environment.hpp"

namespace sitrep::docs {

class Run;

/// A Markdown file of the workspace as it stands on disk.
struct DocumentFile {
  std::filesystem::path path;  ///< absolute
  std::string name;            ///< relative to the workspace, with '/'
  std::string text;
  FrontMatter front;  ///< empty when `error` says why it can't be read
  std::string error;

  /// Of the front matter; "" when there is none: the file is no document.
  std::string type() const { return front.text("type").value_or(""); }
};

/// The headers of the document types, each read once.
class DocumentTypes {
 public:
  /// Borrowed.
  explicit DocumentTypes(const Catalog& catalog) : catalog_(catalog) {}
  /// Null when there is no such type. Error{user_code} when its template's header is wrong.
  const config::TemplateHeader* find(const std::string& type) const;
  /// Names of all types, sorted.
  std::vector<std::string> names() const;

 private:
  const Catalog& catalog_;
  mutable std::map<std::string, std::optional<config::TemplateHeader>> headers_;
};

/// Markdown files below docs/ and launches/ of the workspace, by name. Hidden files and folders and links are not among
/// them; a file that can't be read or whose front matter is none is, with its error.
std::vector<DocumentFile> document_files(const std::filesystem::path& workspace);
/// One file; `name` is how messages call it. Error{store} when it can't be read.
DocumentFile document_file(const std::filesystem::path& path, std::string name);

/// The day that the document is due by its type: due_date, target_date for launches; nullopt: none.
std::optional<Date> due_date(const DocumentFile& file, const config::TemplateHeader* type);
/// Whether its status is one after which nothing is late.
bool is_finished(const DocumentFile& file, const config::TemplateHeader* type);
/// Due before today and not finished.
bool is_late(const DocumentFile& file, const config::TemplateHeader* type, Date today);

/// A link from one file to another, as GitHub and wikis follow it: relative, percent-encoded. Both are names below the
/// workspace.
std::string relative_link(std::string_view from_file, std::string_view to_file);

/// Adds documents(): what the workspace's files say of themselves. Borrowed; without a run it is there to be listed.
void add_tree_functions(templating::Environment& environment, Run* run, const Catalog& catalog);

}  // namespace sitrep::docs
