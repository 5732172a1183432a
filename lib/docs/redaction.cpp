#include "docs/redaction.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "json/writer.hpp"
#include "render/escape.hpp"
#include "store/listing.hpp"

namespace sitrep::docs {
namespace {

using How = config::Redaction::How;

constexpr std::array<std::string_view, 9> k_people = {"owner",    "sponsor",   "author",   "approver", "assignee",
                                                      "reviewer", "requester", "reporter", "commander"};
constexpr std::array<std::string_view, 5> k_customers = {"customer", "customers", "account", "client", "organization"};
constexpr std::array<std::string_view, 9> k_free_text = {
    "body", "summary", "text", "cause", "reason", "customer_impact", "mitigation", "subject", "justification"};
constexpr std::string_view k_dropped = "[redacted]";
constexpr std::size_t k_least_beginning = 16;  // bytes of free text that are told from chance

enum class Holds { other, people, customers, free_text };

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Holds what_it_holds(std::string_view entity, std::string_view column) {
  if (entity == "note" && column == "subject") return Holds::other;  // the name of what the note is on
  if (is_in(k_people, column)) return Holds::people;
  if (is_in(k_customers, column)) return Holds::customers;
  return is_in(k_free_text, column) ? Holds::free_text : Holds::other;
}

/// Whether the byte is part of a letter or digit; of a character of several bytes whichever of them it is. Quotation
/// marks, dashes and blanks of Unicode are none.
bool is_letter(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
  auto start = at;
  while (start > 0 && at - start < 3 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80) --start;
  const auto code = next_utf8(text.substr(start)).code;
  const bool punctuation = (code >= 0xA0 && code <= 0xBF) || (code >= 0x2000 && code <= 0x206F) ||
                           (code >= 0x3000 && code <= 0x303F) || code == k_invalid_utf8;
  return !punctuation;
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : trim_view(text)) {
    if (is_blank(c)) {
      if (!out.ends_with(' ')) out += ' ';
    } else {
      out += c;
    }
  }
  return lower_ascii(out);
}

/// The letters that a text starts with; the whole first character when it is no letter.
std::string_view first_word(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_letter(text, end)) ++end;
  return text.substr(0, std::max<std::size_t>(end, 1));
}

std::string json_form(std::string_view text) {
  json::Writer writer;
  writer.value(std::string(text));
  auto quoted = writer.take();
  return quoted.substr(1, quoted.size() - 2);
}

/// Every string that a figure shows.
template <class F>
void each_label(render::Figure& figure, F apply) {
  std::visit(
      [&](auto& f) {
        if constexpr (requires { f.title; }) apply(f.title);
        if constexpr (requires { f.description; }) apply(f.description);
        if constexpr (requires { f.limit_label; }) apply(f.limit_label);
        if constexpr (requires { f.mark_label; }) apply(f.mark_label);
        if constexpr (requires { f.labels; })
          for (auto& label : f.labels) apply(label);
        if constexpr (requires { f.columns; })
          for (auto& label : f.columns) apply(label);
        if constexpr (requires { f.series; })
          for (auto& series : f.series) apply(series.name);
        if constexpr (requires { f.rows; })
          for (auto& row : f.rows) apply(row.label);
        if constexpr (requires { f.bars; })
          for (auto& bar : f.bars) {
            apply(bar.label);
            apply(bar.group);
          }
      },
      figure);
}

}  // namespace

How redaction_of(const config::Redaction& profile, std::string_view entity, std::string_view column) {
  if (const auto found = profile.columns.find(fmt::format("{}.{}", entity, column)); found != profile.columns.end())
    return found->second;
  switch (what_it_holds(entity, column)) {
    case Holds::people:
      return profile.people;
    case Holds::customers:
      return profile.customers;
    case Holds::free_text:
      return profile.free_text;
    case Holds::other:
      return How::keep;
  }
  return How::keep;
}

Redactor::Redactor(store::Store& store, const config::Redaction& profile) : profile_(profile.name) {
  for (const auto& pattern : profile.patterns) patterns_.emplace_back(pattern);
  gather(store, profile);
  for (auto& [word, hidden] : by_first_word_)
    std::stable_sort(hidden.begin(), hidden.end(),
                     [](const Hidden& a, const Hidden& b) { return a.key.size() > b.key.size(); });
}

void Redactor::gather(store::Store& store, const config::Redaction& profile) {
  std::map<std::string, std::set<std::string>> pseudonyms;  // "person", "customer" → names
  std::set<std::string> dropped, free_text;
  for (const auto& entity : store.entities()) {
    for (const auto& column : entity.columns) {
      const auto how = redaction_of(profile, entity.name, column.name);
      if (how == How::keep) continue;
      const auto holds = what_it_holds(entity.name, column.name);
      for (const auto& value : store::distinct_texts(store, entity.name, column.name)) {
        if (how == How::pseudonym)
          pseudonyms[holds == Holds::customers ? "customer" : "person"].insert(value);
        else
          (holds == Holds::free_text ? free_text : dropped).insert(value);
      }
    }
  }
  for (const auto& name : profile.customer_names) {
    if (profile.customers == How::pseudonym) pseudonyms["customer"].insert(name);
    if (profile.customers == How::drop) dropped.insert(name);
  }
  for (const auto& [kind, names] : pseudonyms) {
    std::map<std::string, std::vector<std::string>> by_hash;  // one person, with and without the domain
    for (const auto& name : names) by_hash[sha256_hex(lower_ascii(name.substr(0, name.find('@'))))].push_back(name);
    int number = 0;
    for (const auto& [hash, same] : by_hash) {
      ++number;
      for (const auto& name : same) add_forms(name, fmt::format("{} {}", kind, number), false);
    }
  }
  for (const auto& value : dropped) add_forms(value, k_dropped, false);
  for (const auto& value : free_text) add_forms(value, k_dropped, true);
}

void Redactor::add_forms(std::string_view value, std::string_view replacement, bool free_text) {
  std::set<std::string> forms{std::string(value), render::escape_markdown(value), json_form(value)};
  if (const auto at = value.find('@'); !free_text && at != std::string_view::npos && at > 1)
    forms.insert(std::string(value.substr(0, at)));
  for (const auto& form : forms) add(form, replacement, free_text);
}

void Redactor::add(std::string_view value, std::string_view replacement, bool free_text) {
  auto key = folded(value);
  if (key.size() < 2) return;
  auto& hidden = by_first_word_[std::string(first_word(key))];
  const auto same = [&](const Hidden& h) { return h.key == key; };
  if (std::none_of(hidden.begin(), hidden.end(), same))
    hidden.push_back({std::move(key), std::string(replacement), free_text});
}

const Redactor::Hidden* Redactor::match(std::string_view text, std::size_t at, std::size_t& length) const {
  const auto word = lower_ascii(first_word(text.substr(at)));
  const auto found = by_first_word_.find(word);
  if (found == by_first_word_.end()) return nullptr;
  for (const auto& hidden : found->second) {
    std::size_t i = at, k = 0;
    while (i < text.size() && k < hidden.key.size()) {
      if (hidden.key[k] == ' ' && is_blank(text[i])) {
        while (i < text.size() && is_blank(text[i])) ++i;
        ++k;
      } else if (lower_ascii(text.substr(i, 1))[0] == hidden.key[k]) {
        ++i, ++k;
      } else {
        break;
      }
    }
    const bool whole = k == hidden.key.size() &&
                       (i == text.size() || !is_letter(text, i) || !is_letter(hidden.key, hidden.key.size() - 1));
    if (whole || (hidden.free_text && k >= k_least_beginning)) {
      length = i - at;
      return &hidden;
    }
  }
  return nullptr;
}

std::string Redactor::text(std::string_view text) const {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const bool word_starts = at == 0 || !is_letter(text, at) || !is_letter(text, at - 1);
    std::size_t length = 0;
    const auto* hidden = word_starts ? match(text, at, length) : nullptr;
    if (hidden == nullptr) {
      out += text[at++];
    } else {
      out += hidden->replacement;
      at += length;
    }
  }
  for (const auto& pattern : patterns_) out = std::regex_replace(out, pattern, std::string(k_dropped));
  return out;
}

templating::Value Redactor::value(const templating::Value& value) const {
  using templating::Dict;
  using templating::List;
  if (value.is_string()) {
    auto hidden = text(value.string());
    if (hidden == value.string()) return value;
    return value.is_markup() ? templating::Value::markup(std::move(hidden)) : templating::Value(std::move(hidden));
  }
  if (value.is_list()) {
    List items;
    for (const auto& item : value.list()) items.push_back(this->value(item));
    return {std::move(items), value.list_form()};
  }
  if (value.is_dict()) {
    Dict members;
    members.reserve(value.dict().size());
    for (const auto& [key, member] : value.dict()) members.set(key, this->value(member));
    return members;
  }
  return value;
}

namespace {

/// Before "(" the brackets of what was dropped would make a link.
std::string with_plain_brackets(std::string markdown) {
  for (auto at = markdown.find(k_dropped); at != std::string::npos; at = markdown.find(k_dropped, at + 1)) {
    if (at > 0 && markdown[at - 1] == '\\') continue;
    markdown.insert(at + k_dropped.size() - 1, 1, '\\').insert(at, 1, '\\');
    at += k_dropped.size();
  }
  return markdown;
}

}  // namespace

void Redactor::redact(render::Page& page) const {
  const auto apply = [&](std::string& part) { part = text(part); };
  apply(page.title);
  page.markdown = with_plain_brackets(text(page.markdown));
  apply(page.footer);
  apply(page.data_json);
  for (auto& figure : page.figures) each_label(figure, apply);
}

}  // namespace sitrep::docs
