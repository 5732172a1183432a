#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace sitrep::store {

/// A person's words beside a number (`sitrep note add`).
struct Note {
  std::string source, id;
  std::optional<UnixTime> at;
  std::string author, subject, text;
  std::optional<std::string> expires_date;
};

/// Notes, newest first: on one subject (ASCII case does not matter) or all; with `on` only those not expired that day.
std::vector<Note> notes(Store& store, const std::optional<std::string>& subject, std::optional<Date> on);

}  // namespace sitrep::store
