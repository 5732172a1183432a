#include "cli/spool.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <streambuf>
#include <string>

#include "base/error.hpp"

namespace sitrep::cli {
namespace {

constexpr std::size_t k_in_memory = std::size_t{1} << 20;

}  // namespace

class Spool::Buffer : public std::streambuf {
 public:
  ~Buffer() override {
    unmap();
    if (file_ >= 0) ::close(file_);
  }

  std::string_view view() {
    if (file_ < 0 && error_ == 0) return text_;
    spill();
    if (error_ != 0)
      sitrep::fail(ErrorKind::store, "cannot keep the output until it is whole: {}", std::strerror(error_));
    unmap();
    map_ = ::mmap(nullptr, in_file_, PROT_READ, MAP_PRIVATE, file_, 0);
    if (map_ == MAP_FAILED) {
      map_ = nullptr;
      sitrep::fail(ErrorKind::store, "cannot read back the output: {}", std::strerror(errno));
    }
    mapped_ = in_file_;
    return {static_cast<const char*>(map_), mapped_};
  }

 protected:
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const char byte = traits_type::to_char_type(c);
    return xsputn(&byte, 1) == 1 ? c : traits_type::eof();
  }

  std::streamsize xsputn(const char* text, std::streamsize n) override {
    text_.append(text, static_cast<std::size_t>(n));
    if (text_.size() > k_in_memory) spill();
    return error_ == 0 ? n : 0;
  }

 private:
  void spill() {
    if (file_ < 0 && error_ == 0) open();
    std::string_view rest = text_;
    while (!rest.empty() && error_ == 0) {
      const auto n = ::write(file_, rest.data(), rest.size());
      if (n > 0) {
        rest.remove_prefix(static_cast<std::size_t>(n));
        in_file_ += static_cast<std::size_t>(n);
      } else if (n == 0 || errno != EINTR) {
        error_ = n == 0 ? ENOSPC : errno;
      }
    }
    text_.clear();
  }

  void open() {
    auto name = (std::filesystem::temp_directory_path() / "sitrep-XXXXXX").native();
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0)
      error_ = errno;
    else
      ::unlink(name.c_str());
  }

  void unmap() {
    if (map_ != nullptr) ::munmap(map_, mapped_);
    map_ = nullptr;
  }

  std::string text_;  // what is not in the file
  int file_ = -1;
  int error_ = 0;
  std::size_t in_file_ = 0, mapped_ = 0;
  void* map_ = nullptr;
};

Spool::Spool() : std::ostream(nullptr), buffer_(std::make_unique<Buffer>()) { rdbuf(buffer_.get()); }
Spool::~Spool() = default;

std::string_view Spool::view() { return buffer_->view(); }

}  // namespace sitrep::cli
