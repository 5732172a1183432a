#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/period.hpp"
#include "policy/health.hpp"
#include "render/figure.hpp"
#include "templating/value.hpp"

namespace sitrep::docs {

/// People's words beside what they are about: a note stands below the section of a report, or in the generated block of
/// a document, that shows its program, rule, metric or record. What a template asks for says which those may be; what
/// it then wrote says where. A note that the template printed itself is not printed again.
class Notes {
 public:
  /// Those that hold now, newest first.
  explicit Notes(std::vector<policy::Note> notes);

  /// Looks through an answer for what notes are about.
  void mention(const templating::Value& answer);
  /// Forgets what was asked for.
  void start_anew() { asked_.clear(); }

  /// Markdown with each note at the end of the first section that shows its subject, in its text or in a figure.
  std::string beside(const std::string& markdown, const std::vector<render::Figure>& figures,
                     const Calendar& calendar) const;
  /// Markdown of a block with the notes on what it shows below it.
  std::string below(std::string markdown, const Calendar& calendar) const;
  /// Those on what was asked for: subject, at, author, text.
  templating::List asked() const;

 private:
  using Forms = std::set<std::string>;  ///< how the subject may be called in the text, escaped, in lower case
  void mention_text(std::string_view text);
  void mention_record(const templating::Dict& record);
  std::string quoted(const policy::Note& note, const Calendar& calendar) const;

  std::vector<policy::Note> notes_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_subject_;  // in lower case
  std::map<std::size_t, Forms> asked_;                                       // by number of the note
};

}  // namespace sitrep::docs
