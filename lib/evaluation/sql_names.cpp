#include "evaluation/sql_names.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace sitrep::evaluation {
namespace {

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

/// Every identifier and key word, in lower case, in order.
std::vector<std::string> words(std::string_view sql) {
  std::vector<std::string> names;
  const auto add = [&](std::string_view name) { names.push_back(lower_ascii(name)); };
  for (std::size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    if (c == '\'' || c == '"' || c == '`') {
      std::size_t end = sql.find(c, i + 1);
      if (end == std::string_view::npos) end = sql.size();
      if (c != '\'') add(sql.substr(i + 1, end - i - 1));
      i = end + 1;
    } else if (sql.substr(i, 2) == "--") {
      i = std::min(sql.find('\n', i), sql.size());
    } else if (sql.substr(i, 2) == "/*") {
      const auto end = sql.find("*/", i + 2);
      i = end == std::string_view::npos ? sql.size() : end + 2;
    } else if (c == ':' || c == '@' || c == '$') {  // a parameter is no name
      ++i;
      while (i < sql.size() && continues_name(sql[i])) ++i;
    } else if (starts_name(c)) {
      std::size_t end = i;
      while (end < sql.size() && continues_name(sql[end])) ++end;
      add(sql.substr(i, end - i));
      i = end;
    } else {
      ++i;
    }
  }
  return names;
}

void add_once(std::vector<std::string>& list, const std::string& name) {
  if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
}

}  // namespace

std::vector<std::string> sql_names(std::string_view sql) {
  std::vector<std::string> names;
  for (const auto& word : words(sql)) add_once(names, word);
  return names;
}

std::vector<std::string> sql_tables(std::string_view sql) {
  std::vector<std::string> names;
  const auto all = words(sql);
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i - 1] == "from" || all[i - 1] == "join") add_once(names, all[i]);
  }
  return names;
}

}  // namespace sitrep::evaluation
