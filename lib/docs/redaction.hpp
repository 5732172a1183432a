#pragma once

#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "config/document_config.hpp"
#include "render/page.hpp"
#include "store/store.hpp"
#include "templating/value.hpp"

namespace sitrep::docs {

/// Takes people, customers and free text out of what is shared, by a profile [redact.NAME].
///
/// What must not leave is gathered from the store, by column: each value, and of an e-mail address the part before the
/// @. Wherever one of them stands as words of its own, whatever its case, its escapes and its white space, it is
/// dropped or replaced by a pseudonym: also inside other texts. Of free text, what begins as a value does is dropped as
/// far as it goes on the same way, so that a shortened quotation goes, too.
///
/// A pseudonym ("person 7") is the same everywhere in outputs of one state of the store. The numbers follow the hashes
/// of the names: they say nothing about them.
class Redactor {
 public:
  Redactor(store::Store& store, const config::Redaction& profile);

  std::string text(std::string_view text) const;
  /// The same for every text in a value; keys stay.
  templating::Value value(const templating::Value& value) const;
  /// The profile's name.
  const std::string& profile() const { return profile_; }
  /// Title, body, figures, footer and data of a page.
  void redact(render::Page& page) const;

 private:
  struct Hidden {
    std::string key;  ///< in lower case, white space as one blank
    std::string replacement;
    bool free_text = false;  ///< a beginning is enough
  };
  void add(std::string_view value, std::string_view replacement, bool free_text);
  void add_forms(std::string_view value, std::string_view replacement, bool free_text);
  void gather(store::Store& store, const config::Redaction& profile);
  const Hidden* match(std::string_view text, std::size_t at, std::size_t& length) const;

  std::map<std::string, std::vector<Hidden>, std::less<>> by_first_word_;
  std::vector<std::regex> patterns_;
  std::string profile_;
};

/// What happens to a column; from `columns` of the profile, else by what it holds.
config::Redaction::How redaction_of(const config::Redaction& profile, std::string_view entity, std::string_view column);

}  // namespace sitrep::docs
