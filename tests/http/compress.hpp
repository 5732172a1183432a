#pragma once

#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace sitrep::test {

enum class Wrapper { gzip, zlib, raw };

/// `text` as a server would compress it.
inline std::string compress(std::string_view text, Wrapper wrapper) {
  z_stream stream{};
  const int window = wrapper == Wrapper::gzip ? 31 : wrapper == Wrapper::zlib ? 15 : -15;
  if (deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string input(text);
  std::string out(deflateBound(&stream, static_cast<uLong>(input.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::runtime_error("deflate failed");
  return out;
}

}  // namespace sitrep::test
