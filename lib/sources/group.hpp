#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/stream.hpp"
#include "json/value.hpp"

namespace sitrep::sources {

/// What one walk of a stream is for: a partition, or a record of the parent stream. A stream without either has one
/// group that is empty.
struct Group {
  std::string json;  ///< an object that `^.` of the stream's paths leads to; empty: none
  std::vector<std::pair<std::string, std::string>> values;  ///< for {name} in path, params, json and form
};

/// One for each of stream.partitions, or the empty one.
std::vector<Group> partition_groups(const config::Stream& stream);

/// One for each record of the parent stream, as parent_fields() kept it; records without the field are left out, and of
/// several with the same value one stays. Error{config} for a bad parent.field.
std::vector<Group> parent_groups(const config::Stream& stream, const std::vector<std::string>& records);

/// The top-level keys of a parent's records that this stream needs. "*": the whole record.
std::vector<std::string> parent_fields(const config::Stream& stream);

/// `text` with {name} replaced for each value, encoded for a URL's path where it stands in one.
enum class Encode { no, path, json };
std::string fill(std::string_view text, const Group& group, Encode encode);

/// Whether {name} stands in the stream's path, params, json or form.
bool has_placeholder(const config::Stream& stream, std::string_view name);

/// JSON text with these members set, inner ones by a dotted path; objects on the way are made. Values are JSON.
std::string with_members(std::string_view json, const std::vector<std::pair<std::string, std::string>>& members);

}  // namespace sitrep::sources
