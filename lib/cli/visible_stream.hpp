#pragma once

#include <ostream>
#include <streambuf>
#include <string>

namespace sitrep::cli {

/// A stream that shows what would steer a terminal (control bytes, C1, bidi overrides, bytes that are no text) as
/// escapes that JSON reads as the same text, and writes the rest as it is; lines and tabs stay. For what programs read,
/// when a terminal gets it.
class VisibleStream : public std::ostream {
 public:
  /// What `to` throws when it cannot be written comes through.
  explicit VisibleStream(std::ostream& to) : std::ostream(&buffer_), buffer_(to) { exceptions(std::ios::badbit); }
  ~VisibleStream() override;
  VisibleStream(const VisibleStream&) = delete;
  VisibleStream& operator=(const VisibleStream&) = delete;

 private:
  class Buffer : public std::streambuf {
   public:
    explicit Buffer(std::ostream& to) : to_(to) {}

   protected:
    int_type overflow(int_type byte) override;
    std::streamsize xsputn(const char* bytes, std::streamsize count) override;
    int sync() override;

   private:
    void write(bool all);
    std::ostream& to_;
    std::string waiting_;  // until a character is whole
  };
  Buffer buffer_;
};

}  // namespace sitrep::cli
