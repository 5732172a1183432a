#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "config/knobs.hpp"
#include "config/location.hpp"

// Private to lib/config: typed reading of TOML tables. Each key that is read becomes known; finish() refuses the rest.
// Tables of sitrep.toml are read by their knobs: a key that is not declared there, or as another type, is a bug.
namespace sitrep::config {

/// Parses a text; Error{config} `file:line:column: reason`.
toml::table parse_toml(std::string_view text, const std::string& file);
/// Where a node stands. Nodes keep the file they were parsed from, also after a merge.
Location location_of(const toml::node& node);
[[noreturn]] void fail_at(const Location& where, const std::string& message);

using Pairs = std::vector<std::pair<std::string, std::string>>;
template <class E>
using Choices = std::vector<std::pair<std::string_view, E>>;

class Reader {
 public:
  /// `title` names the table in messages: "[source.pager]". `knobs`: what the table may hold; null: what is asked for.
  Reader(const toml::table& table, std::string title, const KnobTable* knobs = nullptr)
      : table_(table), title_(std::move(title)), knobs_(knobs) {}

  const std::string& title() const { return title_; }
  Location where() const { return location_of(table_); }
  bool has(std::string_view key) const { return table_.contains(key); }
  /// The whole table as JSON.
  std::string json() const;
  /// The node of a key of type `any`, `scalar` or `named`, which becomes known; null when absent.
  const toml::node* node(std::string_view key);

  std::optional<std::string> text(std::string_view key);
  std::string required_text(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t minimum = 0);
  std::optional<double> real(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::chrono::milliseconds> duration(std::string_view key);
  /// A string or a list of strings.
  std::optional<std::vector<std::string>> texts(std::string_view key);
  std::optional<std::vector<std::int64_t>> integers(std::string_view key);
  std::optional<Date> date(std::string_view key);
  /// A table of scalars, in the order of the file; numbers and booleans as text.
  Pairs pairs(std::string_view key);
  /// A table of scalars and lists of scalars, each as text; a scalar is a list of one.
  std::vector<std::pair<std::string, std::vector<std::string>>> lists(std::string_view key);
  std::optional<Reader> table(std::string_view key);
  /// The subtables of a table of tables, with their names, in the order of the file.
  std::vector<std::pair<std::string, Reader>> named_tables(std::string_view key);
  std::vector<Reader> tables(std::string_view key);  ///< [[key]]

  template <class E>
  std::optional<E> choice(std::string_view key, const Choices<E>& choices) {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : choices) names.push_back(name);
    const auto word = chosen(key, names);
    if (!word) return std::nullopt;
    return choices[*word].second;
  }

  /// Error for the first key that nobody asked for, with "did you mean".
  void finish() const;
  [[noreturn]] void fail(std::string_view key, const std::string& message) const;

 private:
  [[noreturn]] void fail_type(std::string_view key, std::string_view wanted) const;
  const toml::node* declared(std::string_view key, std::initializer_list<KnobType> types);
  /// Position of the key's word among the names.
  std::optional<std::size_t> chosen(std::string_view key, const std::vector<std::string_view>& names);
  const KnobTable* inner_knobs(std::string_view key) const;
  std::string path_to(std::string_view key) const;
  std::string title_of(std::string_view key) const;

  const toml::table& table_;
  std::string title_;
  const KnobTable* knobs_;
  std::set<std::string, std::less<>> known_;
};

/// A scalar as text: strings bare, numbers and booleans as TOML writes them, dates ISO. nullopt for arrays and tables.
std::optional<std::string> scalar_text(const toml::node& node);
/// Any node as JSON text.
std::string to_json(const toml::node& node);

template <class T, class U>
void assign(T& target, const std::optional<U>& value) {
  if (value) target = *value;
}

/// The entries of a table in the order of the file (toml++ keeps them sorted by name).
std::vector<std::pair<std::string, const toml::node*>> in_file_order(const toml::table& table);

}  // namespace sitrep::config
