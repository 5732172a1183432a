#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.hpp"

namespace sitrep::store {

/// The rule of what a user's SQL may touch, as SQLite's authorizer.
///
/// A view may read the tables behind it; SQLite says which view it is by the name in FROM. Since a user can give that
/// name to a common table expression too, the names of those tables must not occur in the SQL at all: forbidden().
class QueryGuard {
 public:
  QueryGuard(std::vector<std::string> views, std::vector<std::string> tables);

  /// While one lives, what is compiled on its thread is SQL of ours, such as that of a table-valued function.
  class Trusted {
   public:
    Trusted();
    ~Trusted();
    Trusted(const Trusted&) = delete;
    Trusted& operator=(const Trusted&) = delete;
  };

  /// What in the text alone is refused: "DROP" as the statement's first word, "reading incident_past" for a token that
  /// is the name of a table behind the views, quoted or not. Empty: nothing.
  std::string forbidden(std::string_view sql) const;

  /// For sqlite3_set_authorizer(db, &QueryGuard::authorize, this).
  static int authorize(void* self, int action, const char* a, const char* b, const char* database, const char* inside);

  /// What was refused since the last clear(), for the message: "ATTACH", "function random()".
  const std::string& refused() const { return refused_; }
  void clear() { refused_.clear(); }

 private:
  bool allows_read(std::string_view table, std::string_view column, std::string_view database,
                   std::string_view inside) const;
  std::set<std::string, std::less<>> views_, tables_;  // lower case
  std::string refused_;
};

}  // namespace sitrep::store
