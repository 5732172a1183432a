#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "templating/evaluator.hpp"

namespace sitrep::templating {

/// A macro, or the body of a call block as `caller`.
class MacroObject : public Object, public RawCallable {
 public:
  MacroObject(const MacroUnit& unit, const Activation& home) : unit_(unit), home_(home), closure_(home.frame) {}
  std::string type_name() const override { return "Macro"; }
  std::string text() const override { return "<Macro '" + unit_.name + "'>"; }
  Value attribute(std::string_view name) const override;
  std::vector<std::string> attribute_names() const override {
    return {"name", "arguments", "catch_kwargs", "catch_varargs", "caller"};
  }
  RawCallable* raw_callable() override { return this; }
  Value invoke(Evaluator& evaluator, std::span<const Value> positional, const Named& named) override {
    return evaluator.call_macro(unit_, home_, *closure_, positional, named);
  }

 private:
  const MacroUnit& unit_;  // of a tree that the environment or the template keeps
  Activation home_;
  Handle<Frame> closure_;
};

std::string escape_html(std::string_view text);

}  // namespace sitrep::templating
