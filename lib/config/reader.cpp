#include "config/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/numbers.hpp"

namespace sitrep::config {

toml::table parse_toml(std::string_view text, const std::string& file) {
  constexpr std::size_t k_longest = std::size_t{1} << 20;  // the largest real one is some 50 kB
  if (text.size() > k_longest) fail(ErrorKind::config, "{}: larger than 1 MiB, which no configuration needs", file);
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& e) {
    const auto& at = e.source().begin;
    fail_at({file, at.line, at.column}, visible(std::string(e.description())));
  }
}

Location location_of(const toml::node& node) {
  const auto& region = node.source();
  return {region.path ? *region.path : std::string("sitrep.toml"), region.begin.line, region.begin.column};
}

void fail_at(const Location& where, const std::string& message) {
  throw Error(ErrorKind::config, where.line == 0 ? where.file + ": " + message : where.text() + ": " + message);
}

std::vector<std::pair<std::string, const toml::node*>> in_file_order(const toml::table& table) {
  std::vector<std::pair<std::string, const toml::node*>> entries;
  for (const auto& [key, value] : table) entries.emplace_back(std::string(key.str()), &value);
  std::ranges::stable_sort(entries, {}, [](const auto& entry) {
    const auto& begin = entry.second->source().begin;
    return std::pair(begin.line, begin.column);
  });
  return entries;
}

std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* number = node.as_floating_point()) return format_real(number->get());
  if (node.is_date() || node.is_time() || node.is_date_time()) {
    std::ostringstream out;
    node.visit([&](const auto& value) {
      if constexpr (toml::is_chronological<decltype(value)>) out << value.get();
    });
    return out.str();
  }
  return std::nullopt;
}

std::string to_json(const toml::node& node) {
  std::ostringstream out;
  node.visit([&](const auto& value) { out << toml::json_formatter{value, toml::format_flags::none}; });
  return out.str();
}

const toml::node* Reader::declared(std::string_view key, std::initializer_list<KnobType> types) {
  known_.emplace(key);
  if (knobs_) {
    const Knob* knob = knobs_->find(key);
    if (!knob || std::ranges::find(types, knob->type) == types.end())
      sitrep::fail(ErrorKind::bug, "the knob '{}' of '{}' is not declared as it is read", key, knobs_->name);
  }
  return table_.get(key);
}

const toml::node* Reader::node(std::string_view key) {
  return declared(key,
                  {KnobType::any, KnobType::scalar, KnobType::text, KnobType::named, KnobType::table, KnobType::texts});
}

const KnobTable* Reader::inner_knobs(std::string_view key) const {
  const Knob* knob = knobs_ ? knobs_->find(key) : nullptr;
  return knob ? find_knob_table(knob->of) : nullptr;
}

std::string Reader::json() const { return to_json(table_); }

std::string Reader::path_to(std::string_view key) const {
  return title_.empty() ? fmt::format("'{}'", key) : fmt::format("'{}' in {}", key, title_);
}

/// "[source.a]" and key "auth" → "[source.a.auth]"; "[[rule]]" and "x" → "[rule.x]".
std::string Reader::title_of(std::string_view key) const {
  std::string_view stem = title_;
  while (stem.starts_with('[')) stem.remove_prefix(1);
  while (stem.ends_with(']')) stem.remove_suffix(1);
  return stem.empty() ? std::string(key) : fmt::format("{}.{}", stem, key);
}

void Reader::fail(std::string_view key, const std::string& message) const {
  const auto* node = table_.get(key);
  fail_at(node ? location_of(*node) : where(), message);
}

void Reader::fail_type(std::string_view key, std::string_view wanted) const {
  fail(key, fmt::format("{} must be {}", path_to(key), wanted));
}

std::optional<std::size_t> Reader::chosen(std::string_view key, const std::vector<std::string_view>& names) {
  const auto* found = declared(key, {KnobType::choice});
  if (knobs_ && knobs_->find(key)->of != fmt::format("{}", fmt::join(names, " ")))
    sitrep::fail(ErrorKind::bug, "the words of the knob '{}' of '{}' are not as they are read", key, knobs_->name);
  if (!found) return std::nullopt;
  const auto* word = found->as_string();
  if (!word) fail_type(key, "a string");
  const auto at = std::ranges::find(names, word->get());
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  fail(key, fmt::format("{} is '{}'; it takes {}{}", path_to(key), visible(word->get()), fmt::join(names, ", "),
                        did_you_mean(word->get(), names)));
}

std::optional<std::string> Reader::text(std::string_view key) {
  const auto* found = declared(key, {KnobType::text, KnobType::threshold, KnobType::duration});
  if (!found) return std::nullopt;
  if (const auto* text = found->as_string()) return text->get();
  fail_type(key, "a string");
}

std::string Reader::required_text(std::string_view key) {
  auto value = text(key);
  if (!value || value->empty()) fail(key, fmt::format("{} needs '{}'", title_, key));
  return *value;
}

std::optional<std::int64_t> Reader::integer(std::string_view key, std::int64_t minimum) {
  const auto* found = declared(key, {KnobType::integer});
  if (!found) return std::nullopt;
  const auto* number = found->as_integer();
  if (!number) fail_type(key, "an integer");
  if (number->get() < minimum) fail(key, fmt::format("{} must be at least {}", path_to(key), minimum));
  return number->get();
}

std::optional<double> Reader::real(std::string_view key) {
  const auto* found = declared(key, {KnobType::real});
  if (!found) return std::nullopt;
  const auto number = found->value<double>();
  if (!number || (!found->is_floating_point() && !found->is_integer())) fail_type(key, "a number");
  if (!std::isfinite(*number)) fail_type(key, "a finite number");
  return number;
}

std::optional<bool> Reader::boolean(std::string_view key) {
  const auto* found = declared(key, {KnobType::boolean});
  if (!found) return std::nullopt;
  if (const auto* flag = found->as_boolean()) return flag->get();
  fail_type(key, "true or false");
}

std::optional<std::chrono::milliseconds> Reader::duration(std::string_view key) {
  const auto word = text(key);
  if (!word) return std::nullopt;
  if (word->ends_with("ms")) {
    const auto amount = parse_integer(std::string_view(*word).substr(0, word->size() - 2));
    if (amount && *amount >= 0) return std::chrono::milliseconds{*amount};
  } else if (const auto seconds = parse_duration(*word)) {
    return *seconds;
  }
  fail_type(key, fmt::format("a duration such as \"90s\", \"5m\" or \"7d\", not \"{}\"", visible(*word)));
}

std::optional<std::vector<std::string>> Reader::texts(std::string_view key) {
  const auto* found = declared(key, {KnobType::texts});
  if (!found) return std::nullopt;
  if (const auto* text = found->as_string()) return std::vector<std::string>{text->get()};
  const auto* list = found->as_array();
  if (!list) fail_type(key, "a list of strings");
  std::vector<std::string> result;
  for (const auto& item : *list) {
    const auto* text = item.as_string();
    if (!text) fail_type(key, "a list of strings");
    result.push_back(text->get());
  }
  return result;
}

std::optional<std::vector<std::int64_t>> Reader::integers(std::string_view key) {
  const auto* found = declared(key, {KnobType::integers});
  if (!found) return std::nullopt;
  const auto* list = found->as_array();
  if (!list) fail_type(key, "a list of integers");
  std::vector<std::int64_t> result;
  for (const auto& item : *list) {
    const auto* number = item.as_integer();
    if (!number) fail_type(key, "a list of integers");
    result.push_back(number->get());
  }
  return result;
}

std::optional<Date> Reader::date(std::string_view key) {
  const auto* found = declared(key, {KnobType::date});
  if (!found) return std::nullopt;
  const auto word = scalar_text(*found);
  const auto day = word ? parse_date(*word) : std::nullopt;
  if (!day) fail_type(key, "a day such as 2026-12-15");
  return day;
}

Pairs Reader::pairs(std::string_view key) {
  Pairs result;
  const auto* found = declared(key, {KnobType::pairs});
  if (!found) return result;
  const auto* table = found->as_table();
  if (!table) fail_type(key, "a table");
  for (const auto& [name, value] : in_file_order(*table)) {
    auto text = scalar_text(*value);
    if (!text)
      fail_at(location_of(*value), fmt::format("'{}' of {} must be text, a number or a boolean", name, path_to(key)));
    result.emplace_back(name, std::move(*text));
  }
  return result;
}

std::vector<std::pair<std::string, std::vector<std::string>>> Reader::lists(std::string_view key) {
  std::vector<std::pair<std::string, std::vector<std::string>>> result;
  const auto* found = declared(key, {KnobType::lists});
  if (!found) return result;
  const auto* table = found->as_table();
  if (!table) fail_type(key, "a table");
  for (const auto& [name, value] : in_file_order(*table)) {
    std::vector<std::string> texts;
    const auto take = [&](const toml::node& node) {
      auto text = scalar_text(node);
      if (!text)
        fail_at(location_of(node),
                fmt::format("'{}' of {} must be text, a number, a boolean or a list of these", name, path_to(key)));
      texts.push_back(std::move(*text));
    };
    if (const auto* list = value->as_array())
      for (const auto& item : *list) take(item);
    else
      take(*value);
    result.emplace_back(name, std::move(texts));
  }
  return result;
}

std::optional<Reader> Reader::table(std::string_view key) {
  const auto* found = declared(key, {KnobType::table});
  if (!found) return std::nullopt;
  const auto* table = found->as_table();
  if (!table) fail_type(key, "a table");
  return Reader(*table, fmt::format("[{}]", title_of(key)), inner_knobs(key));
}

std::vector<std::pair<std::string, Reader>> Reader::named_tables(std::string_view key) {
  std::vector<std::pair<std::string, Reader>> result;
  const auto* found = declared(key, {KnobType::named});
  if (!found) return result;
  const auto* table = found->as_table();
  if (!table) fail_type(key, "a table of tables");
  for (const auto& [name, value] : in_file_order(*table)) {
    const auto* child = value->as_table();
    if (!child) fail_at(location_of(*value), fmt::format("'{}.{}' must be a table", key, name));
    result.emplace_back(name, Reader(*child, fmt::format("[{}.{}]", title_of(key), name), inner_knobs(key)));
  }
  return result;
}

std::vector<Reader> Reader::tables(std::string_view key) {
  std::vector<Reader> result;
  const auto* found = declared(key, {KnobType::tables});
  if (!found) return result;
  const auto* list = found->as_array();
  if (!list) fail_type(key, fmt::format("a list of tables, written [[{}]]", key));
  for (const auto& item : *list) {
    const auto* child = item.as_table();
    if (!child) fail_type(key, fmt::format("a list of tables, written [[{}]]", key));
    result.emplace_back(*child, fmt::format("[[{}]]", title_of(key)), inner_knobs(key));
  }
  return result;
}

void Reader::finish() const {
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  for (const auto& [key, value] : in_file_order(table_)) {
    if (known_.contains(key)) continue;
    const auto place = title_.empty() ? std::string() : " in " + title_;
    fail_at(location_of(*value), fmt::format("unknown key '{}'{}{}", visible(key), place, did_you_mean(key, known)));
  }
}

}  // namespace sitrep::config
