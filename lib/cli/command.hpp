#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
  bool repeats = false;
  std::function<void(const std::vector<std::string>&)> store;  ///< throws Error{usage} for a bad value
};

struct Positional {
  std::string name;
  std::string doc;
  bool required = false;
  bool repeats = false;
  std::string completes;
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
  Command& option(std::string names, std::vector<std::string>& values, std::string placeholder, std::string doc);
  Command& option(std::string names, bool& value, std::string doc);  ///< a switch
  /// Of the option added last.
  Command& choices(std::vector<std::string> allowed);
  /// Of the option or positional added last.
  Command& completes(std::string what);

  /// Formats that --format takes here, the default first ("text", "json", …); none: the command prints no data.
  Command& formats(std::vector<std::string> allowed);
  Command& example(std::string line, std::string what);
  Command& description(std::string paragraphs);
  Command& hidden();
  Command& run(Action action);

  const std::string& name() const { return name_; }
  const std::string& summary() const { return summary_; }
  const std::vector<std::unique_ptr<Command>>& children() const { return children_; }
  const std::vector<Flag>& flags() const { return flags_; }
  const std::vector<Positional>& positionals() const { return positionals_; }
  const std::vector<std::string>& allowed_formats() const { return formats_; }
  const std::vector<std::pair<std::string, std::string>>& examples() const { return examples_; }
  const std::string& long_text() const { return description_; }
  bool is_hidden() const { return hidden_; }
  const Action& action() const { return action_; }

 private:
  std::string name_, summary_, description_;
  std::vector<std::unique_ptr<Command>> children_;
  std::vector<Flag> flags_;
  std::vector<Positional> positionals_;
  std::vector<std::string> formats_;
  std::vector<std::pair<std::string, std::string>> examples_;
  bool hidden_ = false;
  Action action_;
};

}  // namespace sitrep::cli
