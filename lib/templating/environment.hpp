#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "templating/errors.hpp"
#include "templating/function.hpp"
#include "templating/value.hpp"

namespace sitrep::templating {

/// What one render may use. Passing a limit is a RenderError that names it.
struct Limits {
  std::uint64_t steps = 100'000'000;      ///< evaluated nodes; 16 bytes of new text are one too
  int depth = 200;                        ///< macros, includes, blocks and recursive loops inside each other
  std::size_t output_bytes = 64U << 20U;  ///< also of every single text
  /// Of the wall clock, which can stop a render and never changes its output: of the template itself, and with what
  /// functions took that called Engine::give_time().
  std::chrono::milliseconds time{30'000}, time_in_all{600'000};
};

/// Escapes a text for the target. Used for every output that isn't marked safe.
using Escape = std::string (*)(std::string_view);

struct Options {
  bool trim_blocks = false;            ///< the first newline after a block tag goes
  bool lstrip_blocks = false;          ///< blanks before a block tag that starts a line go
  bool keep_trailing_newline = false;  ///< otherwise one newline at the end of a template goes
  Escape autoescape = nullptr;         ///< null = off
  Limits limits;
};

/// The text of a template and how errors call it.
struct Source {
  std::string text;
  std::string file;            ///< "templates/x.md"; empty = the template's name
  std::size_t first_line = 1;  ///< where `text` starts in that file (after its metadata)
};

/// The text of a named template; nullopt when there is none.
using Loader = std::function<std::optional<Source>(std::string_view name)>;
/// The names that a loader knows, for "did you mean".
using LoaderNames = std::function<std::vector<std::string>()>;

/// A name that a template uses and neither sets itself nor asks whether it is set.
struct FreeName {
  std::string name;
  std::uint32_t offset;  ///< where, for error_at
};

/// A use of a name that a template writes out, as far as it can be known without a run.
struct CallSite {
  enum class Kind : std::uint8_t {
    call,    ///< of a name or of a member of one: query("open", limit=3), chart.bar(…)
    filter,  ///< and a filter or test by its name: map("upper")
    test,
    include,  ///< another template, `text`: also extends; not one that may be missing
    import,   ///< the same; `name` is what it is called here, or `keywords` are the names taken from it
    member,   ///< of a name: "period.label"
  } kind = Kind::call;
  std::string name;
  std::optional<std::string> text, second;  ///< its first arguments where they are texts
  struct Keyword {
    std::string name;
    std::uint32_t offset;
  };
  std::vector<Keyword> keywords;
  std::uint32_t offset = 0;    ///< where, for error_at
  std::size_t positional = 0;  ///< how many arguments come without a name
  bool takes_apart = false;    ///< and then there are *rest or **named, of which nothing is known
};

class EnvironmentState;
struct Tree;

/// A parsed template; immutable, cheap to copy, may be rendered many times.
class Template {
 public:
  /// RenderError (or SyntaxError for a template it includes). `context` is a dict; its members are the variables.
  std::string render(const Value& context) const;
  const std::string& name() const;
  /// In the order of the text, each use.
  std::vector<FreeName> free_names() const;
  /// In the order of the text; for checks without a run.
  const std::vector<CallSite>& calls() const;
  /// Names that it sets somewhere, parameters of macros and loops among them.
  std::span<const std::string> set_names() const;
  /// Those of its outermost scope: its blocks see them, and other templates can import them.
  std::span<const std::string> top_names() const;
  /// The parameters of a macro of its own; nullopt: there is none of that name, or it takes any argument.
  std::optional<std::vector<std::string>> macro_parameters(std::string_view name) const;
  /// What a check found there, told as rendering would tell it.
  TemplateError error_at(std::uint32_t offset, std::string reason) const;

 private:
  friend class Environment;
  Template(std::shared_ptr<const EnvironmentState> state, std::shared_ptr<const Tree> tree);
  std::shared_ptr<const EnvironmentState> state_;
  std::shared_ptr<const Tree> tree_;
};

/// Where templates live: loader, globals, filters, tests and limits. Has Jinja's filters, tests and globals (range,
/// dict, namespace, cycler, joiner) from the start. Set it up first, then compile; templates keep what they need alive.
class Environment {
 public:
  explicit Environment(Options options = {});

  void set_loader(Loader loader, LoaderNames names = nullptr);
  void add_global(std::string name, Value value);
  void add_function(Function function);  ///< a global that can be called
  void add_filter(Function function);
  void add_test(Function function);

  /// Reads a template from text. SyntaxError.
  Template compile(std::string name, Source source) const;
  Template compile(std::string name, std::string text) const {
    return compile(std::move(name), Source{std::move(text), {}, 1});
  }
  /// The template of that name from the loader, read once. Error{user_code} when there is none, or for a name that
  /// leaves the template path ("..", absolute, backslash).
  Template get(std::string_view name) const;

  /// For reference pages, in order of name.
  std::vector<const Function*> functions() const;
  std::vector<const Function*> filters() const;
  std::vector<const Function*> tests() const;

 private:
  std::shared_ptr<EnvironmentState> state_;
};

}  // namespace sitrep::templating
