#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "templating/evaluator.hpp"

namespace sitrep::templating {

/// `loop` inside a for. Lives as long as the template can see it; what it may call ends with the loop.
class LoopObject : public Object, public RawCallable {
 public:
  LoopObject(const LoopStatement& loop, Activation home, List items, std::int64_t depth)
      : Object(nesting_of(items)), loop_(&loop), home_(home), items_(std::move(items)), depth_(depth) {}

  const List& all() const { return items_; }
  void move_to(std::size_t index) { index_ = index; }
  void end() { loop_ = nullptr; }

  std::string type_name() const override { return "LoopContext"; }
  std::string text() const override;
  Value attribute(std::string_view name) const override;
  std::vector<std::string> attribute_names() const override;
  RawCallable* raw_callable() override { return this; }
  Value invoke(Evaluator& evaluator, std::span<const Value> positional, const Named& named) override;

  /// loop.changed(…): whether the values differ from those of the call before.
  bool changed(List values);

 private:
  Value neighbour(std::int64_t offset, std::string_view name) const;
  const LoopStatement* loop_;
  Activation home_;
  List items_;
  std::int64_t depth_;
  std::size_t index_ = 0;
  bool has_last_ = false;
  List last_;
};

}  // namespace sitrep::templating
