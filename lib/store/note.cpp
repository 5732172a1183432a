#include "store/note.hpp"

namespace sitrep::store {

std::vector<Note> notes(Store& store, const std::optional<std::string>& subject, std::optional<Date> on) {
  Statement rows(
      store.db(),
      "SELECT source, id, at, author, subject, text, expires_date FROM note WHERE (?1 IS NULL OR subject = ?1 COLLATE "
      "NOCASE) AND (?2 IS NULL OR expires_date IS NULL OR expires_date >= ?2) ORDER BY at DESC, source, id");
  std::optional<std::string> day;
  if (on) day = format_date(*on);
  rows.bind(subject, day);
  std::vector<Note> all;
  while (rows.step())
    all.push_back({std::string(rows.text(0)), std::string(rows.text(1)), rows.time_or_null(2),
                   std::string(rows.text(3)), std::string(rows.text(4)), std::string(rows.text(5)),
                   rows.text_or_null(6)});
  return all;
}

}  // namespace sitrep::store
