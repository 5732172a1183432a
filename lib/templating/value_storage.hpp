#pragma once

#include <string>

#include "base/error.hpp"
#include "templating/value.hpp"

// The storage behind Value's kinds; for the module's own files.

namespace sitrep::templating {

class Engine;

struct StringStorage : Shared {
  StringStorage(std::string t, bool m) : text(std::move(t)), markup(m) {}
  std::string text;
  bool markup;
};

struct ListStorage : Shared {
  ListStorage(List i, ListForm f, unsigned n) : items(std::move(i)), form(f), nesting(n) {}
  List items;
  ListForm form;
  unsigned nesting;
};

struct DictStorage : Shared {
  DictStorage(Dict d, unsigned n) : dict(std::move(d)), nesting(n) {}
  Dict dict;
  unsigned nesting;
};

/// Where an undefined value came from, so that an error about its use can point there.
struct Origin {
  const void* tree = nullptr;
  std::uint32_t offset = 0;
};

/// The story of an undefined value is told only when somebody asks: `default` and `is defined` make many that nobody
/// does.
struct UndefinedStorage : Shared {
  std::string name;  ///< of the variable or attribute; empty when `reason` says it all
  Value base;        ///< what has no such attribute; unset for a variable
  std::string reason;
  Origin origin;
  bool lenient = false;  ///< prints nothing, is false and has no items, as Jinja's `x if y` without else
};

Value undefined_variable(std::string name, Origin origin);
Value undefined_attribute(Value base, std::string name, Origin origin);
Value undefined_because(std::string reason, Origin origin);
Value lenient_undefined(std::string reason, Origin origin);
bool is_lenient(const Value& value) noexcept;
/// UndefinedUse for an undefined value that isn't lenient.
void check_use(const Value& value);

/// The use of an undefined value.
class UndefinedUse : public Error {
 public:
  explicit UndefinedUse(const Value& value);
  Origin origin() const { return origin_; }
  /// The variable that isn't there; empty for other stories.
  const std::string& variable() const { return variable_; }

 private:
  Origin origin_;
  std::string variable_;
};

/// While it lives, work on values in this thread counts as work of that render. Lists that share their items are small
/// in memory and huge to walk, and walks start in places that know no render (a dict that looks a key up), so the way
/// to it is not an argument.
class WorkScope {
 public:
  explicit WorkScope(Engine& engine) noexcept;
  ~WorkScope();
  WorkScope(const WorkScope&) = delete;
  WorkScope& operator=(const WorkScope&) = delete;

 private:
  Engine* outer_;
};
/// Call once per list or dict walked, with its size. Outside of a render nothing counts.
void charge_walk(std::size_t items);
/// The same for a text that grows by what it walks: no render makes one beyond its limit on output.
void charge_growth(const std::string& text);

template <class... Args>
[[noreturn]] void fail_user(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ErrorKind::user_code, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace sitrep::templating
