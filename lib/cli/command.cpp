#include "cli/command.hpp"

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"

#include <cassert>

namespace sitrep::cli {
namespace {

using Values = std::vector<std::string>;

Flag make_flag(std::string names, std::string placeholder, std::string doc) {
  Flag flag;
  flag.names = std::move(names);
  flag.placeholder = std::move(placeholder);
  flag.doc = std::move(doc);
  return flag;
}

std::string name_of_length(const std::string& names, bool long_one) {
  for (const auto name : split_views(names, ',')) {
    if (name.starts_with("--") == long_one) return std::string(name);
  }
  return {};
}

void collect_runnable(const Command& command, std::vector<const Command*>& into) {
  if (command.is_hidden()) return;
  if (command.action() && command.parent()) into.push_back(&command);
  for (const auto& child : command.children()) collect_runnable(*child, into);
}

}  // namespace

std::string Flag::long_name() const {
  auto name = name_of_length(names, true);
  return name.empty() ? short_name() : name;
}

std::string Flag::short_name() const { return name_of_length(names, false); }

Command& Command::add(std::string name, std::string summary) {
  children_.push_back(std::make_unique<Command>(std::move(name), std::move(summary)));
  children_.back()->parent_ = this;
  return *children_.back();
}

Command& Command::add_flag(Flag flag) {
  flags_.push_back(std::move(flag));
  last_ = Last::flag;
  return *this;
}

Command& Command::add_positional(Positional positional) {
  positionals_.push_back(std::move(positional));
  last_ = Last::positional;
  return *this;
}

Command& Command::positional(std::string name, std::string& value, std::string doc) {
  Positional positional;
  positional.name = std::move(name);
  positional.doc = std::move(doc);
  positional.required = true;
  positional.store = [&value](const Values& values) { value = values.back(); };
  return add_positional(std::move(positional));
}

Command& Command::positional(std::string name, std::optional<std::string>& value, std::string doc) {
  Positional positional;
  positional.name = std::move(name);
  positional.doc = std::move(doc);
  positional.store = [&value](const Values& values) { value = values.back(); };
  return add_positional(std::move(positional));
}

Command& Command::positional(std::string name, std::vector<std::string>& values, std::string doc) {
  Positional positional;
  positional.name = std::move(name);
  positional.doc = std::move(doc);
  positional.repeats = true;
  positional.store = [&values](const Values& given) { values = given; };
  return add_positional(std::move(positional));
}

Command& Command::option(std::string names, std::string& value, std::string placeholder, std::string doc) {
  auto flag = make_flag(std::move(names), std::move(placeholder), std::move(doc));
  flag.store = [&value](const Values& values) { value = values.back(); };
  return add_flag(std::move(flag));
}

Command& Command::option(std::string names, std::optional<std::string>& value, std::string placeholder,
                         std::string doc) {
  auto flag = make_flag(std::move(names), std::move(placeholder), std::move(doc));
  flag.store = [&value](const Values& values) { value = values.back(); };
  return add_flag(std::move(flag));
}

Command& Command::option(std::string names, std::optional<std::int64_t>& value, std::string placeholder,
                         std::string doc) {
  auto flag = make_flag(std::move(names), std::move(placeholder), std::move(doc));
  flag.store = [&value, name = flag.long_name()](const Values& values) {
    value = parse_integer(values.back());
    if (!value) fail(ErrorKind::usage, "{}: '{}' is not a whole number", name, visible(values.back()));
  };
  return add_flag(std::move(flag));
}

Command& Command::option(std::string names, std::optional<double>& value, std::string placeholder, std::string doc) {
  auto flag = make_flag(std::move(names), std::move(placeholder), std::move(doc));
  flag.store = [&value, name = flag.long_name()](const Values& values) {
    value = parse_real(values.back());
    if (!value) fail(ErrorKind::usage, "{}: '{}' is not a number", name, visible(values.back()));
  };
  return add_flag(std::move(flag));
}

Command& Command::option(std::string names, std::vector<std::string>& values, std::string placeholder,
                         std::string doc) {
  auto flag = make_flag(std::move(names), std::move(placeholder), std::move(doc));
  flag.repeats = true;
  flag.store = [&values](const Values& given) { values = given; };
  return add_flag(std::move(flag));
}

Command& Command::option(std::string names, bool& value, std::string doc) {
  auto flag = make_flag(std::move(names), "", std::move(doc));
  flag.store = [&value](const Values&) { value = true; };
  return add_flag(std::move(flag));
}

Command& Command::choices(std::vector<std::string> allowed) {
  assert(last_ != Last::none);
  (last_ == Last::flag ? flags_.back().choices : positionals_.back().choices) = std::move(allowed);
  return *this;
}

Command& Command::completes(std::string what) {
  assert(last_ != Last::none);
  (last_ == Last::flag ? flags_.back().completes : positionals_.back().completes) = std::move(what);
  return *this;
}

Command& Command::required() {
  assert(last_ != Last::none);
  (last_ == Last::flag ? flags_.back().required : positionals_.back().required) = true;
  return *this;
}

Command& Command::formats(std::vector<std::string> allowed) {
  formats_ = std::move(allowed);
  return *this;
}

Command& Command::writes_outputs() {
  writes_outputs_ = true;
  return *this;
}

Command& Command::document() {
  document_ = true;
  return *this;
}

Command& Command::pages() {
  pages_ = true;
  return *this;
}

Command& Command::example(std::string line, std::string what) {
  examples_.emplace_back(std::move(line), std::move(what));
  return *this;
}

Command& Command::description(std::string paragraphs) {
  description_ = std::move(paragraphs);
  return *this;
}

Command& Command::exits(int code, std::string when) {
  exit_codes_.emplace_back(code, std::move(when));
  return *this;
}

Command& Command::group(std::string heading) {
  heading_ = std::move(heading);
  return *this;
}

Command& Command::hidden() {
  hidden_ = true;
  return *this;
}

Command& Command::run(Action action) {
  action_ = std::move(action);
  return *this;
}

std::string Command::path() const { return parent_ ? parent_->path() + " " + name_ : name_; }

const Command* Command::find(std::string_view child) const {
  for (const auto& candidate : children_) {
    if (candidate->name() == child) return candidate.get();
  }
  return nullptr;
}

std::vector<const Command*> runnable(const Command& root) {
  std::vector<const Command*> found;
  collect_runnable(root, found);
  return found;
}

}  // namespace sitrep::cli
