#include "http/retry.hpp"

#include <algorithm>

#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep::http {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t k_max_wait_s = std::int64_t{1} << 40;  // 35,000 years: safe to add to any clock in milliseconds

}  // namespace

milliseconds retry_delay(int attempt, milliseconds base, milliseconds cap, std::optional<milliseconds> retry_after) {
  auto own = base;
  for (int i = 1; i < attempt && own < cap; ++i) own *= 2;
  own = std::min(own, cap);
  return retry_after ? std::max(own, *retry_after) : own;
}

std::optional<milliseconds> parse_retry_after(std::string_view value, std::optional<UnixTime> server_now,
                                              UnixTime now) {
  value = trim_view(value);
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    const auto seconds = parse_integer(value).value_or(k_max_wait_s);
    return Seconds{std::min(seconds, k_max_wait_s)};
  }
  const auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  const auto wait = *date - server_now.value_or(now);
  if (wait <= Seconds{0}) return std::nullopt;
  return wait;
}

}  // namespace sitrep::http
