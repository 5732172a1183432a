#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::http {

/// Decodes a body as it arrives: Content-Encoding of gzip (RFC 1952, several members too) and deflate (RFC 1950, or the
/// bare RFC 1951 that some servers send), at most two layers. Stricter than libcurl, which takes a cut stream for a
/// whole one: the stream must end, its checksum must agree, and nothing may follow it.
///
/// Errors  TransportError{protocol or limit} that gives the reason alone; the caller adds the URL.
class ContentDecoder {
 public:
  /// `content_encoding`: the header's value, "" for none. `max_bytes` bounds what each layer may give.
  ContentDecoder(std::string_view content_encoding, std::size_t max_bytes);
  ~ContentDecoder();
  ContentDecoder(ContentDecoder&&) noexcept;
  ContentDecoder& operator=(ContentDecoder&&) noexcept;

  /// Appends what `bytes` decode to.
  void feed(std::string_view bytes, std::string& out);
  /// The body has ended. An answer without a single byte is fine whatever its coding (304, HEAD).
  void finish() const;
  bool is_identity() const { return layers_.empty(); }

 private:
  class Layer;
  void feed_layer(std::size_t index, std::string_view bytes, std::string& out);

  std::size_t max_bytes_;
  std::vector<std::unique_ptr<Layer>> layers_;  // the outermost coding first
};

}  // namespace sitrep::http
