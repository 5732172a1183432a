#include "docs/notes.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/time.hpp"
#include "render/escape.hpp"

namespace sitrep::docs {
namespace {

using templating::Dict;
using templating::List;
using templating::Value;

/// What names a record or a number in an answer, and what the text may call it by.
constexpr std::array<std::string_view, 4> k_names{"id", "name", "metric", "rule"};
constexpr std::array<std::string_view, 4> k_titles{"title", "name", "label", "reason"};

std::string as_written(std::string_view text) { return lower_ascii(render::escape_markdown(text)); }

bool is_word(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/// Whether the text holds the words, neither beginning nor ending inside of another one.
bool holds(std::string_view text, std::string_view words) {
  for (auto at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) {
    const auto end = at + words.size();
    const bool starts = at == 0 || !is_word(text, at - 1) || !is_word(words, 0);
    const bool ends = end == text.size() || !is_word(text, end) || !is_word(words, words.size() - 1);
    if (starts && ends) return true;
  }
  return false;
}

/// Pieces that start with a heading; the first may have none.
std::vector<std::string> sections_of(const std::string& markdown) {
  std::vector<std::string> sections(1);
  bool fenced = false;
  auto lines = split_views(markdown, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  for (const auto line : lines) {
    if (line.starts_with("```")) fenced = !fenced;
    if (!fenced && line.starts_with('#') && !sections.back().empty()) sections.emplace_back();
    sections.back() += line;
    sections.back() += '\n';
  }
  return sections;
}

/// What the figures of a section say.
std::string texts_of_figures(const std::string& section, const std::vector<render::Figure>& figures) {
  std::string text;
  for (const auto& piece : render::split_markers(section))
    if (piece.kind == render::Piece::Kind::figure && piece.figure < figures.size())
      text += "\n" + render::block_markdown(figures[piece.figure]);
  return text;
}

/// The section for something called by one of these names: a row of a table of that name comes before its mere mention.
/// `sections` are in lower case; their number when none shows it.
std::size_t section_of(const std::vector<std::string>& sections, const std::set<std::string>& names) {
  for (const bool as_row : {true, false}) {
    for (std::size_t i = 0; i < sections.size(); ++i) {
      const auto shows = [&](const std::string& name) {
        return as_row ? holds(sections[i], "| " + name) || holds(sections[i], "| [" + name) : holds(sections[i], name);
      };
      if (std::ranges::any_of(names, shows)) return i;
    }
  }
  return sections.size();
}

void append_below(std::string& text, const std::string& note) {
  while (text.ends_with('\n')) text.pop_back();
  text += text.empty() ? "" : "\n\n";
  text += note + "\n";
}

}  // namespace

Notes::Notes(std::vector<policy::Note> notes) : notes_(std::move(notes)) {
  for (std::size_t i = 0; i < notes_.size(); ++i) by_subject_[lower_ascii(notes_[i].subject)].push_back(i);
}

void Notes::mention_text(std::string_view text) {
  const auto found = by_subject_.find(lower_ascii(text));
  if (found == by_subject_.end()) return;
  for (const auto note : found->second) asked_[note].insert(as_written(text));
}

void Notes::mention_record(const Dict& record) {
  for (const auto name : k_names) {
    const auto* value = record.find(name);
    if (value == nullptr || !value->is_string()) continue;
    const auto found = by_subject_.find(lower_ascii(value->string()));
    if (found == by_subject_.end()) continue;
    for (const auto title : k_titles) {
      const auto* text = record.find(title);
      if (text == nullptr || !text->is_string() || text->string().empty()) continue;
      for (const auto note : found->second) asked_[note].insert(as_written(text->string()));
    }
  }
}

void Notes::mention(const Value& answer) {
  if (notes_.empty()) return;
  if (answer.is_string()) {
    mention_text(answer.string());
  } else if (answer.is_list()) {
    for (const auto& item : answer.list()) mention(item);
  } else if (answer.is_dict()) {
    mention_record(answer.dict());
    for (const auto& [key, value] : answer.dict()) mention(value);
  }
}

std::string Notes::quoted(const policy::Note& note, const Calendar& calendar) const {
  const auto author = note.author.empty() ? std::string() : render::escape_markdown(note.author) + ", ";
  return fmt::format("> {}: “{}” ({}{})", render::escape_markdown(note.subject), render::escape_markdown(note.text),
                     author, format_date(calendar.zone.date_of(note.at)));
}

std::string Notes::beside(const std::string& markdown, const std::vector<render::Figure>& figures,
                          const Calendar& calendar) const {
  if (asked_.empty()) return markdown;
  auto sections = sections_of(markdown);
  std::vector<std::string> lower;
  for (const auto& section : sections) lower.push_back(lower_ascii(section + texts_of_figures(section, figures)));
  for (const auto& [number, names] : asked_) {
    const auto& note = notes_[number];
    if (markdown.find(render::escape_markdown(note.text)) != std::string::npos) continue;
    const auto at = section_of(lower, names);
    if (at < sections.size()) append_below(sections[at], quoted(note, calendar));
  }
  std::string result;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    result += sections[i];
    if (i + 1 < sections.size() && !result.ends_with("\n\n")) result += '\n';
  }
  return result;
}

std::string Notes::below(std::string markdown, const Calendar& calendar) const {
  if (asked_.empty()) return markdown;
  const auto lower = lower_ascii(markdown);
  const auto before = markdown;
  for (const auto& [number, names] : asked_) {
    const auto& note = notes_[number];
    const bool shown = std::ranges::any_of(names, [&](const std::string& name) { return holds(lower, name); });
    if (shown && before.find(render::escape_markdown(note.text)) == std::string::npos)
      append_below(markdown, quoted(note, calendar));
  }
  return markdown;
}

List Notes::asked() const {
  List all;
  for (const auto& [number, names] : asked_) {
    const auto& note = notes_[number];
    all.push_back(
        Dict{{"subject", note.subject}, {"at", unix_seconds(note.at)}, {"author", note.author}, {"text", note.text}});
  }
  return all;
}

}  // namespace sitrep::docs
