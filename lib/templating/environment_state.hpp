#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "templating/environment.hpp"

namespace sitrep::templating {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// What templates of one environment share. Only the cache of loaded templates changes after set-up; it has a lock.
class EnvironmentState {
 public:
  Options options;
  Loader loader;
  LoaderNames loader_names;
  TextMap<Value> globals;
  // Functions have stable addresses: trees point at them. A replaced one is kept for the trees that know it.
  TextMap<std::shared_ptr<const Function>> filters, tests;
  std::vector<std::shared_ptr<const Function>> replaced;

  /// nullptr when the loader has none; Error{user_code} for a name that leaves the template path.
  std::shared_ptr<const Tree> load(std::string_view name) const;
  const Function* filter(std::string_view name) const;
  const Function* test(std::string_view name) const;
  /// "no filter named 'uper'; did you mean 'upper'?"
  std::string no_filter(std::string_view name) const;
  std::string no_test(std::string_view name) const;
  std::string no_template(std::string_view name) const;

 private:
  mutable std::mutex lock_;
  mutable TextMap<std::shared_ptr<const Tree>> loaded_;
};

}  // namespace sitrep::templating
