#pragma once

#include "templating/evaluator.hpp"

namespace sitrep::templating {

/// The C++ stack that nested evaluation may use, in levels of evaluate() and run(); one takes about 1 KB with
/// sanitizers.
inline constexpr int k_max_levels = 3000;

/// Counts the depth of the C++ stack.
class Evaluator::Level {
 public:
  explicit Level(Evaluator& evaluator) : evaluator_(evaluator) {
    if (++evaluator_.level_ > k_max_levels) {
      --evaluator_.level_;
      throw Error(ErrorKind::user_code,
                  "the template is nested too deep: a macro, include or loop may call itself without end");
    }
  }
  ~Level() { --evaluator_.level_; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  Evaluator& evaluator_;
};

/// Another activation while it lives. Its `run` adds the place to errors before the place is lost.
class Evaluator::Switch {
 public:
  Switch(Evaluator& evaluator, Activation next);
  ~Switch();
  Switch(const Switch&) = delete;
  Switch& operator=(const Switch&) = delete;

  template <class Work>
  void run(Work work) {
    try {
      work();
    } catch (const TemplateError&) {
      throw;
    } catch (const Error& error) {
      evaluator_.fail_with_place(error);
    }
  }

 private:
  Evaluator& evaluator_;
  bool escaping_;
};

/// A frame of one activation; empties it at the end, so that a macro in it that knows it makes no circle.
class FrameOwner {
 public:
  explicit FrameOwner(Frame* frame) : frame_(frame) {}
  ~FrameOwner() { frame_->slots.assign(frame_->slots.size(), Value()); }
  FrameOwner(const FrameOwner&) = delete;
  FrameOwner& operator=(const FrameOwner&) = delete;
  Frame* get() const { return frame_.get(); }

 private:
  Handle<Frame> frame_;
};

/// Sends output to a text of its own while it lives.
class Evaluator::Capture {
 public:
  explicit Capture(Evaluator& evaluator) : evaluator_(evaluator), outer_(evaluator.out_) { evaluator_.out_ = &text_; }
  ~Capture() { evaluator_.out_ = outer_; }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  std::string take() { return std::move(text_); }

 private:
  Evaluator& evaluator_;
  std::string* outer_;
  std::string text_;
};

}  // namespace sitrep::templating
