#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The command tree as plain data. One definition of each flag feeds parser, help, man page and completions; CLI11 is
// included in parse.cpp alone.
namespace sitrep::cli {

class Context;

struct Flag {
  std::string names;        ///< "--period" or "-o,--output"
  std::string placeholder;  ///< "FILE"; empty for a switch
  std::string doc;
  std::vector<std::string> choices;  ///< allowed values; empty: any
  std::string completes;             ///< what completion offers: "file", "folder", "source", "entity", "program", "" …
  bool required = false;
  bool repeats = false;
  std::function<void(const std::vector<std::string>&)> store;  ///< throws Error{usage} for a bad value

  bool is_switch() const { return placeholder.empty(); }
  /// "--output"; "-q" when there is no long name.
  std::string long_name() const;
  /// "-o"; empty when there is none.
  std::string short_name() const;
};

struct Positional {
  std::string name;  ///< as help shows it: "FILE"
  std::string doc;
  bool required = false;
  bool repeats = false;
  std::string completes;
  std::vector<std::string> choices;
  std::function<void(const std::vector<std::string>&)> store;
};

class Command {
 public:
  using Action = std::function<int(Context&)>;

  Command(std::string name, std::string summary) : name_(std::move(name)), summary_(std::move(summary)) {}

  /// A subcommand; the reference stays valid.
  Command& add(std::string name, std::string summary);

  Command& positional(std::string name, std::string& value, std::string doc);  ///< required
  Command& positional(std::string name, std::optional<std::string>& value, std::string doc);
  Command& positional(std::string name, std::vector<std::string>& values, std::string doc);  ///< any number
  Command& option(std::string names, std::string& value, std::string placeholder, std::string doc);
  Command& option(std::string names, std::optional<std::string>& value, std::string placeholder, std::string doc);
  Command& option(std::string names, std::optional<std::int64_t>& value, std::string placeholder, std::string doc);
  Command& option(std::string names, std::optional<double>& value, std::string placeholder, std::string doc);
  Command& option(std::string names, std::vector<std::string>& values, std::string placeholder, std::string doc);
  Command& option(std::string names, bool& value, std::string doc);  ///< a switch
  /// Of the option or positional added last.
  Command& choices(std::vector<std::string> allowed);
  /// Of the option or positional added last.
  Command& completes(std::string what);
  /// Of the option or positional added last: a list needs one value at least.
  Command& required();

  /// Formats that --format takes here, the default first ("text", "json", …); none: the command prints no data.
  Command& formats(std::vector<std::string> allowed);
  /// The command writes the -o files by itself: -o may repeat, and Context::out() stays standard output.
  Command& writes_outputs();
  /// What it prints is one document, not rows: --fields cannot select from it.
  Command& document();
  /// Prints no data, but text that a pager shows when it is long.
  Command& pages();
  Command& example(std::string line, std::string what);
  /// Paragraphs separated by an empty line; a paragraph whose lines start with a blank is kept as it stands.
  Command& description(std::string paragraphs);
  /// What an exit code means here, beyond the common table.
  Command& exits(int code, std::string when);
  /// The heading of `sitrep help` that the command stands under.
  Command& group(std::string heading);
  Command& hidden();
  Command& run(Action action);

  const std::string& name() const { return name_; }
  const std::string& summary() const { return summary_; }
  const Command* parent() const { return parent_; }
  /// "sitrep source list"
  std::string path() const;
  const std::vector<std::unique_ptr<Command>>& children() const { return children_; }
  const Command* find(std::string_view child) const;
  const std::vector<Flag>& flags() const { return flags_; }
  const std::vector<Positional>& positionals() const { return positionals_; }
  const std::vector<std::string>& allowed_formats() const { return formats_; }
  const std::vector<std::pair<std::string, std::string>>& examples() const { return examples_; }
  const std::vector<std::pair<int, std::string>>& exit_codes() const { return exit_codes_; }
  const std::string& long_text() const { return description_; }
  const std::string& heading() const { return heading_; }
  bool is_hidden() const { return hidden_; }
  bool writes_its_outputs() const { return writes_outputs_; }
  bool is_document() const { return document_; }
  bool is_paged() const { return pages_ || !formats_.empty(); }
  const Action& action() const { return action_; }

 private:
  Command& add_flag(Flag flag);
  Command& add_positional(Positional positional);

  std::string name_, summary_, description_, heading_;
  const Command* parent_ = nullptr;  // owns this one
  std::vector<std::unique_ptr<Command>> children_;
  std::vector<Flag> flags_;
  std::vector<Positional> positionals_;
  std::vector<std::string> formats_;
  std::vector<std::pair<std::string, std::string>> examples_;
  std::vector<std::pair<int, std::string>> exit_codes_;
  enum class Last { none, flag, positional } last_ = Last::none;
  bool hidden_ = false, writes_outputs_ = false, document_ = false, pages_ = false;
  Action action_;
};

/// Visible commands of the tree that can run, depth first in the order of definition.
std::vector<const Command*> runnable(const Command& root);

}  // namespace sitrep::cli
