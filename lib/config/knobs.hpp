#pragma once

#include <span>
#include <string_view>

// Every key of sitrep.toml, once: the reader takes no key that is not here and knows its words, `sitrep config schema`
// and sitrep.toml(5) are written from here, and a test parses every example.
namespace sitrep::config {

enum class KnobType {
  text,
  integer,
  real,
  boolean,
  duration,   ///< "90s", "5m", "7d"
  threshold,  ///< "> 21"
  date,
  choice,    ///< one of the words in `of`
  texts,     ///< a string or a list of strings
  integers,  ///< a list of integers
  scalar,    ///< a string, number or boolean
  pairs,     ///< a table of scalars; with `of`, their values are these words
  lists,     ///< a table of scalars and lists of scalars
  any,
  table,   ///< a table of the kind `of`
  tables,  ///< a list of such tables, [[…]]
  named,   ///< a table of such tables by name
};

struct Knob {
  std::string_view key;
  KnobType type = KnobType::text;
  std::string_view of;        ///< choice: words, blank between them; tables: the name of the kind
  std::string_view meaning;   ///< one line, no full stop
  std::string_view example;   ///< a value as TOML writes it
  std::string_view fallback;  ///< the default in words; empty: none
};

struct KnobTable {
  std::string_view name;      ///< "paginator"
  std::string_view title;     ///< of its section in the man page; empty: its keys stand dotted in the table around it
  std::string_view meaning;   ///< one line; may be empty
  std::string_view required;  ///< keys that must be there, blank between them
  std::span<const Knob> knobs;
  bool or_text = false;  ///< a string may stand in its place (a column: its path)

  /// Null when there is none of that key.
  const Knob* find(std::string_view key) const;
};

/// In the order of the man page; the first is the file itself.
std::span<const KnobTable> knob_tables();
/// Null when there is none of that name.
const KnobTable* find_knob_table(std::string_view name);

// Where the tables are written, by part of the file.
std::span<const KnobTable> workspace_knobs();
std::span<const KnobTable> source_knobs();
std::span<const KnobTable> stream_knobs();
std::span<const KnobTable> evaluation_knobs();
std::span<const KnobTable> document_knobs();

}  // namespace sitrep::config
