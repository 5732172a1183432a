#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"

namespace sitrep::store {

/// What may be typed next in a query over the documented views.
class SqlCompletion {
 public:
  /// Reads the names of views and columns once.
  explicit SqlCompletion(Store& store);

  /// Candidates for the word that ends `before_cursor`, sorted: behind FROM or JOIN views; behind "name." the columns
  /// of that view (or of the one that `name` stands for in what was typed); else columns of the views that the text
  /// names (of all while it names none), views, functions and keywords. The case of what was typed is kept.
  std::vector<std::string> candidates(std::string_view before_cursor) const;
  /// The word that candidates() completes: what follows the last byte that no name has.
  static std::string_view last_word(std::string_view before_cursor);

  const std::map<std::string, std::vector<std::string>, std::less<>>& views() const { return views_; }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> views_;  // columns by view
};

/// Whether the text ends with a whole statement: a semicolon outside quotes and comments.
bool is_whole_statement(const std::string& sql);

}  // namespace sitrep::store
