#include "templating/loop_object.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

constexpr std::array<std::string_view, 14> k_attributes = {"index",    "index0", "revindex", "revindex0", "first",
                                                           "last",     "length", "depth",    "depth0",    "previtem",
                                                           "nextitem", "cycle",  "changed",  "__len__"};

/// loop.cycle and loop.changed.
class LoopMethod : public Object, public RawCallable {
 public:
  using Run = Value (*)(LoopObject& loop, std::size_t index, std::span<const Value> positional);
  LoopMethod(LoopObject* loop, std::size_t index, Run run)
      : Object(loop->nesting()), loop_(loop), index_(index), run_(run) {}
  std::string type_name() const override { return "method"; }
  Value attribute(std::string_view) const override { return {}; }
  RawCallable* raw_callable() override { return this; }
  Value invoke(Evaluator& /*evaluator*/, std::span<const Value> positional, const Named& named) override {
    if (!named.empty()) fail_user("this method of loop takes no named arguments");
    return run_(*loop_, index_, positional);
  }

 private:
  Handle<LoopObject> loop_;
  std::size_t index_;
  Run run_;
};

Value cycle(LoopObject& /*loop*/, std::size_t index, std::span<const Value> positional) {
  if (positional.empty()) fail_user("no items for cycling given");
  return positional[index % positional.size()];
}

Value changed(LoopObject& loop, std::size_t /*index*/, std::span<const Value> positional) {
  return loop.changed(List(positional.begin(), positional.end()));
}

}  // namespace

std::string LoopObject::text() const { return fmt::format("<LoopContext {}/{}>", index_ + 1, items_.size()); }

std::vector<std::string> LoopObject::attribute_names() const { return {k_attributes.begin(), k_attributes.end() - 1}; }

Value LoopObject::neighbour(std::int64_t offset, std::string_view name) const {
  const auto at = static_cast<std::int64_t>(index_) + offset;
  if (at < 0 || at >= static_cast<std::int64_t>(items_.size())) {
    return undefined_because(fmt::format("there is no {} item", name), {});
  }
  return items_[static_cast<std::size_t>(at)];
}

Value LoopObject::attribute(std::string_view name) const {
  const auto index = static_cast<std::int64_t>(index_);
  const auto size = static_cast<std::int64_t>(items_.size());
  if (name == "index") return index + 1;
  if (name == "index0") return index;
  if (name == "revindex") return size - index;
  if (name == "revindex0") return size - index - 1;
  if (name == "first") return index == 0;
  if (name == "last") return index + 1 == size;
  if (name == "length") return size;
  if (name == "depth") return depth_ + 1;
  if (name == "depth0") return depth_;
  if (name == "previtem") return neighbour(-1, "previous");
  if (name == "nextitem") return neighbour(1, "next");
  auto* self = const_cast<LoopObject*>(this);  // the methods change only what changed() remembers
  if (name == "cycle") return Value::object(new LoopMethod(self, index_, cycle));
  if (name == "changed") return Value::object(new LoopMethod(self, index_, templating::changed));
  return {};
}

bool LoopObject::changed(List values) {
  // Kept by the loop: one that holds this loop, or another in circles, would never come apart.
  for (const auto& value : values) {
    if (value.nesting() > nesting() + 1 || value.is_object()) fail_user("loop.changed() compares plain values only");
  }
  bool same = has_last_ && values.size() == last_.size();
  for (std::size_t i = 0; same && i < values.size(); ++i) same = equal(values[i], last_[i]);
  if (same) return false;
  has_last_ = true;
  last_ = std::move(values);
  return true;
}

Value LoopObject::invoke(Evaluator& evaluator, std::span<const Value> positional, const Named& named) {
  if (positional.size() != 1 || !named.empty()) fail_user("loop() takes one argument: what to loop over");
  if (loop_ == nullptr) fail_user("this loop has ended and can't be called any more");
  if (!loop_->recursive) {
    fail_user("the loop must have the 'recursive' marker to be called: {{% for … in … recursive %}}");
  }
  return evaluator.call_loop(*loop_, home_, positional[0], depth_ + 1);
}

}  // namespace sitrep::templating
