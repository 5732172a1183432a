#include "base/error.hpp"

namespace sitrep {

int exit_code(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::usage:
      return 2;
    case ErrorKind::config:
      return 3;
    case ErrorKind::network:
      return 4;
    case ErrorKind::store:
      return 5;
    case ErrorKind::data:
      return 6;
    case ErrorKind::user_code:
      return 7;
    case ErrorKind::unknown_outcome:
      return 8;
    case ErrorKind::credentials:
      return 9;
    case ErrorKind::bug:
      return 70;
  }
  return 70;
}

const char* name(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::config:
      return "config";
    case ErrorKind::network:
      return "network";
    case ErrorKind::store:
      return "store";
    case ErrorKind::data:
      return "data";
    case ErrorKind::user_code:
      return "user_code";
    case ErrorKind::unknown_outcome:
      return "unknown_outcome";
    case ErrorKind::credentials:
      return "credentials";
    case ErrorKind::bug:
      return "bug";
  }
  return "bug";
}

}  // namespace sitrep
