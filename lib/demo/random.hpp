#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sitrep::demo {

/// A seeded generator with its own distributions: those of <random> differ between standard libraries, and the sample
/// organisation must not.
/// Source  xoshiro256** by Blackman and Vigna (2018), seeded by splitmix64.
class Random {
 public:
  /// `stream` names an independent sequence of the seed, so that one domain's change leaves the others as they were.
  Random(std::uint64_t seed, std::string_view stream);

  std::uint64_t next();
  double uniform();                                         ///< [0, 1), 53 bits
  std::int64_t whole(std::int64_t low, std::int64_t high);  ///< both ends included
  double real(double low, double high);
  bool chance(double probability);
  double normal();                                ///< mean 0, standard deviation 1
  double lognormal(double median, double sigma);  ///< sigma of the logarithm
  int poisson(double mean);                       ///< for means up to a few dozen
  std::size_t weighted(std::span<const double> weights);

  template <class List>
  const auto& pick(const List& list) {
    return list[static_cast<std::size_t>(whole(0, static_cast<std::int64_t>(std::size(list)) - 1))];
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace sitrep::demo
