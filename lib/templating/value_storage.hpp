#pragma once

#include <string>

#include "base/error.hpp"
#include "templating/value.hpp"

// The storage behind Value's kinds; for the module's own files.

namespace sitrep::templating {

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
};

Value undefined_variable(std::string name, Origin origin);
Value undefined_attribute(Value base, std::string name, Origin origin);
Value undefined_because(std::string reason, Origin origin);

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

template <class... Args>
[[noreturn]] void fail_user(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ErrorKind::user_code, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace sitrep::templating
