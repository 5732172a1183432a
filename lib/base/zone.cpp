#include "base/zone.hpp"

#include <date/tz.h>

#include "base/error.hpp"
#include "base/text.hpp"

namespace sitrep {
namespace {

date::local_seconds to_date(std::chrono::local_seconds t) { return date::local_seconds{t.time_since_epoch()}; }

}  // namespace

Zone::Zone() = default;

Zone Zone::load(std::string_view name) {
  Zone zone;
  zone.name_ = std::string(name);
  if (name == "UTC" || name == "Z") return zone;
  if (!name.empty() && (name.front() == '+' || name.front() == '-')) {
    const auto written = parse_time("2000-01-01T00:00:00" + std::string(name));
    if (!written || !written->offset)
      fail(ErrorKind::config, "'{}' is not an offset; write it as +02:00", visible(name));
    zone.offset_ = *written->offset;
    return zone;
  }
  try {
    zone.zone_ = date::locate_zone(std::string(name));
  } catch (const std::exception&) {
    fail(ErrorKind::config, "'{}' is not a time zone of this system's tzdata; use a name such as Europe/Berlin",
         visible(name));
  }
  return zone;
}

std::string Zone::abbreviation(UnixTime t) const { return zone_ ? zone_->get_info(t).abbrev : name_; }

std::chrono::local_seconds Zone::to_local(UnixTime t) const {
  const auto offset = zone_ ? zone_->get_info(t).offset : offset_;
  return std::chrono::local_seconds{(t + offset).time_since_epoch()};
}

UnixTime Zone::to_utc(std::chrono::local_seconds local) const {
  const UnixTime as_utc{local.time_since_epoch()};
  if (!zone_) return as_utc - offset_;
  const auto info = zone_->get_info(to_date(local));
  if (info.result == date::local_info::nonexistent) return info.first.end;
  return as_utc - info.first.offset;
}

bool Zone::exists(std::chrono::local_seconds local) const {
  return !zone_ || zone_->get_info(to_date(local)).result != date::local_info::nonexistent;
}

Date Zone::date_of(UnixTime t) const {
  return Date{std::chrono::floor<std::chrono::days>(to_local(t)).time_since_epoch()};
}

UnixTime Zone::start_of(Date day) const { return to_utc(std::chrono::local_seconds{day.time_since_epoch()}); }

}  // namespace sitrep
