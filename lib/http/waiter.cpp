#include "http/waiter.hpp"

#include <thread>

namespace sitrep::http {

SteadyTime SystemWaiter::now() const { return std::chrono::steady_clock::now(); }

void SystemWaiter::wait(std::chrono::milliseconds duration) { std::this_thread::sleep_for(duration); }

}  // namespace sitrep::http
