#include "config/merge.hpp"

#include "config/reader.hpp"

namespace sitrep::config {
namespace {

std::string stream_name(const toml::node& stream) {
  const auto* table = stream.as_table();
  const auto* name = table ? table->get_as<std::string>("name") : nullptr;
  return name ? name->get() : std::string();
}

void lay_streams_over(toml::array& base, toml::array&& over) {
  for (auto& stream : over) {
    auto* own = stream.as_table();
    toml::table* same = nullptr;
    for (auto& candidate : base)
      if (own && !stream_name(stream).empty() && stream_name(candidate) == stream_name(stream))
        same = candidate.as_table();
    if (same)
      lay_over(*same, std::move(*own));
    else if (own)
      base.push_back(std::move(*own));
  }
}

/// A secret has one origin: the user's { file = … } replaces the preset's { env = … } whole.
bool is_secret(std::string_view key) {
  return key == "token" || key == "username" || key == "password" || key == "client_id" || key == "client_secret" ||
         key == "access_key" || key == "secret_key";
}

void lay_node_over(toml::table& base, const toml::key& key, toml::node& value) {
  auto* under = base.get(key.str());
  if (under && under->is_table() && value.is_table() && !is_secret(key.str())) {
    lay_over(*under->as_table(), std::move(*value.as_table()));
  } else if (under && key.str() == "stream" && under->is_array() && value.is_array()) {
    lay_streams_over(*under->as_array(), std::move(*value.as_array()));
  } else {
    value.visit([&](auto& node) { base.insert_or_assign(key, std::move(node)); });
  }
}

}  // namespace

void lay_over(toml::table& base, toml::table&& over) {
  for (auto&& [key, value] : over) lay_node_over(base, key, value);
}

void expand_environment(toml::node& node, const Environment& environment,
                        std::vector<std::pair<std::string, Location>>& unset) {
  if (auto* table = node.as_table()) {
    for (auto&& [key, value] : *table) expand_environment(value, environment, unset);
  } else if (auto* list = node.as_array()) {
    for (auto& value : *list) expand_environment(value, environment, unset);
  } else if (auto* text = node.as_string()) {
    std::string& value = text->get();
    for (std::size_t at = value.find("${"); at != std::string::npos; at = value.find("${", at)) {
      const auto end = value.find('}', at);
      if (end == std::string::npos) break;
      const auto name = value.substr(at + 2, end - at - 2);
      if (const auto found = environment(name)) {
        value.replace(at, end - at + 1, *found);
        at += found->size();
      } else {
        unset.emplace_back(name, location_of(node));
        at = end;
      }
    }
  }
}

}  // namespace sitrep::config
