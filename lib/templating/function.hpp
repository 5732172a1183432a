#pragma once

#include <chrono>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "templating/value.hpp"

namespace sitrep::templating {

using Named = std::vector<std::pair<std::string, Value>>;

/// What a running template offers to functions, filters and tests.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Value call(const Value& callable, std::span<const Value> positional, const Named& named = {}) = 0;
  virtual Value filter(std::string_view name, std::span<const Value> positional, const Named& named = {}) = 0;
  virtual bool test(std::string_view name, std::span<const Value> positional, const Named& named = {}) = 0;
  virtual bool knows_filter(std::string_view name) const = 0;
  virtual bool knows_test(std::string_view name) const = 0;
  /// value.name as a template reads it: methods, members, then undefined with its story.
  virtual Value attribute(const Value& value, std::string_view name) = 0;
  /// value[key], the same way.
  virtual Value item(const Value& value, const Value& key) = 0;
  /// Whether output is escaped here, and the escape itself (HTML when the environment names none).
  virtual bool autoescape() const = 0;
  virtual std::string escape(std::string_view text) const = 0;
  /// Work in proportion to data counts as steps; RenderError when the limit is passed.
  virtual void charge(std::uint64_t steps) = 0;
  /// Before making a text of that size; RenderError beyond the limit on output.
  virtual void charge_text(std::uint64_t bytes) = 0;
  /// A function waited for data for so long: that is no time of the template's own.
  virtual void give_time(std::chrono::steady_clock::duration waited) = 0;
  /// Keeps an object that templates can change to the end of the render and then calls its let_go().
  virtual void adopt(Object& object) = 0;
};

/// The arguments of one call, matched to the function's parameters. Typed readings fail with the function's and the
/// parameter's name.
class CallArguments {
 public:
  static constexpr std::size_t k_max_parameters = 8;

  /// Error{user_code}: too many, missing, repeated or unknown arguments ("did you mean").
  CallArguments(const Function& function, Engine& engine, std::span<const Value> positional, const Named& named);

  const Value& operator[](std::size_t parameter) const { return values_[parameter]; }
  /// False when the default stands in.
  bool given(std::size_t parameter) const { return (given_ >> parameter & 1U) != 0; }
  /// What `*name` took, and what `**name` or options. `rest` is borrowed from the caller of the function.
  std::span<const Value> rest() const { return rest_; }
  const Named& named_rest() const { return named_rest_; }

  std::string text(std::size_t parameter) const;  ///< a string
  std::int64_t integer(std::size_t parameter) const;
  double real(std::size_t parameter) const;  ///< any number
  bool flag(std::size_t parameter) const { return truth(values_[parameter]); }
  const List& list(std::size_t parameter) const;
  const Dict& dict(std::size_t parameter) const;
  std::optional<std::string> optional_text(std::size_t parameter) const;  ///< nullopt for none
  std::optional<std::int64_t> optional_integer(std::size_t parameter) const;

  Engine& engine() const { return engine_; }
  const Function& function() const { return function_; }

 private:
  [[noreturn]] void wrong_type(std::size_t parameter, std::string_view wanted) const;
  void take_named(const std::string& name, const Value& value);
  void set(std::size_t parameter, const Value& value);
  const Function& function_;
  Engine& engine_;
  std::array<Value, k_max_parameters> values_;
  std::uint32_t given_ = 0;  // one bit per parameter
  std::span<const Value> rest_;
  Named named_rest_;
};

using Implementation = std::function<Value(CallArguments&)>;

/// A global function, filter (the first parameter is the piped value) or test (returns a boolean).
struct Function {
  struct Parameter {
    std::string name;
    std::optional<Value> fallback;  ///< nullopt = required
  };

  /// `parameters` as a reader writes them: "rows, columns=none, width=80, *rest, **named"; defaults are literals. Names
  /// after a lone "*" are options: they may be left out, can only be passed by name, and come in `named_rest`.
  /// Error{bug} when it does not read so.
  Function(std::string name, std::string parameters, std::string doc, Implementation run);

  std::string name;
  std::string parameters;
  std::string doc;  ///< one line
  Implementation run;

  /// What a call may name, for "did you mean".
  std::vector<std::string_view> names() const;

  std::vector<Parameter> list;  ///< parsed from `parameters`
  std::vector<std::string> options;
  bool takes_rest = false;
  bool takes_named = false;
};

}  // namespace sitrep::templating
