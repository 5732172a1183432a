#pragma once

#include "base/time.hpp"

namespace sitrep {

/// Where "now" and waiting come from, so that a test or --now can replace both.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixTime now() const = 0;
};

class SystemClock final : public Clock {
 public:
  UnixTime now() const override;
};

/// A clock that stands still: --now, and tests.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(UnixTime now) : now_(now) {}
  UnixTime now() const override { return now_; }
  void set(UnixTime now) { now_ = now; }

 private:
  UnixTime now_;
};

}  // namespace sitrep
