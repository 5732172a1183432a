#include "sources/group.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/url.hpp"
#include "json/path.hpp"
#include "json/writer.hpp"

namespace sitrep::sources {
namespace {

Group make_group(std::string json) {
  Group group;
  json::Document document;
  for (const json::Member member : document.parse(json).members())
    group.values.emplace_back(std::string(member.key), member.value.to_text());
  group.json = std::move(json);
  return group;
}

void add_parent_key(std::string_view path, std::set<std::string>& keys) {
  if (!path.starts_with('^')) return;
  const auto parsed = json::Path::parse(path);
  if (parsed.steps().empty()) {
    keys.insert("*");
  } else if (const auto* key = std::get_if<json::Path::Key>(&parsed.steps().front())) {
    keys.insert(key->name);
  }
}

void add_parent_keys(const std::vector<config::ColumnMap>& columns, std::set<std::string>& keys) {
  for (const auto& column : columns) {
    add_parent_key(column.path, keys);
    for (const auto& part : column.parts) add_parent_key(part, keys);
    add_parent_keys(column.columns, keys);
  }
}

void write_with(json::Writer& out, const std::optional<json::Value>& value,
                const std::map<std::string, std::string>& members) {
  // By the first key of the path: a value of its own, or what is to be set below it.
  std::map<std::string, std::map<std::string, std::string>> below;
  std::map<std::string, std::string> here;
  for (const auto& [path, text] : members) {
    const auto dot = path.find('.');
    if (dot == std::string::npos)
      here[path] = text;
    else
      below[path.substr(0, dot)][path.substr(dot + 1)] = text;
  }
  out.begin_object();
  if (value && value->is_object()) {
    for (const json::Member member : value->members()) {
      const std::string key(member.key);
      if (here.contains(key)) continue;
      out.key(key);
      if (const auto inner = below.find(key); inner != below.end()) {
        write_with(out, member.value, inner->second);
        below.erase(inner);
      } else {
        out.raw(member.value.to_json());
      }
    }
  }
  for (const auto& [key, text] : here) out.key(key).raw(text);
  for (const auto& [key, inner] : below) write_with(out.key(key), std::nullopt, inner);
  out.end_object();
}

}  // namespace

std::vector<Group> partition_groups(const config::Stream& stream) {
  std::vector<Group> groups;
  for (const std::string& partition : stream.partitions) groups.push_back(make_group(partition));
  if (groups.empty()) groups.emplace_back();
  return groups;
}

std::vector<Group> parent_groups(const config::Stream& stream, const std::vector<std::string>& records) {
  const auto field = json::Path::parse(stream.parent.field);
  std::vector<Group> groups;
  std::set<std::string> seen;
  json::Document document;
  for (const std::string& record : records) {
    const auto value = field.find(document.parse(record));
    if (!value || value->is_null() || value->is_object() || value->is_array() || value->reads_as("")) continue;
    auto text = value->to_text();
    if (!seen.insert(text).second) continue;
    groups.push_back({record, {{stream.parent.param, std::move(text)}}});
  }
  return groups;
}

std::vector<std::string> parent_fields(const config::Stream& stream) {
  std::set<std::string> keys;
  add_parent_key("^." + stream.parent.field, keys);
  add_parent_keys(stream.columns, keys);
  for (const auto& name : stream.primary_key) add_parent_key(name, keys);
  return {keys.begin(), keys.end()};
}

std::string fill(std::string_view text, const Group& group, Encode encode) {
  std::string out(text);
  for (const auto& [name, value] : group.values) {
    const std::string mark = "{" + name + "}";
    if (out.find(mark) == std::string::npos) continue;
    std::string put = value;
    if (encode == Encode::path) put = http::percent_encode(value);
    if (encode == Encode::json) {
      put = json::quoted(value);
      put = put.substr(1, put.size() - 2);
    }
    out = replace_all(out, mark, put);
  }
  return out;
}

bool has_placeholder(const config::Stream& stream, std::string_view name) {
  const std::string mark = "{" + std::string(name) + "}";
  const auto holds = [&](const auto& pairs) {
    return std::ranges::any_of(pairs, [&](const auto& pair) { return pair.second.find(mark) != std::string::npos; });
  };
  return stream.path.find(mark) != std::string::npos || stream.json_body.find(mark) != std::string::npos ||
         holds(stream.params) || holds(stream.form);
}

std::string with_members(std::string_view json, const std::vector<std::pair<std::string, std::string>>& members) {
  json::Document document;
  std::optional<json::Value> root;
  if (!json.empty()) root = document.parse(json);
  json::Writer out;
  write_with(out, root, {members.begin(), members.end()});
  return out.take();
}

}  // namespace sitrep::sources
