#include "base/clock.hpp"

namespace sitrep {

UnixTime SystemClock::now() const { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

}  // namespace sitrep
