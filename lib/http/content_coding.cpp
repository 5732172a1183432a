#include "http/content_coding.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/http.hpp"

namespace sitrep::http {
namespace {

constexpr std::size_t k_chunk_bytes = std::size_t{64} << 10;
constexpr int k_max_layers = 2;
constexpr int k_gzip_window = 15 + 16;  // zlib.h, inflateInit2: 16 asks for the gzip wrapper and its CRC
constexpr int k_zlib_window = 15;
constexpr int k_raw_window = -15;

template <class... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) {
  throw TransportError(Fault::protocol, fmt::format(format, std::forward<Args>(args)...));
}

[[noreturn]] void refuse_size(std::size_t max_bytes) {
  throw TransportError(Fault::limit,
                       fmt::format("the body is larger than {} bytes when decoded; raise max_bytes if that "
                                   "is expected",
                                   group_thousands(static_cast<std::int64_t>(max_bytes))));
}

/// RFC 1950, 2.2: method 8 and a header that is a multiple of 31.
bool has_zlib_header(unsigned first, unsigned second) { return (first & 15) == 8 && (first * 256 + second) % 31 == 0; }

}  // namespace

class ContentDecoder::Layer {
 public:
  enum class Coding { gzip, deflate };
  explicit Layer(Coding coding) : coding_(coding) {}
  ~Layer() {
    if (started_) inflateEnd(&stream_);
  }
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  /// Calls sink(decoded) for every chunk.
  template <class Sink>
  void feed(std::string_view bytes, const Sink& sink) {
    if (bytes.empty()) return;
    seen_ = true;
    if (!started_) {
      head_ += bytes;
      if (coding_ == Coding::deflate && head_.size() < 2) return;
      start();
      inflate_all(std::exchange(head_, {}), sink);
    } else {
      inflate_all(bytes, sink);
    }
  }

  void finish() const {
    if (seen_ && !ended_) refuse("the {} stream is cut short", name());
  }

  std::size_t given = 0;  ///< decoded bytes so far

 private:
  const char* name() const { return coding_ == Coding::gzip ? "gzip" : "deflate"; }

  void start() {
    int window = k_gzip_window;
    if (coding_ == Coding::deflate) {
      const auto byte = [this](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(head_[i])); };
      window = has_zlib_header(byte(0), byte(1)) ? k_zlib_window : k_raw_window;
    }
    if (inflateInit2(&stream_, window) != Z_OK) throw std::bad_alloc();
    started_ = true;
  }

  /// `view` may point into a temporary string: it is used up before this returns.
  template <class Sink>
  void inflate_all(std::string_view view, const Sink& sink) {
    std::string input(view);  // zlib wants mutable input
    stream_.next_in = reinterpret_cast<Bytef*>(input.data());
    stream_.avail_in = static_cast<uInt>(input.size());
    std::array<char, k_chunk_bytes> chunk;
    do {
      if (ended_ && !start_next_member()) return;
      stream_.next_out = reinterpret_cast<Bytef*>(chunk.data());
      stream_.avail_out = static_cast<uInt>(chunk.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_MEM_ERROR) throw std::bad_alloc();
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        refuse("the body is not valid {}: {}", name(), stream_.msg != nullptr ? stream_.msg : "bad data");
      }
      ended_ = code == Z_STREAM_END;
      const auto count = chunk.size() - stream_.avail_out;
      given += count;
      sink(std::string_view(chunk.data(), count));
    } while (stream_.avail_in > 0 || stream_.avail_out == 0);
  }

  /// More input after the end of a stream: another gzip member, or an error. False: there is no more input.
  bool start_next_member() {
    if (stream_.avail_in == 0) return false;
    if (coding_ != Coding::gzip || *stream_.next_in != 0x1f) refuse("bytes follow the end of the {} stream", name());
    ended_ = false;
    return inflateReset(&stream_) == Z_OK;
  }

  Coding coding_;
  z_stream stream_{};
  std::string head_;  // input held back until the wrapper is known
  bool started_ = false;
  bool seen_ = false;
  bool ended_ = false;
};

ContentDecoder::ContentDecoder(std::string_view content_encoding, std::size_t max_bytes) : max_bytes_(max_bytes) {
  for (const auto part : split_views(content_encoding, ',')) {
    const auto coding = lower_ascii(trim_view(part));
    if (coding.empty() || coding == "identity") continue;
    if (coding == "gzip" || coding == "x-gzip") {
      layers_.push_back(std::make_unique<Layer>(Layer::Coding::gzip));
    } else if (coding == "deflate") {
      layers_.push_back(std::make_unique<Layer>(Layer::Coding::deflate));
    } else {
      refuse("the body has content coding '{}', which was not asked for", visible(coding.substr(0, 40)));
    }
  }
  if (layers_.size() > k_max_layers) refuse("the body is compressed {} times over", layers_.size());
  std::ranges::reverse(layers_);  // RFC 9110, 8.4: listed in the order they were applied
}

ContentDecoder::~ContentDecoder() = default;
ContentDecoder::ContentDecoder(ContentDecoder&&) noexcept = default;
ContentDecoder& ContentDecoder::operator=(ContentDecoder&&) noexcept = default;

void ContentDecoder::feed(std::string_view bytes, std::string& out) { feed_layer(0, bytes, out); }

void ContentDecoder::feed_layer(std::size_t index, std::string_view bytes, std::string& out) {
  if (index == layers_.size()) {
    if (bytes.size() > max_bytes_ - std::min(max_bytes_, out.size())) refuse_size(max_bytes_);
    out += bytes;
    return;
  }
  layers_[index]->feed(bytes, [&](std::string_view decoded) {
    if (layers_[index]->given > max_bytes_) refuse_size(max_bytes_);
    feed_layer(index + 1, decoded, out);
  });
}

void ContentDecoder::finish() const {
  for (const auto& layer : layers_) layer->finish();
}

}  // namespace sitrep::http
