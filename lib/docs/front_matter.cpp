#include "docs/front_matter.hpp"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep::docs {
namespace {

constexpr std::string_view k_fence = "---";
constexpr std::size_t k_max_bytes = 64U << 10U;

/// The YAML text and where the body starts; nullopt without front matter.
struct Split {
  std::string_view yaml, body;
  std::size_t body_line;
};

std::string_view without_return(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

std::optional<Split> split(std::string_view document, const std::string& file) {
  const auto first_end = document.find('\n');
  if (first_end == std::string_view::npos || without_return(document.substr(0, first_end)) != k_fence)
    return std::nullopt;
  std::size_t at = first_end + 1, line = 2;
  while (at < document.size()) {
    const auto end = std::min(document.find('\n', at), document.size());
    if (without_return(document.substr(at, end - at)) == k_fence)
      return Split{document.substr(first_end + 1, at - first_end - 1),
                   document.substr(std::min(end + 1, document.size())), line + 1};
    at = end + 1;
    ++line;
  }
  fail(ErrorKind::data, "{}:1:1: the front matter opened by --- is not closed by a line ---", file);
}

[[noreturn]] void refuse(const std::string& file, const YAML::Mark& mark, std::string_view reason) {
  // The YAML starts on the file's second line; yaml-cpp counts from 0.
  fail(ErrorKind::data, "{}:{}:{}: {}", file, mark.line + 2, mark.column + 1, reason);
}

std::string scalar(const YAML::Node& node, const std::string& file) {
  if (!node.IsScalar())
    refuse(file, node.Mark(), "front matter holds texts, numbers, dates and lists of them, nothing deeper");
  return node.Scalar();
}

Field read_field(const YAML::Node& key, const YAML::Node& value, const std::string& file) {
  Field field;
  field.name = scalar(key, file);
  field.line = static_cast<std::size_t>(key.Mark().line) + 2;
  if (value.IsSequence()) {
    field.list = true;
    for (const auto& item : value) field.values.push_back(scalar(item, file));
  } else if (!value.IsNull()) {
    field.values.push_back(scalar(value, file));
  }
  return field;
}

/// Whether YAML reads the plain text as that text and nothing else.
bool plain_in_yaml(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.find(": ") != std::string_view::npos ||
      text.find(" #") != std::string_view::npos || text.back() == ':')
    return false;
  if (text.find_first_of("\n\t\r\"\\[]{},") != std::string_view::npos) return false;
  if (std::string_view("-?:&*!|>'%@`#~.=<").find(text.front()) != std::string_view::npos) return false;
  const auto word = lower_ascii(text);
  for (const std::string_view special : {"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
    if (word == special) return false;
  return visible(text) == text;
}

std::string write_scalar(std::string_view text) {
  // A date stays bare, as people write it; a number is quoted, for "012" and "1e3" would change.
  if (plain_in_yaml(text) && !parse_real(text)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    if (c == '\n' || c == '\r' || c == '\t')
      quoted.push_back(' ');
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string write_field(const Field& field) {
  if (field.list) {
    std::string items;
    for (const auto& value : field.values) items += fmt::format("{}{}", items.empty() ? "" : ", ", write_scalar(value));
    return fmt::format("{}: [{}]\n", field.name, items);
  }
  return field.values.empty() ? fmt::format("{}:\n", field.name)
                              : fmt::format("{}: {}\n", field.name, write_scalar(field.values.front()));
}

}  // namespace

const Field* FrontMatter::find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::optional<std::string> FrontMatter::text(std::string_view name) const {
  const auto* field = find(name);
  if (field == nullptr || field->values.empty() || field->values.front().empty()) return std::nullopt;
  return field->values.front();
}

FrontMatter parse_front_matter(std::string_view document, const std::string& file) {
  FrontMatter matter;
  const auto parts = split(document, file);
  if (!parts) {
    matter.body = document;
    return matter;
  }
  if (parts->yaml.size() > k_max_bytes) fail(ErrorKind::data, "{}:1:1: the front matter is longer than 64 KiB", file);
  matter.body = parts->body;
  matter.body_line = parts->body_line;
  try {
    const auto root = YAML::Load(std::string(parts->yaml));
    if (root.IsNull()) return matter;
    if (!root.IsMap()) refuse(file, root.Mark(), "front matter must be a list of `name: value` lines");
    for (const auto& entry : root) {
      auto field = read_field(entry.first, entry.second, file);
      if (matter.find(field.name) != nullptr)
        refuse(file, entry.first.Mark(), fmt::format("'{}' stands there twice", visible(field.name)));
      matter.fields.push_back(std::move(field));
    }
  } catch (const YAML::Exception& error) {
    refuse(file, error.mark, visible(error.msg));  // it may quote what it met
  }
  return matter;
}

std::string write_front_matter(const std::vector<Field>& fields) {
  std::string text = "---\n";
  for (const auto& field : fields) text += write_field(field);
  return text + "---\n";
}

namespace {

/// A changed document, once it is sure that the field says the value, and that nothing else says anything else: YAML
/// has ways to write front matter that a line more does not fit into.
std::string checked(std::string_view before, std::string after, std::string_view name, std::string_view value,
                    const std::string& file) {
  const auto by_hand = [&] {
    fail(ErrorKind::data, "{}: '{}' can't be set in front matter that is written like this; add the line by hand: {}",
         file, name, trim_view(write_field({std::string(name), {std::string(value)}, false, 0})).substr(0, 200));
  };
  const auto old_matter = parse_front_matter(before, file);
  try {
    auto matter = parse_front_matter(after, file);
    const auto* set = matter.find(name);
    if (set == nullptr || set->list || matter.text(name).value_or("") != value || matter.body != old_matter.body)
      by_hand();
    for (const auto& field : old_matter.fields) {
      const auto* kept = matter.find(field.name);
      if (field.name != name && (kept == nullptr || kept->values != field.values || kept->list != field.list))
        by_hand();
    }
    if (matter.fields.size() != old_matter.fields.size() + (old_matter.find(name) == nullptr ? 1 : 0)) by_hand();
  } catch (const Error& error) {
    if (std::string_view(error.what()).find("by hand") != std::string_view::npos) throw;
    by_hand();
  }
  return after;
}

}  // namespace

std::string set_field(std::string_view document, std::string_view name, std::string_view value,
                      const std::string& file) {
  const auto line = write_field({std::string(name), {std::string(value)}, false, 0});
  const auto parts = split(document, file);
  if (!parts) return fmt::format("---\n{}---\n{}", line, document);
  const auto matter = parse_front_matter(document, file);
  const auto* field = matter.find(name);
  const auto yaml_begin = static_cast<std::size_t>(parts->yaml.data() - document.data());
  if (field == nullptr) {
    const auto at = yaml_begin + parts->yaml.size();
    return checked(document, std::string(document.substr(0, at)) + line + std::string(document.substr(at)), name, value,
                   file);
  }
  std::size_t begin = yaml_begin;
  for (std::size_t at_line = 2; at_line < field->line; ++at_line) begin = document.find('\n', begin) + 1;
  // A value may run over the following lines that are indented.
  std::size_t end = document.find('\n', begin) + 1;
  while (end < yaml_begin + parts->yaml.size() && (document[end] == ' ' || document[end] == '\t'))
    end = document.find('\n', end) + 1;
  return checked(document, std::string(document.substr(0, begin)) + line + std::string(document.substr(end)), name,
                 value, file);
}

}  // namespace sitrep::docs
