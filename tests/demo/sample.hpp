#pragma once

#include "demo/organisation.hpp"

namespace sitrep::demo {

/// 2026-11-16T16:00:00Z, a Monday morning on the coast.
constexpr UnixTime k_test_now = unix_time(1'794'844'800);

/// The organisation most cases look at: made once.
inline const Organisation& sample() {
  static const Organisation k_organisation = make_organisation(k_default_seed, k_test_now);
  return k_organisation;
}

}  // namespace sitrep::demo
