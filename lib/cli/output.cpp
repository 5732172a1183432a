#include "cli/output.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sitrep::cli {

OutputStream::Buffer::Buffer(int descriptor, Failures failures) : descriptor_(descriptor), failures_(failures) {
  setp(bytes_.data(), bytes_.data() + bytes_.size());
}

void OutputStream::Buffer::drain() {
  const char* at = pbase();
  const char* const end = pptr();
  setp(bytes_.data(), bytes_.data() + bytes_.size());  // first: a failed write is not tried again
  while (at < end) {
    const auto written = ::write(descriptor_, at, static_cast<std::size_t>(end - at));
    if (written >= 0) {
      at += written;
      continue;
    }
    if (errno == EINTR) continue;
    if (failures_ == Failures::ignored) return;
    if (errno == EPIPE) throw ClosedPipe();
    sitrep::fail(ErrorKind::store, "standard output: {}", std::generic_category().message(errno));
  }
}

OutputStream::Buffer::int_type OutputStream::Buffer::overflow(int_type c) {
  drain();
  if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

int OutputStream::Buffer::sync() {
  drain();
  return 0;
}

OutputStream::OutputStream(int descriptor, Failures failures) : std::ostream(nullptr), buffer_(descriptor, failures) {
  rdbuf(&buffer_);
  exceptions(std::ios::badbit);  // lets what drain() throws through
  if (failures == Failures::ignored) setf(std::ios::unitbuf);
}

OutputStream::~OutputStream() {
  exceptions(std::ios::goodbit);
  flush();
}

}  // namespace sitrep::cli
