#include "cli/parse.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <span>

namespace sitrep::cli {
namespace {

using Words = std::vector<std::string>;

/// "--name=value" as two words. An empty value behind "=" would otherwise take the next word.
void append_split(Words& into, const std::string& word) {
  const auto equals = word.find('=');
  if (word.starts_with("--") && equals != std::string::npos) {
    into.push_back(word.substr(0, equals));
    into.push_back(word.substr(equals + 1));
  } else {
    into.push_back(word);
  }
}

const Flag* find_flag(std::span<const Flag> flags, std::string_view name) {
  for (const auto& flag : flags) {
    const auto names = split_views(flag.names, ',');
    if (std::find(names.begin(), names.end(), name) != names.end()) return &flag;
  }
  return nullptr;
}

/// True when a global option in front of the command takes the next word as its value.
bool takes_next_word(const Command& globals, const std::string& word) {
  if (word.starts_with("--")) {
    const auto* flag = find_flag(globals.flags(), word);
    return flag && !flag->is_switch();  // an "=" makes the name unknown: its value is in the word
  }
  for (std::size_t i = 1; i < word.size(); ++i) {
    const auto* flag = find_flag(globals.flags(), std::string{'-', word[i]});
    if (!flag) return false;
    if (!flag->is_switch()) return i + 1 == word.size();
  }
  return false;
}

/// The path of the command: which words name it, and the rest in order.
struct Walk {
  const Command* command = nullptr;
  Words rest;
  std::optional<std::size_t> unknown;  ///< index of a first word that names no command
};

Walk walk(const Command& root, const Command& globals, const Words& args) {
  Walk result{&root, {}, {}};
  std::size_t i = 0;
  for (; i < args.size() && !result.command->children().empty(); ++i) {
    const auto& word = args[i];
    if (word == "--") break;
    if (word.size() > 1 && word[0] == '-') {
      result.rest.push_back(word);
      if (takes_next_word(globals, word) && i + 1 < args.size()) result.rest.push_back(args[++i]);
      continue;
    }
    const auto* child = result.command->find(word);
    if (!child) {
      if (result.command->action() && result.command->parent()) break;  // a group that runs takes it as an argument
      result.unknown = i;
      return result;
    }
    result.command = child;
  }
  result.rest.insert(result.rest.end(), args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
  return result;
}

std::vector<std::string_view> visible_names(const Command& group) {
  std::vector<std::string_view> names;
  for (const auto& child : group.children()) {
    if (!child->is_hidden()) names.push_back(child->name());
  }
  return names;
}

/// "--token", "--api-key=…": what people try who want to hand over a secret.
bool names_secret(std::string_view flag) {
  const auto name = lower_ascii(flag);
  for (const char* word : {"token", "password", "passwd", "secret", "api-key", "apikey", "credential"}) {
    if (name.find(word) != std::string::npos) return true;
  }
  return false;
}

[[noreturn]] void refuse_flag(const Command& command, const Command& globals, const std::string& word) {
  std::vector<std::string_view> names;
  for (const auto* flags : {&command.flags(), &globals.flags()}) {
    for (const auto& flag : *flags) {
      for (const auto name : split_views(flag.names, ',')) {
        if (name.starts_with("--")) names.push_back(name);
      }
    }
  }
  const auto name = word.substr(0, word.find('='));
  if (names_secret(name)) {
    fail(ErrorKind::usage,
         "unknown option '{}' of '{}': secrets are not taken from the command line, where ps and the shell's history "
         "have shown this one: replace it, and name the new one in sitrep.toml, as auth.token = {{ env = \"NAME\" }}",
         visible(name), command.path());
  }
  const auto guess = did_you_mean(name, names);
  fail(ErrorKind::usage, "unknown option '{}' of '{}'{}", visible(name), command.path(),
       guess.empty() ? fmt::format("; see '{} -h'", command.path()) : guess);
}

void check_choice(const std::vector<std::string>& choices, const std::string& what, const std::string& value) {
  if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  const std::vector<std::string_view> names(choices.begin(), choices.end());
  const auto guess = did_you_mean(value, names);
  fail(ErrorKind::usage, "{}: '{}' is not one of {}{}", what, visible(value), join(choices, ", "), guess);
}

/// A script's variable that is not set would otherwise name the folder that it runs in.
void check_path(std::string_view kind, const std::string& what, const std::string& value) {
  if (value.empty() && (kind == "file" || kind == "folder"))
    fail(ErrorKind::usage, "{}: '' is the name of no {}; is a variable not set?", what, kind);
}

struct Given {
  const Flag* flag = nullptr;
  Words values;
};

/// Runs CLI11 over the words of one command: `given` gets each flag's values; the words no flag took are returned, with
/// "--" where it stood.
Words read_flags(const Command& command, std::vector<Given>& given, const Words& words) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (auto& entry : given) {
    auto* target = &entry.values;
    const auto take = [target](const CLI::results_t& results) {
      *target = results;
      return true;
    };
    CLI::Option* option = nullptr;
    if (entry.flag->is_switch()) {
      option = app.add_flag_callback(entry.flag->names, [target] { target->emplace_back("true"); });
    } else {
      option = app.add_option(entry.flag->names, take)->type_size(1)->expected(1)->allow_extra_args(false);
    }
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  Words reversed;
  for (const auto& word : words) append_split(reversed, word);
  std::reverse(reversed.begin(), reversed.end());
  try {
    app.parse(reversed);
  } catch (const CLI::ArgumentMismatch&) {
    // The only mismatch left is a last option without its value; CLI11's own words name types instead of the fix.
    const auto& last = words.back();
    const auto* flag = [&]() -> const Flag* {
      for (const auto& entry : given) {
        const auto names = split_views(entry.flag->names, ',');
        for (const auto name : names) {
          if (name == last || (last.size() > 2 && last[1] != '-' && name == std::string{'-', last.back()})) {
            return entry.flag;
          }
        }
      }
      return nullptr;
    }();
    fail(ErrorKind::usage, "option '{}' of '{}' needs a value{}", visible(last), command.path(),
         flag ? ": " + flag->placeholder : "");
  } catch (const CLI::Error& e) {
    fail(ErrorKind::usage, "{}; see '{} -h'", visible(e.what()), command.path());
  }
  return app.remaining();
}

/// Splits what no flag took into arguments; refuses words that look like flags in front of "--".
Words arguments_of(const Command& command, const Command& globals, const Words& remaining) {
  Words arguments;
  bool only_arguments = false;
  for (const auto& word : remaining) {
    if (!only_arguments && word == "--") {
      only_arguments = true;
      continue;
    }
    const bool number = word.size() > 1 && word[0] == '-' && word[1] >= '0' && word[1] <= '9';
    if (!only_arguments && word.size() > 1 && word[0] == '-' && !number) refuse_flag(command, globals, word);
    arguments.push_back(word);
  }
  return arguments;
}

/// Deals the arguments out in order; a list takes what the required ones behind it leave.
std::vector<std::pair<const Positional*, Words>> deal(const Command& command, const Words& arguments) {
  std::vector<std::pair<const Positional*, Words>> dealt;
  std::size_t next = 0;
  const auto& positionals = command.positionals();
  for (std::size_t p = 0; p < positionals.size(); ++p) {
    const auto& positional = positionals[p];
    const auto reserved =
        static_cast<std::size_t>(std::count_if(positionals.begin() + static_cast<std::ptrdiff_t>(p) + 1,
                                               positionals.end(), [](const auto& x) { return x.required; }));
    const auto left = arguments.size() - next;
    const auto free = left > reserved ? left - reserved : 0;
    const auto count = positional.repeats ? free : std::min<std::size_t>(positional.required ? left : free, 1);
    if (count == 0 && positional.required) {
      fail(ErrorKind::usage, "'{}' needs {}: {}; see '{} -h'", command.path(), positional.name, positional.doc,
           command.path());
    }
    Words values(arguments.begin() + static_cast<std::ptrdiff_t>(next),
                 arguments.begin() + static_cast<std::ptrdiff_t>(next + count));
    for (const auto& value : values) {
      check_choice(positional.choices, positional.name, value);
      check_path(positional.completes, positional.name, value);
    }
    if (!values.empty()) dealt.emplace_back(&positional, std::move(values));
    next += count;
  }
  if (next < arguments.size()) {
    fail(ErrorKind::usage, "unexpected argument '{}' of '{}'; see '{} -h'", visible(arguments[next]), command.path(),
         command.path());
  }
  return dealt;
}

}  // namespace

void refuse_unknown_command(const Command& root, const std::string& word) {
  const auto names = visible_names(root);
  const auto guess = did_you_mean(word, names);
  fail(ErrorKind::usage, "unknown command '{}'{}", visible(word), guess.empty() ? "; see 'sitrep help'" : guess);
}

Parsed parse(const Command& root, const Command& globals, const std::vector<std::string>& args) {
  auto path = walk(root, globals, args);
  Parsed parsed;
  parsed.command = path.command;
  if (path.unknown) {
    const auto at = static_cast<std::ptrdiff_t>(*path.unknown);
    const auto& word = args[*path.unknown];
    if (path.command == &root) {
      parsed.unknown = word;
      parsed.before.assign(args.begin(), args.begin() + at);
      parsed.after.assign(args.begin() + at + 1, args.end());
      return parsed;
    }
    const auto names = visible_names(*path.command);
    const auto guess = did_you_mean(word, names);
    fail(ErrorKind::usage, "unknown command '{} {}'{}", path.command->path(), visible(word),
         guess.empty() ? fmt::format("; see '{} -h'", path.command->path()) : guess);
  }

  std::vector<Given> given;
  for (const auto& flag : globals.flags()) given.push_back({&flag, {}});
  for (const auto& flag : path.command->flags()) given.push_back({&flag, {}});
  const auto remaining = read_flags(*path.command, given, path.rest);
  const auto is_given = [&](std::string_view name) {
    return std::any_of(given.begin(), given.end(),
                       [&](const Given& g) { return g.flag->long_name() == name && !g.values.empty(); });
  };
  parsed.help = is_given("--help");
  parsed.version = is_given("--version");
  if (parsed.help || parsed.version) return parsed;

  const auto arguments = arguments_of(*path.command, globals, remaining);
  if (!path.command->action()) {
    parsed.help = path.command == &root;  // the bare program; a group without its verb is a mistake
    if (!parsed.help) {
      const auto names = visible_names(*path.command);
      fail(ErrorKind::usage, "'{}' needs a command: {}", path.command->path(), fmt::join(names, ", "));
    }
  }
  for (const auto& [flag, values] : given) {
    for (const auto& value : values) {
      check_choice(flag->choices, flag->long_name(), value);
      check_path(flag->completes, flag->long_name(), value);
    }
    if (flag->required && values.empty()) {
      fail(ErrorKind::usage, "'{}' needs {} {}: {}", path.command->path(), flag->long_name(), flag->placeholder,
           flag->doc);
    }
  }
  const auto dealt = deal(*path.command, arguments);
  for (const auto& [flag, values] : given) {
    if (!values.empty()) flag->store(values);
  }
  for (const auto& [positional, values] : dealt) positional->store(values);
  return parsed;
}

}  // namespace sitrep::cli
