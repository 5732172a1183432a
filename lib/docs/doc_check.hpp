#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "docs/doc_tree.hpp"
#include "policy/file_finding.hpp"
#include "policy/outline.hpp"
#include "store/store.hpp"

namespace sitrep::docs {

/// The anchors that GitHub gives the headings of a document: lower case, blanks as dashes, punctuation gone, a number
/// behind those that come again. Source: github.com/gjtorikian/html-pipeline, TableOfContentsFilter.
std::set<std::string> anchors_of(const std::vector<policy::Heading>& headings);

struct FileFindings {
  std::string file;
  std::vector<policy::FileFinding> findings;  ///< in order of lines
};

/// Holds documents against their types; links against the files around them; ids against the store.
///
///   D001 front matter missing or unreadable  D012 a placeholder is left        D040 an id that the store does not have
///   D002 an unknown type                     D020 nobody owns it               D041 a due date other than the store's
///   D003 a field is missing                  D021 its review date is over      D042 an incident without its postmortem
///   D004 a field's value does not fit        D022 its due date is over         D050 generated blocks unreadable
///   D005 a field that the type has not       D030 a link to no file            D051 a generated block was edited
///   D010 a section is missing                D031 a link to no heading         D060 two files of one number
///   D011 a section says nothing
///
/// In a draft, sections that say nothing and placeholders are warnings.
class DocumentCheck {
 public:
  struct Inputs {
    std::filesystem::path workspace;
    Date today{};
    store::Store* store = nullptr;  ///< borrowed; null: what needs one is not checked
  };
  /// Borrows the catalog.
  DocumentCheck(const Catalog& catalog, Inputs inputs);

  std::vector<policy::FileFinding> check(const DocumentFile& file);
  /// What only shows in all of them together: numbers used twice, incidents whose postmortem is due and not there. At
  /// the file, or at "docs" for what has none.
  std::vector<FileFindings> check_together(const std::vector<DocumentFile>& files);

 private:
  class One;
  bool has_record(const std::string& entity, const std::string& id);
  const std::set<std::string>* anchors_of_file(const std::filesystem::path& path);

  DocumentTypes types_;
  Inputs inputs_;
  std::map<std::pair<std::string, std::string>, bool> known_;
  std::map<std::filesystem::path, std::optional<std::set<std::string>>> anchors_;
};

}  // namespace sitrep::docs
