#pragma once

#include <memory>
#include <ostream>
#include <string_view>

namespace sitrep::cli {

/// Text that is gathered before it goes anywhere, in constant memory: what outgrows a megabyte waits in a file without
/// a name. A disk that is full makes the stream bad, and view() says why.
class Spool : public std::ostream {
 public:
  Spool();
  ~Spool() override;

  /// All of it; good until more is written. Error{store}: there was no room for it.
  std::string_view view();

 private:
  class Buffer;
  std::unique_ptr<Buffer> buffer_;
};

}  // namespace sitrep::cli
