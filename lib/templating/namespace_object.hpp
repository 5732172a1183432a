#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "templating/value.hpp"

namespace sitrep::templating {

/// namespace(): the one value whose members templates may set.
class NamespaceObject : public Object {
 public:
  std::string type_name() const override { return "Namespace"; }
  void append_text_to(std::string& out, unsigned depth) const override;
  Value attribute(std::string_view name) const override;
  std::vector<std::string> attribute_names() const override;
  void set(std::string name, Value value) { members_.set(std::move(name), std::move(value)); }
  void let_go() override { members_ = Dict(); }

 private:
  Dict members_;
  mutable bool printing_ = false;  // a namespace inside itself prints as {...}
};

}  // namespace sitrep::templating
