#include "sources/inspect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "json/path.hpp"
#include "json/value.hpp"
#include "sources/paginators/link_header.hpp"

namespace sitrep::sources {
namespace {

constexpr std::size_t k_depth = 4;     // of fields inside a record
constexpr std::size_t k_fields = 200;  // that are told apart
constexpr std::size_t k_sample_columns = 60;

std::string kind_of(const json::Value& value) {
  if (value.is_object()) return "object";
  if (value.is_array()) {
    const bool objects = value.size() > 0 && value.at(0)->is_object();
    return fmt::format("list of {}", count_of(static_cast<std::int64_t>(value.size()), objects ? "object" : "value"));
  }
  return value.is_string() ? "text" : value.is_null() ? "null" : "number";
}

std::string shape_of(const json::Value& root) {
  if (!root.is_object()) return kind_of(root);
  std::string text = "object:";
  std::size_t shown = 0;
  for (const json::Member member : root.members()) {
    if (++shown > 12) return text + " …";
    text += (shown > 1 ? ", " : " ") + std::string(member.key);
    if (member.value.is_array() || member.value.is_object()) text += " (" + kind_of(member.value) + ")";
  }
  return text;
}

/// A key as a path writes it.
std::string step(std::string_view key) {
  if (!key.empty() && key.find_first_of(".[]\"^$=") == std::string_view::npos) return std::string(key);
  return "\"" + replace_all(replace_all(std::string(key), "\\", "\\\\"), "\"", "\\\"") + "\"";
}

std::string joined(const std::string& path, std::string_view key) {
  return path.empty() ? step(key) : path + "." + step(key);
}

/// Conditions and indexes as [*], so that a column and a field compare.
std::string generic(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    out += path[i];
    if (path[i] != '[') continue;
    const auto close = path.find(']', i);
    if (close == std::string_view::npos) return out;
    out += "*]";
    i = close;
  }
  return out;
}

class Fields {
 public:
  void add_record(const json::Value& record) {
    seen_.clear();
    add(record, "", 0);
  }
  const std::vector<FieldUse>& all() const { return fields_; }

 private:
  void add(const json::Value& value, const std::string& path, std::size_t depth) {
    if (value.is_object() && depth < k_depth && value.size() > 0) {
      for (const json::Member member : value.members()) add(member.value, joined(path, member.key), depth + 1);
    } else if (value.is_array() && value.size() > 0 && depth < k_depth) {
      for (const json::Member member : value.members()) add(member.value, path + "[*]", depth + 1);
    } else if (!path.empty() && !value.is_null() && !value.is_array() && !value.is_object()) {
      leaf(value, path);
    }
  }

  void leaf(const json::Value& value, const std::string& path) {
    if (!seen_.emplace(path, true).second) return;
    auto [at, fresh] = index_.emplace(path, fields_.size());
    if (fresh) {
      if (fields_.size() >= k_fields) {
        index_.erase(at);
        return;
      }
      fields_.push_back({"", path, 0, value.to_text()});
    }
    ++fields_[at->second].filled;
  }

  std::vector<FieldUse> fields_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::map<std::string, bool, std::less<>> seen_;
};

bool covers(const std::string& taken, const std::string& field) {
  return field.starts_with(taken) &&
         (field.size() == taken.size() || field[taken.size()] == '.' || field[taken.size()] == '[');
}

std::vector<json::Value> records_of(const config::Stream& stream, const json::Value& root) {
  using Shape = config::Stream::Shape;
  std::vector<json::Value> records;
  const auto selector = json::Path::parse(stream.data_selector);
  for (const json::Value& value : selector.find_all(root)) {
    if (stream.record_shape == Shape::object || (selector.has_wildcard() && !value.is_array()))
      records.push_back(value);
    else if (value.is_array() || (stream.record_shape == Shape::map && value.is_object()))
      for (const json::Member member : value.members()) records.push_back(member.value);
  }
  return records;
}

void map_columns(const std::vector<config::ColumnMap>& columns, const std::vector<json::Value>& records,
                 Inspection& out) {
  for (const config::ColumnMap& column : columns) {
    FieldUse use{column.column, column.path, 0, ""};
    if (column.path.empty()) {
      use.path = column.parts.empty() ? "default" : join(column.parts, " + ");
      use.filled = static_cast<std::int64_t>(records.size());
      use.sample = column.fallback.value_or("");
    } else if (!column.path.starts_with("$") && !column.path.starts_with("^")) {
      const auto path = json::Path::parse(column.path);
      for (const json::Value& record : records) {
        const auto found = path.find(record);
        if (!found || found->is_null()) continue;
        if (++use.filled == 1) use.sample = found->is_string() ? found->to_text() : found->to_json();
      }
    }
    use.sample = truncate_display(visible(use.sample), k_sample_columns);
    out.mapped.push_back(std::move(use));
  }
}

void find_unmapped(const config::Stream& stream, const std::vector<json::Value>& records, Inspection& out) {
  std::vector<std::string> taken = stream.primary_key;
  for (const auto& column : stream.columns) {
    taken.push_back(column.path);
    taken.insert(taken.end(), column.parts.begin(), column.parts.end());
  }
  if (stream.skip_when) taken.push_back(stream.skip_when->first);
  if (stream.incremental) taken.push_back(stream.incremental->cursor_path);
  if (!stream.expand.empty()) taken.push_back(stream.expand);
  for (auto& path : taken) path = generic(path);
  Fields fields;
  for (const json::Value& record : records) fields.add_record(record);
  for (FieldUse field : fields.all()) {
    const bool used = std::ranges::any_of(
        taken, [&](const std::string& path) { return !path.empty() && (path == "$" || covers(path, field.path)); });
    if (used) continue;
    field.sample = truncate_display(visible(field.sample), k_sample_columns);
    out.unmapped.push_back(std::move(field));
  }
}

void suggest_selectors(const json::Value& value, const std::string& path, std::size_t depth,
                       std::vector<Suggestion>& out) {
  if (value.is_array() && value.size() > 0 && value.at(0)->is_object()) {
    out.push_back(
        {"data_selector", "\"" + replace_all(path.empty() ? "$" : path, "\"", "\\\"") + "\"", kind_of(value)});
  } else if (value.is_object() && depth < 3) {
    for (const json::Member member : value.members())
      suggest_selectors(member.value, joined(path, member.key), depth + 1, out);
  }
}

std::optional<json::Value> at(const json::Value& root, std::string_view path) {
  const auto found = json::Path::parse(path).find(root);
  return found && !found->is_null() && !found->reads_as("") ? found : std::nullopt;
}

std::optional<Suggestion> link_header(const http::Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (!equal_ignoring_case(name, "link")) continue;
    for (const Link& link : parse_links(value)) {
      if (std::ranges::find(link.relations, "next") != link.relations.end())
        return Suggestion{"paginator", "{ type = \"header_link\" }", "the header Link has rel=\"next\""};
    }
  }
  return std::nullopt;
}

std::optional<Suggestion> json_link(const json::Value& root) {
  for (const char* path : {"\"@odata.nextLink\"", "links.next", "links.next.href", "next", "next_page", "nextPage",
                           "next_page_url", "next_url", "paging.next", "pagination.next_url", "_links.next.href"}) {
    const auto found = at(root, path);
    const auto text = found ? found->string() : std::nullopt;
    if (!text || !(text->starts_with("http") || text->starts_with("/"))) continue;
    return Suggestion{"paginator", fmt::format("{{ type = \"json_link\", next_url_path = '{}' }}", path),
                      fmt::format("{} is the URL of a page", path)};
  }
  return std::nullopt;
}

std::optional<Suggestion> cursor(const json::Value& root) {
  struct Known {
    const char* path;
    const char* parameter;
  };
  constexpr std::array k_known = {Known{"next_cursor", "cursor"},
                                  Known{"nextCursor", "cursor"},
                                  Known{"cursor.next", "cursor"},
                                  Known{"meta.next_cursor", "cursor"},
                                  Known{"pageInfo.nextCursor", "cursor"},
                                  Known{"response_metadata.next_cursor", "cursor"},
                                  Known{"nextPageToken", "nextPageToken"},
                                  Known{"next_page_token", "page_token"},
                                  Known{"NextToken", "NextToken"},
                                  Known{"pagination_meta.after", "after"},
                                  Known{"paging.cursors.after", "after"},
                                  Known{"meta.after_cursor", "page[after]"},
                                  Known{"metadata.continue", "continue"},
                                  Known{"pagination.next", "page"},
                                  Known{"next_page", "page"},
                                  Known{"next", "cursor"}};
  for (const auto& [path, parameter] : k_known) {
    const auto found = at(root, path);
    if (!found || found->is_object() || found->is_array() || found->boolean()) continue;
    return Suggestion{
        "paginator",
        fmt::format("{{ type = \"cursor\", cursor_path = \"{}\", cursor_param = \"{}\" }}", path, parameter),
        fmt::format("{} holds what the next page is asked for with", path)};
  }
  return std::nullopt;
}

std::optional<Suggestion> counted(const json::Value& root, const http::Response& response, bool has_id) {
  for (const char* flag : {"has_more", "more", "hasMore"}) {
    const auto found = at(root, flag);
    if (!found || !found->boolean()) continue;
    if (at(root, "offset"))
      return Suggestion{"paginator", fmt::format("{{ type = \"offset\", limit = 100, has_more_path = \"{}\" }}", flag),
                        fmt::format("the page has offset and {}", flag)};
    if (has_id)
      return Suggestion{"paginator",
                        fmt::format("{{ type = \"last_record\", cursor_record_path = \"id\", cursor_param = "
                                    "\"starting_after\", has_more_path = \"{}\" }}",
                                    flag),
                        fmt::format("the page has {} and records have an id", flag)};
  }
  for (const char* total : {"total_count", "total", "totalCount", "count"}) {
    if (!at(root, total)) continue;
    for (const auto& [offset, limit] : {std::pair{"offset", "limit"}, {"startAt", "maxResults"}}) {
      if (at(root, offset))
        return Suggestion{"paginator",
                          fmt::format("{{ type = \"offset\", offset_param = \"{}\", limit_param = \"{}\", limit = 100, "
                                      "total_path = \"{}\" }}",
                                      offset, limit, total),
                          fmt::format("the page has {} and {}", offset, total)};
    }
    for (const char* page : {"page", "current_page"}) {
      if (at(root, page))
        return Suggestion{"paginator", fmt::format("{{ type = \"page_number\", total_path = \"{}\" }}", total),
                          fmt::format("the page has {} and {}", page, total)};
    }
  }
  if (response.header("X-Next-Page"))
    return Suggestion{"paginator", "{ type = \"page_number\" }", "the header X-Next-Page is there"};
  return std::nullopt;
}

std::optional<Suggestion> incremental(const std::vector<FieldUse>& mapped, const std::vector<FieldUse>& unmapped) {
  for (const char* name : {"updated_at", "updatedAt", "updated_on", "updated", "modified_at", "modified",
                           "last_modified", "lastModified", "sys_updated_on", "LastUpdated"}) {
    for (const auto* fields : {&mapped, &unmapped}) {
      for (const FieldUse& field : *fields) {
        if (field.path != name && !field.path.ends_with(std::string(".") + name)) continue;
        return Suggestion{"incremental", fmt::format("{{ cursor_path = \"{}\", start_param = \"…\" }}", field.path),
                          "records have a time of change; start_param is the API's filter by it"};
      }
    }
  }
  return std::nullopt;
}

void suggest(const config::Stream& stream, const http::Response& response, const json::Value& root, bool has_list,
             Inspection& out) {
  if (!has_list) suggest_selectors(root, "", 0, out.suggestions);
  if (stream.paginator.type == config::Paginator::Type::single_page) {
    const auto has_id = std::ranges::any_of(out.unmapped, [](const FieldUse& f) { return f.path == "id"; }) ||
                        stream.primary_key == std::vector<std::string>{"id"};
    auto found = link_header(response);
    if (!found) found = json_link(root);
    if (!found) found = cursor(root);
    if (!found) found = counted(root, response, has_id);
    if (found) out.suggestions.push_back(std::move(*found));
  }
  if (!stream.incremental) {
    if (auto found = incremental(out.mapped, out.unmapped)) out.suggestions.push_back(std::move(*found));
  }
}

}  // namespace

Inspection inspect(const config::Stream& stream, const http::Response& response) {
  Inspection out;
  try {
    json::Document document;
    const json::Value root = document.parse(response.body);
    out.shape = shape_of(root);
    const auto selected = json::Path::parse(stream.data_selector).find(root);
    const bool has_list = selected && (selected->is_array() ||
                                       (selected->is_object() && stream.record_shape != config::Stream::Shape::array));
    const auto records = records_of(stream, root);
    out.records = static_cast<std::int64_t>(records.size());
    map_columns(stream.columns, records, out);
    find_unmapped(stream, records, out);
    suggest(stream, response, root, has_list, out);
  } catch (const json::SyntaxError&) {
    return {};
  }
  return out;
}

}  // namespace sitrep::sources
