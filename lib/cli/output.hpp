#pragma once

#include <array>
#include <ostream>
#include <streambuf>

#include "base/error.hpp"

namespace sitrep::cli {

/// The reader of standard output went away (`sitrep query … | head`): the run ends quietly with 0.
class ClosedPipe : public Error {
 public:
  ClosedPipe() : Error(ErrorKind::store, "standard output was closed") {}
};

/// A stream over a file descriptor that reports what could not be written: ClosedPipe, or Error{store} with the
/// system's reason, thrown from the insertion or flush that met it. SIGPIPE must be ignored. The descriptor is
/// borrowed.
class OutputStream : public std::ostream {
 public:
  /// Failures::ignored: for standard error, whose loss must not stop the work.
  enum class Failures { thrown, ignored };
  explicit OutputStream(int descriptor, Failures failures = Failures::thrown);
  ~OutputStream() override;

 private:
  class Buffer final : public std::streambuf {
   public:
    Buffer(int descriptor, Failures failures);
    ~Buffer() override = default;

   protected:
    int_type overflow(int_type c) override;
    int sync() override;

   private:
    void drain();
    int descriptor_;
    Failures failures_;
    std::array<char, 16384> bytes_;
  };
  Buffer buffer_;
};

}  // namespace sitrep::cli
