#include "store/sql_completion.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "base/text.hpp"
#include "store/views.hpp"

namespace sitrep::store {
namespace {

constexpr auto k_words = std::to_array<std::string_view>(
    {"and",      "as",        "asc",  "between", "by",     "case",   "cast",   "count(", "day(",        "desc",
     "distinct", "duration(", "else", "end",     "exists", "filter", "from",   "group",  "having",      "in",
     "is",       "iso(",      "join", "left",    "like",   "limit",  "local(", "max(",   "median(",     "min(",
     "month(",   "not",       "null", "offset",  "on",     "or",     "order",  "over",   "percentile(", "select",
     "sum(",     "then",      "ts(",  "union",   "using",  "week(",  "when",   "where",  "with"});

bool is_name_byte(char c) {
  const auto u = static_cast<unsigned char>(c);
  return std::isalnum(u) != 0 || c == '_' || u >= 0x80;
}

/// The words of the text in lower case; what stands in quotes falls apart into words too, which does no harm here.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (is_name_byte(c)) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(lower_ascii(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(lower_ascii(word));
  return words;
}

}  // namespace

SqlCompletion::SqlCompletion(Store& store) {
  Statement columns(store.db(), "SELECT name FROM pragma_table_info(?1, 'temp') ORDER BY cid");
  for (auto& view : view_names(store.entities())) {
    auto& names = views_[view];
    columns.bind(view);
    while (columns.step()) names.emplace_back(columns.text(0));
  }
}

std::string_view SqlCompletion::last_word(std::string_view before_cursor) {
  auto start = before_cursor.size();
  while (start > 0 && is_name_byte(before_cursor[start - 1])) --start;
  return before_cursor.substr(start);
}

std::vector<std::string> SqlCompletion::candidates(std::string_view before_cursor) const {
  const auto typed = last_word(before_cursor);
  const auto before = before_cursor.substr(0, before_cursor.size() - typed.size());
  const auto wanted = lower_ascii(typed);
  std::set<std::string> found;
  const auto offer = [&](std::string_view name) {
    if (name.starts_with(wanted)) found.insert(std::string(typed) + std::string(name.substr(wanted.size())));
  };
  const auto words = words_of(before);
  if (before.ends_with('.') && !words.empty()) {
    // "i." of "from incident i": the view that stands in front of the alias.
    auto view = views_.find(words.back());
    for (std::size_t i = 0; view == views_.end() && i + 1 < words.size(); ++i)
      if (words[i + 1] == words.back() ||
          (words[i + 1] == "as" && i + 2 < words.size() && words[i + 2] == words.back()))
        view = views_.find(words[i]);
    if (view != views_.end())
      for (const auto& column : view->second) offer(column);
  } else if (!words.empty() && (words.back() == "from" || words.back() == "join")) {
    for (const auto& [view, columns] : views_) offer(view);
  } else {
    for (const auto& word : k_words) offer(word);
    const auto is_named = [&](const auto& view) { return std::ranges::find(words, view.first) != words.end(); };
    const bool any = std::ranges::any_of(views_, is_named);  // people write the columns first
    for (const auto& view : views_) {
      offer(view.first);
      if (is_named(view) || (!any && !typed.empty()))
        for (const auto& column : view.second) offer(column);
    }
  }
  return {found.begin(), found.end()};
}

bool is_whole_statement(const std::string& sql) { return sqlite3_complete(sql.c_str()) != 0; }

}  // namespace sitrep::store
