#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "json/fields.hpp"

namespace sitrep::sources {

/// contract = "freeze", and records have changed.
class ContractError : public Error {
 public:
  using Error::Error;
};

/// A field of a stream's records that is not as it was.
struct FieldChange {
  enum class What { added, vanished, retyped } what;
  std::string field;
  std::string was, is;  ///< types: "number", "string or list"; empty where there is none
  /// "new field 'sla' (number)", "field 'owner' is gone", "field 'n' is string, was number".
  std::string text() const;
};

/// Which top-level fields a stream's records have, and of which types: found out once, then compared. null is no type,
/// and integers and reals are one. Records of more than a thousand different fields are not watched: their keys are
/// data.
class FieldWatch {
 public:
  /// `known`: to_json() of the last run; empty: nothing is known, so nothing is new.
  explicit FieldWatch(std::string_view known);

  /// Takes a record into account, always read by the same Fields. What is new about it, in words; nullopt: nothing.
  std::optional<std::string> observe(const json::Fields& record);

  /// What changed, by name. `whole`: every record was seen, so a field that was in none of them is gone.
  std::vector<FieldChange> changes(bool whole) const;
  /// What is known now; with `whole` without the fields that are gone.
  std::string to_json(bool whole) const;

  /// What was seen so far, as JSON, for a run that goes on later.
  const std::string& seen();
  /// Goes on with what the interrupted run had seen.
  void go_on(std::string_view seen);

 private:
  struct Field {
    unsigned known = 0, seen = 0;  // sets of types
  };
  std::optional<std::string> note(std::string_view key, unsigned type);

  bool first_ = true;
  bool off_ = false;
  std::map<std::string, Field, std::less<>> fields_;
  std::string seen_;             // as JSON, until a record tells more; empty: not written yet
  std::uint64_t shape_ = 0;      // of the last record, and
  std::vector<unsigned> types_;  // of its values: most records are like the one before
};

}  // namespace sitrep::sources
