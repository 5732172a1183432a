#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/template_header.hpp"

namespace sitrep::docs {

/// A template file: where it came from and what its header says.
struct TemplateFile {
  std::string name;  ///< "reports/weekly-health.md": path below the templates folder, with '/'
  enum class Origin { workspace, built_in } origin = Origin::built_in;
  std::string shown_as;  ///< how errors call it: "templates/reports/weekly-health.md", "built-in reports/…"
  std::string text;      ///< the whole file
  config::TemplateSource source;
};

/// The templates of a workspace over those that the binary carries. A workspace's file replaces the built-in one of the
/// same name, for includes too. Files are read when asked for; a name never leaves the folder.
class Catalog {
 public:
  /// `folder` is the workspace's templates/; absent: built-in ones only. It need not exist.
  explicit Catalog(std::optional<std::filesystem::path> folder);

  /// By its full name, or by its short one: "weekly-health" is reports/weekly-health.md for a report, and
  /// documents/weekly-health.md for a document. Error{usage} with "did you mean" when there is none; Error{user_code}
  /// when its header is wrong.
  TemplateFile find(std::string_view name, std::optional<config::TemplateHeader::Kind> kind = {}) const;

  /// The file of exactly that name; nullopt when there is none or the name leaves the folder. "built-in/NAME" is the
  /// built-in one also where the workspace replaces it. A template that starts with {% extends %} inherits what its
  /// header does not say: parameters, queries, sections, fields.
  std::optional<TemplateFile> file(std::string_view name) const;

  /// Every name, sorted; a workspace's file once.
  std::vector<std::string> names() const;
  /// The built-in file of that name, also when the workspace replaces it.
  std::optional<TemplateFile> built_in(std::string_view name) const;

  /// The built-in text that a workspace's file was copied from, as `template copy` kept it; nullopt: not kept.
  std::optional<std::string> copied_from(std::string_view name) const;
  /// Whether the built-in file is another one than the one that was copied: then there are changes to look at.
  bool changed_upstream(std::string_view name) const;
  /// Keeps the present built-in text as the one that the workspace's file stands on.
  void keep_upstream(std::string_view name) const;

 private:
  std::optional<TemplateFile> file(std::string_view name, int depth) const;
  TemplateFile with_inherited(TemplateFile file, int depth) const;
  std::optional<std::filesystem::path> folder_;
};

/// "weekly-health" of "reports/weekly-health.md".
std::string short_name(std::string_view name);

}  // namespace sitrep::docs
