#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace date {
class time_zone;
}

namespace sitrep {

/// An IANA time zone, or a fixed offset such as "+02:00". Cheap to copy.
class Zone {
 public:
  /// UTC.
  Zone();
  /// Error{config} when the name is neither in the system's tzdata nor an offset.
  static Zone load(std::string_view name);

  const std::string& name() const { return name_; }
  /// "PST", "CET", "UTC" or "+02:00" at that moment.
  std::string abbreviation(UnixTime t) const;

  std::chrono::local_seconds to_local(UnixTime t) const;
  /// The moment of a local reading. A reading that the zone skips (spring) is the moment of the jump; one that it has
  /// twice (autumn) is the first.
  UnixTime to_utc(std::chrono::local_seconds local) const;
  /// False for readings in a gap: such a time never was on a clock there.
  bool exists(std::chrono::local_seconds local) const;

  Date date_of(UnixTime t) const;
  /// The first moment of that day here.
  UnixTime start_of(Date day) const;

 private:
  std::string name_ = "UTC";
  const date::time_zone* zone_ = nullptr;  // null: the fixed offset; tzdata's entries live as long as the process
  Seconds offset_{0};
};

}  // namespace sitrep
