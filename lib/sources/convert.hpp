#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "json/value.hpp"
#include "model/rows.hpp"
#include "sources/mapping.hpp"

namespace sitrep::sources {

/// What became of a value on its way into a column.
struct Conversion {
  enum class Outcome {
    value,
    null,      ///< absent, null, "" where text is not meant, one of null_values
    odd,       ///< does not fit the column: `reason`
    rejected,  ///< the record is refused for it (on_error = "reject", nan = "error"): `reason`
  };
  Outcome outcome = Outcome::null;
  model::Cell cell;         ///< text lives until the Converter's next call or as long as the document
  std::string_view reason;  ///< of odd and rejected; of null when a value was there and is counted
};

/// Turns JSON values into cells by a column's type, formats, map, vocabulary and lists. A value is converted exactly or
/// not at all: what does not fit is odd, and never becomes another value.
class Converter {
 public:
  /// `found`: the value at the column's path; nullopt when there is none.
  Conversion convert(const MappedColumn& column, const std::optional<json::Value>& found);
  /// As above for a column with `list` whose path has a wildcard: every value that it leads to is an element.
  Conversion convert_all(const MappedColumn& column, const std::vector<json::Value>& found);
  /// A text that stands in no record: $key, or what `parts` make.
  Conversion convert_text(const MappedColumn& column, std::string_view text);
  /// The column's `default`, read as if the record held it as text.
  Conversion fallback(const MappedColumn& column);

  /// A time by the rules of timestamp columns; nullopt when it is none.
  static std::optional<UnixTime> time(const TimeReading& reading, const json::Value& value);

 private:
  Conversion of_value(const MappedColumn& column, const json::Value& value);
  Conversion of_plain(const MappedColumn& column, std::string_view text);
  template <class ScalarValue>
  Conversion of_scalar(const MappedColumn& column, const ScalarValue& value);
  Conversion of_list(const MappedColumn& column, const std::vector<json::Value>& list);
  Conversion in_vocabulary(const MappedColumn& column, std::string_view text) const;
  Conversion joined(const std::vector<json::Value>& list);
  Conversion settled(const MappedColumn& column, Conversion result) const;
  Conversion keep(std::string text);

  std::string scratch_;
};

}  // namespace sitrep::sources
